-- What waits for a person.

CREATE VIEW analytics.possible_duplicate AS
SELECT DISTINCT ON (d.deal_id, o.deal_id)
    d.deal_id,
    d.headline,
    o.deal_id AS other_deal_id,
    o.headline AS other_headline,
    x.score,
    x.reasons,
    x.mention_id,
    x.decided_at
FROM deal.mention_decision AS x
JOIN deal.mention AS m ON m.mention_id = x.mention_id AND m.superseded_at IS NULL AND m.resolution IN ('new', 'match')
JOIN deal.deal AS g ON g.deal_id = m.deal_id
JOIN deal.deal AS d ON d.deal_id = coalesce(g.merged_into, g.deal_id)
JOIN deal.deal AS p ON p.deal_id = x.deal_id
JOIN deal.deal AS o ON o.deal_id = coalesce(p.merged_into, p.deal_id)
WHERE x.verdict = 'review' AND d.deal_id <> o.deal_id
ORDER BY d.deal_id, o.deal_id, x.score DESC, x.mention_id;

COMMENT ON VIEW analytics.possible_duplicate IS 'Pairs of deals that may be one, for a person to decide: nothing merges them by itself. One row a pair.';
COMMENT ON COLUMN analytics.possible_duplicate.deal_id IS 'The later deal. Example: 17.';
COMMENT ON COLUMN analytics.possible_duplicate.headline IS 'That deal in a line. Example: "Blue Cloud sells computing to Red Lab".';
COMMENT ON COLUMN analytics.possible_duplicate.other_deal_id IS 'The earlier deal. Example: 12.';
COMMENT ON COLUMN analytics.possible_duplicate.other_headline IS 'That deal in a line. Example: "Red Lab rents from Blue Cloud".';
COMMENT ON COLUMN analytics.possible_duplicate.score IS 'How alike they are, in log-odds: from -1 to 1 it is a doubt. Example: 0.4.';
COMMENT ON COLUMN analytics.possible_duplicate.reasons IS 'What speaks for and against, each with its share. Example: {"amount_equal": 1.8}.';
COMMENT ON COLUMN analytics.possible_duplicate.mention_id IS 'The report of the later deal that was compared; a split of it from the other deal says that they are two. Example: 3300.';
COMMENT ON COLUMN analytics.possible_duplicate.decided_at IS 'When the doubt was noted. Example: 2026-03-01 12:06+00.';

CREATE VIEW analytics.currency_without_rate AS
SELECT d.currency, count(*) AS deals, min(d.first_reported_at) AS first_reported_at, max(d.first_reported_at) AS last_reported_at
FROM deal.deal AS d
WHERE d.merged_into IS NULL AND d.amount IS NOT NULL AND d.amount_usd IS NULL
GROUP BY d.currency;

COMMENT ON VIEW analytics.currency_without_rate IS 'Currencies of deals whose amount has no dollars, because there is no exchange rate for the day. One row a currency.';
COMMENT ON COLUMN analytics.currency_without_rate.currency IS 'ISO 4217 code. Example: TWD.';
COMMENT ON COLUMN analytics.currency_without_rate.deals IS 'How many deals have an amount in it and no dollars. Example: 2.';
COMMENT ON COLUMN analytics.currency_without_rate.first_reported_at IS 'When the first of them was first reported. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.currency_without_rate.last_reported_at IS 'When the newest of them was first reported. Example: 2026-03-09 12:00+00.';

CREATE VIEW analytics.deal_party_conflict AS
WITH said AS (
    SELECT coalesce(d.merged_into, d.deal_id) AS deal_id, m.mention_id, m.article_id,
        array_agg(DISTINCT coalesce(k.parent_id, k.organisation_id)) AS families,
        string_agg(DISTINCT k.name || ' (' || p.role || ')', ', ' ORDER BY k.name || ' (' || p.role || ')') AS shown
    FROM deal.mention AS m
    JOIN deal.deal AS d USING (deal_id)
    JOIN deal.mention_party AS p ON p.mention_id = m.mention_id
    JOIN deal.organisation AS o ON o.organisation_id = p.organisation_id
    JOIN deal.organisation AS k ON k.organisation_id = coalesce(o.merged_into, o.organisation_id)
    WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match') AND m.salience = 'primary'
        AND NOT EXISTS (SELECT FROM news.article AS r WHERE r.article_id = m.article_id AND r.retracted_at IS NOT NULL)
    GROUP BY coalesce(d.merged_into, d.deal_id), m.mention_id, m.article_id
), fullest AS ( -- naming fewer parties is no contradiction
    SELECT s.deal_id, s.families, min(s.shown) AS shown
    FROM said AS s
    WHERE NOT EXISTS (SELECT FROM said AS t
        WHERE t.deal_id = s.deal_id AND t.families @> s.families AND NOT s.families @> t.families)
    GROUP BY s.deal_id, s.families
)
SELECT f.deal_id, f.shown AS parties, count(DISTINCT coalesce(a.story_id, -a.article_id)) AS stories,
    bool_or(a.official) AS official, min(coalesce(a.published_at, a.first_seen_at)) AS first_said_at,
    max(coalesce(a.published_at, a.first_seen_at)) AS last_said_at,
    array_agg(DISTINCT a.publisher ORDER BY a.publisher) AS publishers
FROM fullest AS f
JOIN said AS s ON s.deal_id = f.deal_id AND f.families @> s.families
JOIN news.article AS a ON a.article_id = s.article_id
WHERE EXISTS (SELECT FROM fullest AS g WHERE g.deal_id = f.deal_id AND g.families <> f.families)
GROUP BY f.deal_id, f.families, f.shown;

COMMENT ON VIEW analytics.deal_party_conflict IS 'Deals of which sources name different parties: one row a deal and claim. A report that names fewer counts with each claim that contains its own; a unit and its parent are one.';
COMMENT ON COLUMN analytics.deal_party_conflict.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_party_conflict.parties IS 'The parties as this claim has them. Example: "Amazon Web Services (provider), OpenAI (customer)".';
COMMENT ON COLUMN analytics.deal_party_conflict.stories IS 'How many independent stories say so. Example: 2.';
COMMENT ON COLUMN analytics.deal_party_conflict.official IS 'Whether an official source says so. Example: false.';
COMMENT ON COLUMN analytics.deal_party_conflict.first_said_at IS 'When it was first said. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal_party_conflict.last_said_at IS 'When it was last said. Example: 2026-03-02 12:00+00.';
COMMENT ON COLUMN analytics.deal_party_conflict.publishers IS 'Who says so. Example: {"Harbor Gazette"}.';
