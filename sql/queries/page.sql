-- The page inside the Airflow UI and its JSON API. Read only; every query answers within a page of rows.

-- name: page_deals
-- One page of deals under filters and one of six orders, from behind the last row of the page before, with parties and proof.
WITH exact_party AS (
    SELECT organisation_id FROM deal.organisation
    WHERE organisation_id = %(party)s OR lower(name) = lower(%(party)s)
    UNION
    SELECT organisation_id FROM deal.organisation_alias WHERE lower(alias) = lower(%(party)s)
), asked_party AS (
    SELECT organisation_id FROM exact_party
    UNION
    SELECT organisation_id FROM deal.organisation WHERE parent_id IN (SELECT organisation_id FROM exact_party)
    UNION
    SELECT organisation_id FROM deal.organisation
    WHERE NOT EXISTS (SELECT FROM exact_party) AND position(lower(%(party)s) IN lower(name)) > 0
), page AS (
    SELECT d.*
    FROM deal.deal AS d
    WHERE d.merged_into IS NULL
        AND (%(text)s::text IS NULL OR d.search @@ to_tsquery('simple', %(text)s))
        AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)
        AND (%(status)s::text IS NULL OR d.status = %(status)s)
        AND (%(min_usd)s::numeric IS NULL OR d.amount_usd >= %(min_usd)s)
        AND (%(since)s::date IS NULL OR d.first_reported_at >= %(since)s::date)
        AND (%(party)s::text IS NULL OR d.deal_id = ANY (ARRAY(
            SELECT p.deal_id FROM deal.deal_party AS p WHERE p.organisation_id IN (SELECT organisation_id FROM asked_party)
        )))
        AND (%(sort)s <> 'smallest' OR d.amount_usd IS NOT NULL)
        AND (%(after_id)s::bigint IS NULL OR CASE %(sort)s
            WHEN 'newest' THEN CASE
                WHEN %(after_at)s::timestamptz IS NULL THEN d.first_reported_at IS NOT NULL OR d.deal_id < %(after_id)s
                ELSE (d.first_reported_at, d.deal_id) < (%(after_at)s::timestamptz, %(after_id)s)
            END
            WHEN 'oldest' THEN CASE
                WHEN %(after_at)s::timestamptz IS NULL THEN d.first_reported_at IS NULL AND d.deal_id > %(after_id)s
                ELSE d.first_reported_at IS NULL
                    OR (d.first_reported_at, d.deal_id) > (%(after_at)s::timestamptz, %(after_id)s)
            END
            WHEN 'updated' THEN (d.updated_at, d.deal_id) < (%(after_at)s::timestamptz, %(after_id)s)
            WHEN 'largest' THEN CASE
                WHEN %(after_number)s::numeric IS NULL THEN d.amount_usd IS NULL AND d.deal_id < %(after_id)s
                ELSE d.amount_usd IS NULL OR (d.amount_usd, d.deal_id) < (%(after_number)s, %(after_id)s)
            END
            WHEN 'smallest' THEN (d.amount_usd, d.deal_id) > (%(after_number)s::numeric, %(after_id)s)
            ELSE (d.independent_source_count, d.deal_id) < (%(after_number)s, %(after_id)s)
        END)
    ORDER BY
        CASE %(sort)s WHEN 'newest' THEN d.first_reported_at WHEN 'updated' THEN d.updated_at END DESC,
        CASE %(sort)s WHEN 'oldest' THEN d.first_reported_at END,
        CASE %(sort)s WHEN 'largest' THEN d.amount_usd END DESC NULLS LAST,
        CASE %(sort)s WHEN 'smallest' THEN d.amount_usd END NULLS FIRST, -- the index read backwards; no NULL is left here
        CASE %(sort)s WHEN 'sources' THEN d.independent_source_count END DESC,
        CASE WHEN %(sort)s IN ('oldest', 'smallest') THEN d.deal_id END,
        CASE WHEN %(sort)s NOT IN ('oldest', 'smallest') THEN d.deal_id END DESC
    LIMIT %(limit)s
)
SELECT p.deal_id, p.version, p.kind, p.status, p.disputed, p.amount, p.amount_low, p.amount_high, p.amount_text,
    p.currency, p.amount_qualifier, p.amount_basis, p.amount_usd, p.usd_rate, p.usd_rate_on, p.valuation,
    p.valuation_currency, p.term_months, p.announced_on, p.first_reported_at, p.last_reported_at, p.updated_at,
    p.source_count, p.independent_source_count, p.officially_confirmed, p.confidence, p.needs_review, p.headline,
    party.parties, NOT EXISTS (
        SELECT FROM deal.mention AS m
        WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = p.deal_id OR r.merged_into = p.deal_id)
            AND m.salience = 'primary' AND m.superseded_at IS NULL
    ) AS recalled,
    proof.quote AS proof_quote, proof.context AS proof_context, proof.offset_in_context AS proof_offset,
    proof.publisher AS proof_publisher, proof.url AS proof_url, proof.language AS proof_language
FROM page AS p
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('organisation_id', o.organisation_id, 'name', o.name, 'role', dp.role)
        ORDER BY o.name), '[]') AS parties
    FROM deal.deal_party AS dp
    JOIN deal.organisation AS o USING (organisation_id)
    WHERE dp.deal_id = p.deal_id
) AS party
LEFT JOIN LATERAL (
    SELECT c.quote, a.publisher, a.url, a.language,
        least(c.start_offset, 300) AS offset_in_context,
        substr(v.title || E'\n\n' || v.text, greatest(c.start_offset - 300, 0) + 1, c.end_offset - c.start_offset + 600)
            AS context
    FROM deal.mention AS m
    JOIN news.article AS a USING (article_id)
    JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
    JOIN deal.claim AS c USING (mention_id)
    WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = p.deal_id OR r.merged_into = p.deal_id)
        AND m.resolution IN ('new', 'match') AND m.superseded_at IS NULL AND a.retracted_at IS NULL
        AND c.field IN ('amount', 'kind', 'status')
    ORDER BY c.field, (m.amount IS NOT DISTINCT FROM p.amount) DESC, (m.salience = 'primary') DESC,
        (c.start_offset > length(v.title)) DESC, (a.language = 'en') DESC NULLS LAST, a.official DESC, m.mention_id DESC
    LIMIT 1
) AS proof ON true
ORDER BY
    CASE %(sort)s WHEN 'newest' THEN p.first_reported_at WHEN 'updated' THEN p.updated_at END DESC,
    CASE %(sort)s WHEN 'oldest' THEN p.first_reported_at END,
    CASE %(sort)s WHEN 'largest' THEN p.amount_usd END DESC NULLS LAST,
    CASE %(sort)s WHEN 'smallest' THEN p.amount_usd END,
    CASE %(sort)s WHEN 'sources' THEN p.independent_source_count END DESC,
    CASE WHEN %(sort)s IN ('oldest', 'smallest') THEN p.deal_id END,
    CASE WHEN %(sort)s NOT IN ('oldest', 'smallest') THEN p.deal_id END DESC;

-- name: page_deals_count
-- How many deals the filters leave.
WITH exact_party AS (
    SELECT organisation_id FROM deal.organisation
    WHERE organisation_id = %(party)s OR lower(name) = lower(%(party)s)
    UNION
    SELECT organisation_id FROM deal.organisation_alias WHERE lower(alias) = lower(%(party)s)
), asked_party AS (
    SELECT organisation_id FROM exact_party
    UNION
    SELECT organisation_id FROM deal.organisation WHERE parent_id IN (SELECT organisation_id FROM exact_party)
    UNION
    SELECT organisation_id FROM deal.organisation
    WHERE NOT EXISTS (SELECT FROM exact_party) AND position(lower(%(party)s) IN lower(name)) > 0
)
SELECT count(*) AS deals
FROM deal.deal AS d
WHERE d.merged_into IS NULL
    AND (%(text)s::text IS NULL OR d.search @@ to_tsquery('simple', %(text)s))
    AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)
    AND (%(status)s::text IS NULL OR d.status = %(status)s)
    AND (%(min_usd)s::numeric IS NULL OR d.amount_usd >= %(min_usd)s)
    AND (%(since)s::date IS NULL OR d.first_reported_at >= %(since)s::date)
    AND (%(party)s::text IS NULL OR d.deal_id = ANY (ARRAY(
        SELECT p.deal_id FROM deal.deal_party AS p WHERE p.organisation_id IN (SELECT organisation_id FROM asked_party)
    )));

-- name: page_summary
-- What the head of the page says: news of deals since a time, their value kept apart by how firm it is, and what waits.
SELECT count(*) AS deals,
    sum(d.amount_usd) FILTER (WHERE d.amount_class = 'firm') AS firm_usd,
    sum(d.amount_usd) FILTER (WHERE d.amount_class = 'up_to') AS up_to_usd,
    sum(d.amount_usd) FILTER (WHERE d.amount_class = 'rumored') AS rumored_usd,
    count(*) FILTER (WHERE d.amount_class = 'firm') AS firm_deals,
    count(*) FILTER (WHERE d.amount_class = 'up_to') AS up_to_deals,
    count(*) FILTER (WHERE d.status = 'rumored') AS rumored_deals,
    (SELECT count(*) FROM deal.mention AS m WHERE m.resolution = 'review' AND m.superseded_at IS NULL) AS in_review,
    (SELECT max(f.last_polled_at) FROM news.feed AS f) AS polled_at,
    (SELECT count(*) FROM news.feed AS f WHERE f.active) AS feeds,
    (SELECT count(*) FROM news.feed AS f WHERE f.active AND f.failure_count > 0) AS failing_feeds
FROM analytics.deal AS d
WHERE d.first_reported_at >= %(since)s::timestamptz
    AND EXISTS (SELECT FROM deal.mention AS m
        WHERE m.deal_id = d.deal_id AND m.salience = 'primary' AND m.superseded_at IS NULL);

-- name: page_deal
-- One deal, and for one that was merged away the deal that it became.
SELECT d.*
FROM deal.deal AS d
WHERE d.deal_id = %(deal_id)s;

-- name: page_deal_parties
-- The parties of one deal.
SELECT o.organisation_id, o.name, o.type, o.country, o.ticker, o.provisional, parent.name AS parent, p.role
FROM deal.deal_party AS p
JOIN deal.organisation AS o USING (organisation_id)
LEFT JOIN deal.organisation AS parent ON parent.organisation_id = o.parent_id
WHERE p.deal_id = %(deal_id)s
ORDER BY p.role, o.name;

-- name: page_deal_capacity
-- What one deal is about, in gigawatts, chips and the like.
SELECT quantity, unit, qualifier, item
FROM deal.deal_capacity
WHERE deal_id = %(deal_id)s
ORDER BY ordinal;

-- name: page_deal_history
-- The versions of one deal, newest first, each with what caused it.
SELECT v.version, v.recorded_at, v.valid_at, v.cause, v.record, a.publisher, a.url, j.action, j.made_by, j.reason
FROM deal.deal_version AS v
LEFT JOIN deal.mention AS m USING (mention_id)
LEFT JOIN news.article AS a ON a.article_id = m.article_id
LEFT JOIN deal.judgement AS j USING (judgement_id)
WHERE v.deal_id = %(deal_id)s
ORDER BY v.version DESC
LIMIT 200;

-- name: page_deal_reports
-- What each article says of one deal, with the reasons for which it was taken for this deal.
SELECT m.mention_id, m.deal_id, m.salience, m.kind, m.status, m.amount, m.amount_low, m.amount_high, m.amount_text, m.currency,
    m.amount_qualifier, m.amount_basis, m.term_months, m.announced_on, m.confidence, m.extractor_version, m.extracted_at,
    a.article_id, a.url, a.publisher, a.official, a.language, a.published_at, a.first_seen_at, a.retracted_at, a.story_id,
    v.title, v.text_source, s.verdict, s.score, s.reasons
FROM deal.mention AS m
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
LEFT JOIN deal.mention_decision AS s ON s.mention_id = m.mention_id AND s.deal_id = m.deal_id
WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = %(deal_id)s OR r.merged_into = %(deal_id)s)
    AND m.resolution IN ('new', 'match') AND m.superseded_at IS NULL
ORDER BY coalesce(a.published_at, a.first_seen_at), m.mention_id
LIMIT 200;

-- name: page_deal_claims
-- Every claim behind one deal, with the text around its quote.
SELECT c.mention_id, c.field, c.value, c.quote, c.start_offset, c.probability,
    least(c.start_offset, 300) AS offset_in_context,
    substr(v.title || E'\n\n' || v.text, greatest(c.start_offset - 300, 0) + 1, c.end_offset - c.start_offset + 600)
        AS context
FROM deal.mention AS m
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
JOIN deal.claim AS c USING (mention_id)
WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = %(deal_id)s OR r.merged_into = %(deal_id)s)
    AND m.resolution IN ('new', 'match') AND m.superseded_at IS NULL
ORDER BY c.mention_id, c.ordinal
LIMIT 2000;

-- name: page_deal_absorbed
-- The deals that were merged into this one.
SELECT deal_id, headline FROM deal.deal WHERE merged_into = %(deal_id)s ORDER BY deal_id LIMIT 100;

-- name: page_feeds
-- All feeds with their health, those in trouble first.
SELECT f.feed_id, f.title, f.publisher, f.url, f.site_url, f.language, f.category, f.official, f.active, f.last_polled_at,
    f.last_ok_at, f.last_outcome, f.last_detail, f.failure_count, f.next_poll_at, f.gone_at, f.moved_url,
    coalesce(day.polls, 0) AS polls, coalesce(day.entries_new, 0) AS entries_new, day.elapsed_ms, coalesce(g.gaps, 0) AS gaps
FROM news.feed AS f
LEFT JOIN LATERAL (
    SELECT count(*) AS polls, sum(h.entries_new) AS entries_new,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY h.elapsed_ms) AS elapsed_ms
    FROM news.feed_fetch AS h
    WHERE h.feed_id = f.feed_id AND h.fetched_at >= %(since)s::timestamptz
) AS day ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS gaps
    FROM news.coverage_gap AS c
    WHERE c.feed_id = f.feed_id AND c.detected_at >= %(since)s::timestamptz - interval '6 days'
) AS g ON true
ORDER BY f.active DESC, (f.failure_count > 0) DESC, f.failure_count DESC, f.title
LIMIT 2000;

-- name: page_stages
-- What each stage did within a day, in the order of the pipeline.
SELECT s.stage, s.runs, s.last_ended_at, s.seconds, s.longest_seconds, s.counts
FROM analytics.stage_health AS s
ORDER BY array_position(ARRAY['poll', 'read', 'extract', 'resolve', 'select', 'send', 'maintain'], s.stage);

-- name: page_review
-- Reports that wait for a person, newest first, each with the deal that it might belong to.
SELECT m.mention_id, m.kind, m.status, m.amount, m.currency, m.amount_qualifier, m.amount_basis, m.confidence, m.salience,
    m.announced_on, a.publisher, a.official, a.url, a.language, a.published_at, v.title,
    party.parties, candidate.deal_id, candidate.headline, candidate.score, candidate.reasons,
    proof.quote AS proof_quote, proof.context AS proof_context, proof.offset_in_context AS proof_offset
FROM deal.mention AS m
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('organisation_id', p.organisation_id, 'name', p.name, 'role', p.role)
        ORDER BY p.name), '[]') AS parties
    FROM deal.mention_party AS p
    WHERE p.mention_id = m.mention_id
) AS party
LEFT JOIN LATERAL (
    SELECT s.deal_id, s.score, s.reasons, d.headline
    FROM deal.mention_decision AS s
    JOIN deal.deal AS d USING (deal_id)
    WHERE s.mention_id = m.mention_id
    ORDER BY s.score DESC
    LIMIT 1
) AS candidate ON true
LEFT JOIN LATERAL (
    SELECT c.quote, least(c.start_offset, 300) AS offset_in_context,
        substr(v.title || E'\n\n' || v.text, greatest(c.start_offset - 300, 0) + 1, c.end_offset - c.start_offset + 600)
            AS context
    FROM deal.claim AS c
    WHERE c.mention_id = m.mention_id AND c.field IN ('amount', 'kind', 'status')
    ORDER BY c.field
    LIMIT 1
) AS proof ON true
WHERE m.resolution = 'review' AND m.superseded_at IS NULL
ORDER BY m.mention_id DESC
LIMIT %(limit)s;

-- name: page_deal_is_there
-- Whether a deal with that number exists.
SELECT EXISTS (SELECT FROM deal.deal WHERE deal_id = %(number)s) AS there;

-- name: page_report_is_there
-- Whether a report with that number exists and still counts.
SELECT EXISTS (SELECT FROM deal.mention WHERE mention_id = %(number)s AND superseded_at IS NULL) AS there;

-- name: page_judgements
-- What people decided lately.
SELECT j.judgement_id, j.action, j.deal_id, j.other_deal_id, j.mention_id, j.field, j.value, j.made_by, j.reason, j.made_at,
    EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id) AS undone
FROM deal.judgement AS j
WHERE j.action <> 'undo'
ORDER BY j.judgement_id DESC
LIMIT %(limit)s;

-- name: page_periods
-- Value in US dollars a month (or week) and kind since a day: firm, "up to" and rumoured apart. Deals that articles only
-- recall are left out: they are of another time.
SELECT date_trunc(%(period)s, d.deal_on)::date AS period_on, d.kind,
    count(*) AS deals,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'firm'), 0) AS firm_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'up_to'), 0) AS up_to_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'rumored'), 0) AS rumored_usd
FROM analytics.deal AS d
WHERE d.status <> 'cancelled' AND d.deal_on >= %(since)s::date
    AND EXISTS (SELECT FROM deal.mention AS m
        WHERE m.deal_id = d.deal_id AND m.salience = 'primary' AND m.superseded_at IS NULL)
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: page_top_parties
-- The organisations with the most firm value since a day, by what they pay and are paid. A value that several share is
-- nobody's: it counts for a side only where one organisation stands there.
WITH firm AS MATERIALIZED (
    SELECT d.deal_id, d.amount_usd
    FROM deal.deal AS d
    WHERE d.merged_into IS NULL AND d.amount_class = 'firm' AND d.deal_on >= %(since)s::date
        AND EXISTS (SELECT FROM deal.mention AS m
            WHERE m.deal_id = d.deal_id AND m.salience = 'primary' AND m.superseded_at IS NULL)
), side AS (
    SELECT f.deal_id, p.role IN ('customer', 'investor', 'acquirer', 'lender') AS pays, min(p.organisation_id) AS organisation_id,
        min(f.amount_usd) AS amount_usd
    FROM firm AS f
    JOIN deal.deal_party AS p USING (deal_id)
    WHERE p.role <> 'partner'
        AND NOT (p.role = 'target' AND EXISTS (
            SELECT FROM deal.deal_party AS s WHERE s.deal_id = f.deal_id AND s.role = 'seller'))
    GROUP BY 1, 2
    HAVING min(p.organisation_id) = max(p.organisation_id)
), top AS (
    SELECT s.organisation_id, sum(s.amount_usd) FILTER (WHERE s.pays) AS pays_usd,
        sum(s.amount_usd) FILTER (WHERE NOT s.pays) AS is_paid_usd, count(DISTINCT s.deal_id) AS deals,
        sum(s.amount_usd) AS both_usd
    FROM side AS s
    GROUP BY s.organisation_id
)
SELECT o.organisation_id, o.name, t.pays_usd, t.is_paid_usd, t.deals
FROM top AS t
JOIN deal.organisation AS o USING (organisation_id)
ORDER BY t.both_usd DESC, o.name
LIMIT %(limit)s;

-- name: page_flows
-- Who pays whom since a day: announced and completed deals that name both sides, the largest first. Units count as their
-- parents. `usd` is what is firm, `up_to_usd` what is only a ceiling, both between two parties alone.
WITH flow AS (
    SELECT coalesce(f.parent_id, w.from_id) AS payer_id, coalesce(t.parent_id, w.to_id) AS payee_id,
        count(DISTINCT d.deal_id) AS deals, array_agg(DISTINCT d.kind) AS kinds,
        coalesce(sum(d.amount_usd) FILTER (WHERE w.ways = 1 AND d.amount_class = 'firm'), 0) AS usd,
        sum(d.amount_usd) FILTER (WHERE w.ways = 1 AND d.amount_class = 'up_to') AS up_to_usd
    FROM deal.deal AS d
    JOIN deal.deal_flow AS w USING (deal_id)
    JOIN deal.organisation AS f ON f.organisation_id = w.from_id
    JOIN deal.organisation AS t ON t.organisation_id = w.to_id
    WHERE d.merged_into IS NULL AND d.status IN ('announced', 'completed') AND d.first_reported_at >= %(since)s::date
        AND coalesce(f.parent_id, w.from_id) <> coalesce(t.parent_id, w.to_id)
    GROUP BY 1, 2
    ORDER BY usd DESC, deals DESC, 1, 2
    LIMIT %(limit)s
)
SELECT f.payer_id, payer.name AS payer, f.payee_id, payee.name AS payee, f.deals, f.kinds, f.usd, f.up_to_usd
FROM flow AS f
JOIN deal.organisation AS payer ON payer.organisation_id = f.payer_id
JOIN deal.organisation AS payee ON payee.organisation_id = f.payee_id
ORDER BY f.usd DESC, f.deals DESC, payer.name, payee.name;
