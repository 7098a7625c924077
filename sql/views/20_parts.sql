-- The parts of deals: parties, quantities, sources, evidence, conflicts; and organisations.

CREATE VIEW analytics.organisation AS
SELECT
    o.organisation_id,
    o.name,
    o.type,
    o.parent_id,
    p.name AS parent_name,
    o.country,
    o.ticker,
    o.provisional,
    ARRAY(SELECT a.alias FROM deal.organisation_alias AS a WHERE a.organisation_id = o.organisation_id ORDER BY a.alias) AS aliases,
    coalesce(n.deals, 0) AS deals
FROM deal.organisation AS o
LEFT JOIN deal.organisation AS p ON p.organisation_id = o.parent_id
LEFT JOIN (
    SELECT t.organisation_id, count(*) AS deals
    FROM (SELECT DISTINCT dp.organisation_id, dp.deal_id FROM deal.deal_party AS dp) AS t
    WHERE NOT EXISTS (SELECT FROM deal.deal AS d WHERE d.deal_id = t.deal_id AND d.merged_into IS NOT NULL)
    GROUP BY t.organisation_id
) AS n ON n.organisation_id = o.organisation_id;

COMMENT ON VIEW analytics.organisation IS 'Companies, agencies and other parties, one row an identity.';
COMMENT ON COLUMN analytics.organisation.organisation_id IS 'The identity. Those that start with "x:" were met in a text and are in no gazetteer. Example: openai.';
COMMENT ON COLUMN analytics.organisation.name IS 'The English trade name. Example: OpenAI.';
COMMENT ON COLUMN analytics.organisation.type IS 'What it is, as the gazetteer says; unknown for those met in a text. Example: lab.';
COMMENT ON COLUMN analytics.organisation.parent_id IS 'The organisation it belongs to. Example: alphabet.';
COMMENT ON COLUMN analytics.organisation.parent_name IS 'That one''s name. Example: Alphabet.';
COMMENT ON COLUMN analytics.organisation.country IS 'ISO 3166 code of its seat. Example: US.';
COMMENT ON COLUMN analytics.organisation.ticker IS 'Its ticker symbol where it is listed. Example: NVDA.';
COMMENT ON COLUMN analytics.organisation.provisional IS 'Whether it was met in a text and nobody has confirmed it. Example: false.';
COMMENT ON COLUMN analytics.organisation.aliases IS 'Other names it goes by. Example: {Open AI}.';
COMMENT ON COLUMN analytics.organisation.deals IS 'In how many deals it is a party. Example: 14.';

CREATE VIEW analytics.deal_party AS
SELECT p.deal_id, p.organisation_id, o.name, p.role, o.type, o.country, coalesce(o.parent_id, o.organisation_id) AS group_id,
    coalesce(g.name, o.name) AS group_name
FROM deal.deal_party AS p
JOIN deal.deal AS d ON d.deal_id = p.deal_id AND d.merged_into IS NULL
JOIN deal.organisation AS o ON o.organisation_id = p.organisation_id
LEFT JOIN deal.organisation AS g ON g.organisation_id = o.parent_id;

COMMENT ON VIEW analytics.deal_party IS 'Who is in a deal, and as what: one row a deal, organisation and role.';
COMMENT ON COLUMN analytics.deal_party.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_party.organisation_id IS 'The party. Example: openai.';
COMMENT ON COLUMN analytics.deal_party.name IS 'Its name. Example: OpenAI.';
COMMENT ON COLUMN analytics.deal_party.role IS 'provider, customer, developer, investor, investee, acquirer, target, seller, lender, borrower or partner. Example: customer.';
COMMENT ON COLUMN analytics.deal_party.type IS 'What it is. Example: lab.';
COMMENT ON COLUMN analytics.deal_party.country IS 'ISO 3166 code of its seat. Example: US.';
COMMENT ON COLUMN analytics.deal_party.group_id IS 'The parent where there is one, else the party itself: what to group by. Example: alphabet.';
COMMENT ON COLUMN analytics.deal_party.group_name IS 'That one''s name. Example: Alphabet.';

CREATE VIEW analytics.deal_capacity AS
SELECT c.deal_id, c.ordinal, c.quantity, c.unit, c.qualifier, c.item,
    CASE c.unit WHEN 'GW' THEN c.quantity WHEN 'MW' THEN c.quantity / 1000 END AS gigawatts
FROM deal.deal_capacity AS c
JOIN deal.deal AS d ON d.deal_id = c.deal_id AND d.merged_into IS NULL;

COMMENT ON VIEW analytics.deal_capacity IS 'Quantities a deal is about: power, chips, servers.';
COMMENT ON COLUMN analytics.deal_capacity.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_capacity.ordinal IS 'Which of the deal''s quantities, from 0. Example: 0.';
COMMENT ON COLUMN analytics.deal_capacity.quantity IS 'The number; NULL where the text says only "hundreds of thousands". Example: 2.';
COMMENT ON COLUMN analytics.deal_capacity.unit IS 'GW, MW, GPU, CPU, chip, rack, server, MWh or TWh. Example: GW.';
COMMENT ON COLUMN analytics.deal_capacity.qualifier IS 'exact, approx, up_to or at_least. Example: up_to.';
COMMENT ON COLUMN analytics.deal_capacity.item IS 'Which product, where one is named. Example: GB300.';
COMMENT ON COLUMN analytics.deal_capacity.gigawatts IS 'The quantity in GW where the unit is one of power. Example: 2.';

CREATE VIEW analytics.deal_source AS
SELECT
    coalesce(d.merged_into, d.deal_id) AS deal_id,
    a.article_id,
    a.story_id,
    a.publisher,
    v.title,
    a.url,
    a.language,
    a.published_at,
    a.first_seen_at,
    a.official,
    m.mention_id,
    m.salience,
    m.status,
    m.amount,
    m.currency,
    m.amount_qualifier,
    m.confidence,
    row_number() OVER (PARTITION BY coalesce(d.merged_into, d.deal_id)
        ORDER BY coalesce(a.published_at, a.first_seen_at), m.mention_id) AS report_number
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
JOIN news.article AS a ON a.article_id = m.article_id
LEFT JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version -- left: not read for its keys
WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match') AND a.retracted_at IS NULL;

COMMENT ON VIEW analytics.deal_source IS 'Where each deal was reported: one row an article''s mention of it.';
COMMENT ON COLUMN analytics.deal_source.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_source.article_id IS 'The article. Example: 2041.';
COMMENT ON COLUMN analytics.deal_source.story_id IS 'Articles with the same text (wire copies) share a story. Example: 1800.';
COMMENT ON COLUMN analytics.deal_source.publisher IS 'Who published it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.deal_source.title IS 'The article''s title. Example: "Red Lab signs with Blue Cloud".';
COMMENT ON COLUMN analytics.deal_source.url IS 'Its address. Example: https://harbor-gazette.example/2026/red-lab.';
COMMENT ON COLUMN analytics.deal_source.language IS 'ISO 639-1 code of its language. Example: fr.';
COMMENT ON COLUMN analytics.deal_source.published_at IS 'When it says it was published; NULL where it does not. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal_source.first_seen_at IS 'When we first saw it. Example: 2026-03-01 12:05+00.';
COMMENT ON COLUMN analytics.deal_source.official IS 'Whether the publisher is a party, a regulator or a press-release wire. Example: false.';
COMMENT ON COLUMN analytics.deal_source.mention_id IS 'The mention; joins to analytics.deal_evidence. Example: 3300.';
COMMENT ON COLUMN analytics.deal_source.salience IS 'primary where the article is about the deal, background where it only recalls it. Example: primary.';
COMMENT ON COLUMN analytics.deal_source.status IS 'The status this article gives. Example: rumored.';
COMMENT ON COLUMN analytics.deal_source.amount IS 'The amount this article gives. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal_source.currency IS 'Its currency. Example: USD.';
COMMENT ON COLUMN analytics.deal_source.amount_qualifier IS 'exact, approx, up_to or at_least. Example: exact.';
COMMENT ON COLUMN analytics.deal_source.confidence IS 'Probability, 0 to 1, that the article was read rightly. Example: 0.9.';
COMMENT ON COLUMN analytics.deal_source.report_number IS '1 for the first report of the deal, and so on by time. Example: 1.';

CREATE VIEW analytics.deal_evidence AS
SELECT
    coalesce(d.merged_into, d.deal_id) AS deal_id,
    c.field,
    c.value,
    c.quote,
    c.start_offset,
    c.end_offset,
    c.probability,
    c.features,
    m.mention_id,
    m.article_id,
    a.publisher,
    v.title,
    a.url,
    a.language,
    a.published_at,
    a.official,
    m.extractor_version,
    m.extracted_at
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
JOIN deal.claim AS c ON c.mention_id = m.mention_id
JOIN news.article AS a ON a.article_id = m.article_id
LEFT JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version -- left: not read for its keys
WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match') AND a.retracted_at IS NULL;

COMMENT ON VIEW analytics.deal_evidence IS 'The proof: for every field of a deal the sentence parts that say so, with their place in the article.';
COMMENT ON COLUMN analytics.deal_evidence.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_evidence.field IS 'Which field: a column of analytics.deal, party:ROLE:NAME, or capacity:N. Example: amount.';
COMMENT ON COLUMN analytics.deal_evidence.value IS 'What was read. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal_evidence.quote IS 'The words that say so, as they stand in the article. Example: "38 milliards de dollars".';
COMMENT ON COLUMN analytics.deal_evidence.start_offset IS 'Where the words start, in characters of title, blank line, text. Example: 112.';
COMMENT ON COLUMN analytics.deal_evidence.end_offset IS 'Where they end. Example: 135.';
COMMENT ON COLUMN analytics.deal_evidence.probability IS 'Probability, 0 to 1, that the words mean this value. Example: 0.97.';
COMMENT ON COLUMN analytics.deal_evidence.features IS 'What decided, each with its share in log-odds. Example: {"same_sentence": 1.4}.';
COMMENT ON COLUMN analytics.deal_evidence.mention_id IS 'The mention it belongs to. Example: 3300.';
COMMENT ON COLUMN analytics.deal_evidence.article_id IS 'The article. Example: 2041.';
COMMENT ON COLUMN analytics.deal_evidence.publisher IS 'Who published it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.deal_evidence.title IS 'The article''s title. Example: "Red Lab signs with Blue Cloud".';
COMMENT ON COLUMN analytics.deal_evidence.url IS 'Its address. Example: https://harbor-gazette.example/2026/red-lab.';
COMMENT ON COLUMN analytics.deal_evidence.language IS 'ISO 639-1 code of its language. Example: fr.';
COMMENT ON COLUMN analytics.deal_evidence.published_at IS 'When it says it was published. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal_evidence.official IS 'Whether the publisher is a party, a regulator or a press-release wire. Example: false.';
COMMENT ON COLUMN analytics.deal_evidence.extractor_version IS 'Which version of the extractor read it. Example: 1.0.0.';
COMMENT ON COLUMN analytics.deal_evidence.extracted_at IS 'When it was read. Example: 2026-03-01 12:06+00.';

CREATE VIEW analytics.deal_conflict AS
WITH said AS NOT MATERIALIZED (
    SELECT coalesce(d.merged_into, d.deal_id) AS deal_id, m.article_id, m.kind, m.amount, m.currency, m.term_months, m.announced_on
    FROM deal.mention AS m
    JOIN deal.deal AS d USING (deal_id)
    WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match')
        AND NOT EXISTS (SELECT FROM news.article AS r WHERE r.article_id = m.article_id AND r.retracted_at IS NOT NULL)
), differing AS (
    SELECT s.deal_id,
        min(s.kind) <> max(s.kind) AS kind,
        min(s.amount) <> max(s.amount) OR min(s.currency) <> max(s.currency) AS amount,
        min(s.term_months) <> max(s.term_months) AS term_months,
        min(s.announced_on) <> max(s.announced_on) AS announced_on
    FROM said AS s
    GROUP BY s.deal_id
    HAVING min(s.kind) <> max(s.kind) OR min(s.amount) <> max(s.amount) OR min(s.currency) <> max(s.currency)
        OR min(s.term_months) <> max(s.term_months) OR min(s.announced_on) <> max(s.announced_on)
)
SELECT c.deal_id, f.field, f.value, count(DISTINCT coalesce(a.story_id, -a.article_id)) AS stories,
    bool_or(a.official) AS official, min(coalesce(a.published_at, a.first_seen_at)) AS first_said_at,
    max(coalesce(a.published_at, a.first_seen_at)) AS last_said_at,
    array_agg(DISTINCT a.publisher ORDER BY a.publisher) AS publishers
FROM differing AS c
JOIN said AS s ON s.deal_id = c.deal_id
JOIN news.article AS a ON a.article_id = s.article_id
CROSS JOIN LATERAL (VALUES
    ('kind', s.kind, c.kind),
    ('amount', trim_scale(s.amount) || ' ' || s.currency, c.amount),
    ('term_months', s.term_months::text, c.term_months),
    ('announced_on', s.announced_on::text, c.announced_on)
) AS f (field, value, differs)
WHERE f.differs AND f.value IS NOT NULL
GROUP BY c.deal_id, f.field, f.value;

COMMENT ON VIEW analytics.deal_conflict IS 'Fields of which sources say different things: one row a deal, field and value, only where there are two values or more.';
COMMENT ON COLUMN analytics.deal_conflict.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_conflict.field IS 'kind, amount, term_months or announced_on. Example: amount.';
COMMENT ON COLUMN analytics.deal_conflict.value IS 'One of the values. Example: "38000000000 USD".';
COMMENT ON COLUMN analytics.deal_conflict.stories IS 'How many independent stories say so. Example: 3.';
COMMENT ON COLUMN analytics.deal_conflict.official IS 'Whether an official source says so. Example: true.';
COMMENT ON COLUMN analytics.deal_conflict.first_said_at IS 'When it was first said. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal_conflict.last_said_at IS 'When it was last said. Example: 2026-03-02 12:00+00.';
COMMENT ON COLUMN analytics.deal_conflict.publishers IS 'Who says so. Example: {"Harbor Gazette"}.';
