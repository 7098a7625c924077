-- Mentions, deals and human judgement.

-- name: extraction_lock
-- Hold an article's text while its mentions are replaced.
SELECT extracted_by, extract_error, superseded_at
FROM news.article_version
WHERE article_id = %(article_id)s AND version = %(version)s
FOR UPDATE;

-- name: extraction_done
-- This extractor has read the text.
UPDATE news.article_version
SET extracted_by = %(extractor_version)s, extracted_at = %(now)s, extract_error = %(error)s
WHERE article_id = %(article_id)s AND version = %(version)s;

-- name: mention_count
-- How many mentions of the text stand.
SELECT count(*) FROM deal.mention
WHERE article_id = %(article_id)s AND article_version = %(version)s AND superseded_at IS NULL;

-- name: mention_supersede
-- Mentions by other readers, or of older texts, no longer count; their deals have to be folded anew.
WITH gone AS (
    UPDATE deal.mention AS m
    SET superseded_at = %(now)s
    WHERE m.article_id = %(article_id)s AND m.superseded_at IS NULL
        AND NOT (m.article_version = %(version)s AND m.extractor_version = ANY (%(read_by)s))
    RETURNING m.mention_id, m.deal_id
), blocks AS (
    DELETE FROM deal.mention_block AS b USING gone AS g WHERE b.mention_id = g.mention_id
)
UPDATE deal.deal AS d SET stale = true FROM gone AS g WHERE d.deal_id = g.deal_id;

-- name: mention_insert
-- What the text says of deals.
INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status,
    amount, amount_low, amount_high, amount_text, currency, amount_qualifier, amount_basis, valuation, valuation_currency,
    term_months, announced_on, confidence, needs_review, resolution)
VALUES %s
ON CONFLICT (article_id, article_version, extractor_version, ordinal) DO UPDATE SET superseded_at = NULL
RETURNING mention_id, ordinal;

-- name: mention_party_insert
-- The parties of mentions.
INSERT INTO deal.mention_party (mention_id, organisation_id, name, role) VALUES %s
ON CONFLICT (mention_id, organisation_id, role) DO NOTHING;

-- name: mention_capacity_insert
-- The quantities of mentions.
INSERT INTO deal.mention_capacity (mention_id, ordinal, quantity, unit, qualifier, item) VALUES %s
ON CONFLICT (mention_id, ordinal) DO NOTHING;

-- name: claim_insert
-- The proofs of mentions' fields.
INSERT INTO deal.claim (mention_id, ordinal, field, value, quote, start_offset, end_offset, probability, features) VALUES %s
ON CONFLICT (mention_id, ordinal) DO NOTHING;

-- name: mention_inherit
-- A re-read article's mention points to the deal of the mention it replaces: same kind, most shared parties.
UPDATE deal.mention AS m
SET deal_id = (
    SELECT o.deal_id
    FROM deal.mention AS o
    JOIN deal.mention_party AS op ON op.mention_id = o.mention_id
    JOIN deal.organisation AS oo ON oo.organisation_id = op.organisation_id
    JOIN deal.mention_party AS mp ON mp.mention_id = m.mention_id
        AND mp.organisation_id IN (op.organisation_id, oo.merged_into)
    WHERE o.article_id = m.article_id AND o.superseded_at IS NOT NULL AND o.kind = m.kind AND o.deal_id IS NOT NULL
        AND o.resolution IN ('new', 'match')
    GROUP BY o.mention_id, o.deal_id
    ORDER BY count(*) DESC, o.mention_id DESC
    LIMIT 1
)
WHERE m.mention_id = ANY (%(ids)s) AND m.deal_id IS NULL AND m.resolution = 'pending';

-- name: mention_judged_before
-- What a person said of the mention that a re-read article's mention replaces (same kind, a shared party) holds on.
WITH said AS (
    SELECT DISTINCT ON (m.mention_id) m.mention_id, j.action
    FROM deal.mention AS m
    JOIN deal.mention AS o ON o.article_id = m.article_id AND o.superseded_at IS NOT NULL AND o.kind = m.kind
    JOIN deal.judgement AS j ON j.mention_id = o.mention_id AND j.action IN ('accept', 'reject')
    WHERE m.mention_id = ANY (%(ids)s) AND m.resolution IN ('pending', 'review')
        AND NOT EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id)
        AND EXISTS (SELECT FROM deal.mention_party AS op JOIN deal.mention_party AS mp USING (organisation_id)
            WHERE op.mention_id = o.mention_id AND mp.mention_id = m.mention_id)
    ORDER BY m.mention_id, j.judgement_id DESC
)
UPDATE deal.mention AS m
SET resolution = CASE said.action WHEN 'accept' THEN 'pending' ELSE 'ignored' END
FROM said WHERE m.mention_id = said.mention_id;

-- name: mention_successor
-- The living mention that replaced this one when its article was read again: same kind, most shared parties.
SELECT m.mention_id
FROM deal.mention AS o
JOIN deal.mention AS m ON m.article_id = o.article_id AND m.superseded_at IS NULL AND m.kind = o.kind
JOIN deal.mention_party AS mp ON mp.mention_id = m.mention_id
JOIN deal.mention_party AS op ON op.mention_id = o.mention_id AND op.organisation_id = mp.organisation_id
WHERE o.mention_id = %(mention_id)s AND o.superseded_at IS NOT NULL
GROUP BY m.mention_id
ORDER BY count(*) DESC, m.mention_id
LIMIT 1;

-- name: mention_pending
-- Mentions that are in no deal yet, oldest first.
SELECT mention_id FROM deal.mention
WHERE resolution = 'pending' AND superseded_at IS NULL
ORDER BY mention_id
LIMIT %(limit)s;

-- name: mention_block_add
-- The blocking keys of mentions.
INSERT INTO deal.mention_block (block_key, at, mention_id) VALUES %s
ON CONFLICT (block_key, at, mention_id) DO NOTHING;

-- name: mention_block_drop
-- Forget the blocking keys of mentions.
DELETE FROM deal.mention_block WHERE mention_id = ANY (%(ids)s);

-- name: mention_near
-- The live mentions nearest in time, before and after, under each looked-up key, with the deal they count for.
SELECT m.mention_id, coalesce(d.merged_into, m.deal_id) AS deal_id
FROM (
    SELECT DISTINCT near.mention_id
    FROM unnest(%(keys)s::text[], %(times)s::timestamptz[]) AS wanted (block_key, at)
    CROSS JOIN LATERAL (
        (SELECT b.mention_id FROM deal.mention_block AS b
         WHERE b.block_key = wanted.block_key AND b.at <= wanted.at AND b.at >= wanted.at - %(span)s::interval
         ORDER BY b.at DESC, b.mention_id DESC LIMIT %(reach)s)
        UNION ALL
        (SELECT b.mention_id FROM deal.mention_block AS b
         WHERE b.block_key = wanted.block_key AND b.at > wanted.at AND b.at <= wanted.at + %(span)s::interval
         ORDER BY b.at, b.mention_id LIMIT %(reach)s)
    ) AS near
) AS found
JOIN deal.mention AS m USING (mention_id)
LEFT JOIN deal.deal AS d ON d.deal_id = m.deal_id
WHERE m.superseded_at IS NULL
    -- a deal recalled in passing waits as ignored for an article that reports it; one that a person rejected does not
    AND (m.resolution IN ('new', 'match') OR m.resolution = 'ignored' AND m.salience = 'background' AND NOT EXISTS (
        SELECT FROM deal.judgement AS j WHERE j.mention_id = m.mention_id AND j.action = 'reject'
            AND NOT EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id)))
ORDER BY m.mention_id;

-- name: mention_of_deals
-- Live mentions that make up these deals, those of deals merged into them included.
SELECT m.mention_id
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
WHERE (d.deal_id = ANY (%(deals)s) OR d.merged_into = ANY (%(deals)s)) AND m.superseded_at IS NULL
    AND m.resolution IN ('new', 'match')
ORDER BY m.mention_id;

-- name: mention_reports
-- Mentions with the article around them and the deal they count for.
SELECT m.*, coalesce(d.merged_into, m.deal_id) AS root_deal_id, a.story_id, a.publisher, a.official, a.url, a.language,
    a.published_at, a.first_seen_at, a.retracted_at, v.title, left(v.text, 600) AS lead
FROM deal.mention AS m
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
LEFT JOIN deal.deal AS d ON d.deal_id = m.deal_id
WHERE m.mention_id = ANY (%(ids)s)
ORDER BY m.mention_id;

-- name: mention_parties
-- The parties of these mentions; one that was merged into another organisation counts for that one, under its name.
SELECT p.mention_id, coalesce(k.organisation_id, p.organisation_id) AS organisation_id, coalesce(k.name, p.name) AS name,
    p.role
FROM deal.mention_party AS p
JOIN deal.organisation AS o USING (organisation_id)
LEFT JOIN deal.organisation AS k ON k.organisation_id = o.merged_into
WHERE p.mention_id = ANY (%(ids)s) ORDER BY p.mention_id, p.role, 2;

-- name: mention_capacities
-- The quantities of these mentions.
SELECT mention_id, quantity, unit, qualifier, item FROM deal.mention_capacity
WHERE mention_id = ANY (%(ids)s) ORDER BY mention_id, ordinal;

-- name: mention_claims
-- The proofs of these mentions.
SELECT mention_id, field, value, quote, start_offset, end_offset, probability, features FROM deal.claim
WHERE mention_id = ANY (%(ids)s) ORDER BY mention_id, ordinal;

-- name: mention_settled_in
-- The deal that is made of exactly these mentions already.
SELECT m.deal_id
FROM deal.mention AS m
WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match')
    AND m.deal_id IN (SELECT o.deal_id FROM deal.mention AS o WHERE o.mention_id = ANY (%(ids)s))
GROUP BY m.deal_id
HAVING array_agg(m.mention_id ORDER BY m.mention_id) = %(ids)s::bigint[];

-- name: mention_settle
-- Put mentions into a deal; a deal that loses one has to be folded anew.
WITH moved AS (
    SELECT m.mention_id, m.deal_id AS old_deal_id FROM deal.mention AS m
    WHERE m.mention_id = ANY (%(ids)s)
    ORDER BY m.mention_id FOR UPDATE
), settled AS (
    UPDATE deal.mention AS m
    SET deal_id = %(deal_id)s, resolved_at = %(now)s,
        resolution = CASE WHEN m.mention_id = ANY (%(new_ids)s) THEN 'new' ELSE 'match' END
    FROM moved WHERE m.mention_id = moved.mention_id
        AND (m.deal_id IS DISTINCT FROM %(deal_id)s OR m.resolution NOT IN ('new', 'match'))
)
UPDATE deal.deal AS d SET stale = true
FROM moved
WHERE d.deal_id = moved.old_deal_id AND d.deal_id <> %(deal_id)s AND d.merged_into IS DISTINCT FROM %(deal_id)s;

-- name: mention_exists
-- Whether a mention is there, and whether it still counts.
SELECT mention_id, superseded_at FROM deal.mention WHERE mention_id = %(mention_id)s;

-- name: mention_set_aside
-- Take mentions out of the automatic way: for review, ignored, or pending again.
WITH moved AS (
    UPDATE deal.mention AS m
    SET resolution = %(resolution)s, resolved_at = %(now)s,
        deal_id = CASE WHEN %(resolution)s = 'review' AND m.resolution = 'review' THEN m.deal_id END
    FROM (SELECT o.mention_id, o.deal_id FROM deal.mention AS o WHERE o.mention_id = ANY (%(ids)s)
        ORDER BY o.mention_id FOR UPDATE) AS old
    WHERE m.mention_id = old.mention_id
    RETURNING old.deal_id
)
UPDATE deal.deal AS d SET stale = true FROM moved WHERE d.deal_id = moved.deal_id;

-- name: decision_store
-- Why a mention is (or may be) part of a deal.
INSERT INTO deal.mention_decision (mention_id, deal_id, verdict, score, reasons, decided_at) VALUES %s
ON CONFLICT (mention_id, deal_id) DO UPDATE SET verdict = excluded.verdict, score = excluded.score,
    reasons = excluded.reasons, decided_at = excluded.decided_at;

-- name: decision_review_drop
-- Doubts about these mentions that no longer hold: deals that they were thought to be duplicates of.
DELETE FROM deal.mention_decision AS x
WHERE x.mention_id = ANY (%(ids)s) AND x.verdict = 'review'
    AND NOT EXISTS (
        SELECT FROM unnest(%(kept_ids)s::bigint[], %(kept_deals)s::bigint[]) AS kept (mention_id, deal_id)
        WHERE kept.mention_id = x.mention_id AND kept.deal_id = x.deal_id
    );

-- name: deal_lock
-- Hold a deal, with what we believed last.
SELECT d.deal_id, d.version, d.merged_into, v.record
FROM deal.deal AS d
JOIN deal.deal_version AS v ON v.deal_id = d.deal_id AND v.version = d.version
WHERE d.deal_id = %(deal_id)s
FOR UPDATE OF d;

-- name: deal_insert
-- A new deal.
INSERT INTO deal.deal (version, kind, status, disputed, amount, amount_low, amount_high, amount_text, currency,
    amount_qualifier, amount_basis, amount_usd, usd_rate, usd_rate_on, valuation, valuation_currency, term_months,
    announced_on, first_reported_at, last_reported_at, source_count, independent_source_count, officially_confirmed,
    confidence, needs_review, headline, search, created_at, updated_at)
VALUES (1, %(kind)s, %(status)s, %(disputed)s, %(amount)s, %(amount_low)s, %(amount_high)s, %(amount_text)s, %(currency)s,
    %(amount_qualifier)s, %(amount_basis)s, %(amount_usd)s, %(usd_rate)s, %(usd_rate_on)s, %(valuation)s,
    %(valuation_currency)s, %(term_months)s, %(announced_on)s, %(first_reported_at)s, %(last_reported_at)s,
    %(source_count)s, %(independent_source_count)s, %(officially_confirmed)s, %(confidence)s, %(needs_review)s,
    %(headline)s, to_tsvector('simple', %(searched)s), %(now)s, %(now)s)
RETURNING deal_id;

-- name: deal_update
-- A new version of a deal.
UPDATE deal.deal
SET version = %(version)s, kind = %(kind)s, status = %(status)s, disputed = %(disputed)s, amount = %(amount)s,
    amount_low = %(amount_low)s, amount_high = %(amount_high)s, amount_text = %(amount_text)s, currency = %(currency)s,
    amount_qualifier = %(amount_qualifier)s, amount_basis = %(amount_basis)s, amount_usd = %(amount_usd)s,
    usd_rate = %(usd_rate)s, usd_rate_on = %(usd_rate_on)s, valuation = %(valuation)s,
    valuation_currency = %(valuation_currency)s, term_months = %(term_months)s, announced_on = %(announced_on)s,
    first_reported_at = %(first_reported_at)s, last_reported_at = %(last_reported_at)s, source_count = %(source_count)s,
    independent_source_count = %(independent_source_count)s, officially_confirmed = %(officially_confirmed)s,
    confidence = %(confidence)s, needs_review = %(needs_review)s, headline = %(headline)s,
    search = to_tsvector('simple', %(searched)s), updated_at = %(now)s, stale = false
WHERE deal_id = %(deal_id)s;

-- name: deal_not_stale
-- Folding the deal anew changed nothing.
UPDATE deal.deal SET stale = false WHERE deal_id = %(deal_id)s AND stale;

-- name: deal_version_add
-- What we believed, from when to when, and why it changed.
INSERT INTO deal.deal_version (deal_id, version, recorded_at, valid_at, cause, mention_id, judgement_id, record)
VALUES (%(deal_id)s, %(version)s, %(now)s, %(valid_at)s, %(cause)s, %(mention_id)s, %(judgement_id)s, %(record)s);

-- name: deal_parts_drop
-- Parties and quantities are written anew with each version.
WITH gone AS (DELETE FROM deal.deal_party WHERE deal_id = %(deal_id)s)
DELETE FROM deal.deal_capacity WHERE deal_id = %(deal_id)s;

-- name: deal_party_insert
-- The parties of a deal.
INSERT INTO deal.deal_party (deal_id, organisation_id, role) VALUES %s
ON CONFLICT (deal_id, organisation_id, role) DO NOTHING;

-- name: deal_capacity_insert
-- The quantities of a deal.
INSERT INTO deal.deal_capacity (deal_id, ordinal, quantity, unit, qualifier, item) VALUES %s;

-- name: deal_sources
-- Where a deal was reported, oldest first, each article once, with the sentence that says most.
SELECT DISTINCT ON (a.article_id) a.publisher, v.title, a.url, a.language, a.published_at, a.official, c.quote,
    coalesce(a.published_at, a.first_seen_at) AS at
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
LEFT JOIN LATERAL (
    SELECT c.quote FROM deal.claim AS c
    WHERE c.mention_id = m.mention_id
    ORDER BY c.field = 'amount' DESC, c.field = 'kind' DESC, c.ordinal
    LIMIT 1
) AS c ON true
WHERE (d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s) AND m.superseded_at IS NULL
    AND m.resolution IN ('new', 'match') AND a.retracted_at IS NULL
ORDER BY a.article_id, m.salience = 'primary' DESC, m.ordinal;

-- name: deal_stale
-- Deals to be folded anew, since one of their reports changed or a person decided; not while a re-read report is pending.
SELECT d.deal_id FROM deal.deal AS d
WHERE d.stale AND d.merged_into IS NULL
    AND NOT EXISTS (
        SELECT FROM deal.mention AS m
        WHERE m.deal_id = d.deal_id AND m.resolution = 'pending' AND m.superseded_at IS NULL
    )
ORDER BY d.deal_id
LIMIT %(limit)s;

-- name: deal_mark_stale
-- Fold these deals anew at the next run; all of them where none is named.
UPDATE deal.deal SET stale = true
WHERE merged_into IS NULL AND NOT stale AND (%(ids)s::bigint[] IS NULL OR deal_id = ANY (%(ids)s));

-- name: deal_mark_stale_rates
-- Newer exchange rates are here: fold anew what took the last one for want of its own day's, or had none.
UPDATE deal.deal SET stale = true
WHERE merged_into IS NULL AND NOT stale AND currency IS NOT NULL AND currency <> ALL (%(fixed)s::text[])
    AND (amount_usd IS NULL OR usd_rate_on >= %(last_day)s::date
        AND usd_rate_on < coalesce(announced_on, (first_reported_at AT TIME ZONE 'UTC')::date));

-- name: currencies_without_rate
-- Currencies for which there is no rate, by how many deals wait for one.
SELECT * FROM analytics.currency_without_rate ORDER BY deals DESC, currency;

-- name: deal_heir
-- Where the reports of a deal that has none left went, if all went to one deal.
SELECT min(r.deal_id) AS deal_id
FROM (
    SELECT DISTINCT coalesce(d.merged_into, d.deal_id) AS deal_id
    FROM deal.mention_decision AS x
    JOIN deal.mention AS m USING (mention_id)
    JOIN deal.deal AS d ON d.deal_id = m.deal_id
    WHERE x.deal_id = %(deal_id)s AND x.verdict <> 'review' AND m.superseded_at IS NULL
        AND m.resolution IN ('new', 'match')
) AS r
HAVING count(*) = 1 AND min(r.deal_id) <> %(deal_id)s;

-- name: deal_merge
-- A deal is another one; what was merged into it before follows.
UPDATE deal.deal
SET merged_into = %(into)s, updated_at = %(now)s, stale = false,
    version = version + CASE WHEN deal_id = %(deal_id)s THEN 1 ELSE 0 END
WHERE deal_id = %(deal_id)s OR merged_into = %(deal_id)s;

-- name: deal_unmerge
-- A merge was wrong: the deal stands by itself again, with those that were merged into it.
UPDATE deal.deal AS d
SET merged_into = CASE WHEN d.deal_id = %(deal_id)s THEN NULL ELSE %(deal_id)s END, stale = d.deal_id = %(deal_id)s,
    updated_at = %(now)s, version = d.version + CASE WHEN d.deal_id = %(deal_id)s THEN 1 ELSE 0 END
WHERE d.deal_id = %(deal_id)s
    OR d.merged_into = %(into)s AND EXISTS (
        SELECT FROM deal.deal_version AS v
        WHERE v.deal_id = d.deal_id AND v.version = d.version AND v.record ->> 'merged_into' = %(deal_id)s::text
    );

-- name: deal_list
-- Deals by what people ask for; merged ones never.
SELECT * FROM analytics.deal AS d
WHERE (%(since)s::date IS NULL OR d.deal_on >= %(since)s)
    AND (%(min_usd)s::numeric IS NULL OR d.amount_usd >= %(min_usd)s)
    AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)
    AND (%(status)s::text IS NULL OR d.status = %(status)s)
    AND (%(party)s::text IS NULL OR EXISTS (
        SELECT FROM deal.deal_party AS p
        JOIN deal.organisation AS o USING (organisation_id)
        LEFT JOIN deal.organisation_alias AS n USING (organisation_id)
        WHERE p.deal_id = d.deal_id
            AND (lower(%(party)s) IN (o.organisation_id, lower(o.name), lower(n.alias)) OR o.parent_id = lower(%(party)s)
                OR EXISTS (SELECT FROM deal.organisation AS x WHERE x.merged_into = o.organisation_id
                    AND lower(%(party)s) IN (x.organisation_id, lower(x.name))))
    ))
ORDER BY d.deal_on DESC, d.deal_id DESC
LIMIT %(limit)s;

-- name: deal_why
-- Every claim behind a deal, or behind one of its fields.
SELECT m.mention_id, m.article_id, a.publisher, v.title, a.url, a.published_at, a.official, c.field, c.value, c.quote,
    c.start_offset, c.end_offset, c.probability, c.features, m.extractor_version, m.extracted_at, m.superseded_at
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
JOIN deal.claim AS c USING (mention_id)
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
WHERE (d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s) AND m.resolution IN ('new', 'match')
    AND (%(with_superseded)s OR m.superseded_at IS NULL)
    AND (%(field)s::text IS NULL OR c.field = %(field)s OR c.field LIKE %(field)s || ':%%')
ORDER BY c.field, coalesce(a.published_at, a.first_seen_at), m.mention_id, c.ordinal;

-- name: deal_exists
-- Whether a deal is there, and what it was merged into.
SELECT deal_id, merged_into FROM deal.deal WHERE deal_id = %(deal_id)s;

-- name: judgement_add
-- What a person decided.
INSERT INTO deal.judgement (action, deal_id, other_deal_id, mention_id, field, value, made_by, reason, made_at, undoes)
VALUES (%(action)s, %(deal_id)s, %(other_deal_id)s, %(mention_id)s, %(field)s, %(value)s, %(made_by)s, %(reason)s,
    %(now)s, %(undoes)s)
RETURNING judgement_id;

-- name: judgement_list
-- What people decided, oldest first; of one deal, or all. A mention that was read again is named by its successor.
SELECT j.judgement_id, j.action, j.deal_id, j.other_deal_id, coalesce(s.mention_id, j.mention_id) AS mention_id, j.field,
    j.value, j.made_by, j.reason, j.made_at,
    EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id) AS undone
FROM deal.judgement AS j
LEFT JOIN deal.mention AS o ON o.mention_id = j.mention_id AND o.superseded_at IS NOT NULL
LEFT JOIN LATERAL (
    SELECT m.mention_id
    FROM deal.mention AS m
    JOIN deal.mention_party AS mp ON mp.mention_id = m.mention_id
    JOIN deal.mention_party AS op ON op.mention_id = o.mention_id AND op.organisation_id = mp.organisation_id
    WHERE m.article_id = o.article_id AND m.superseded_at IS NULL AND m.kind = o.kind
    GROUP BY m.mention_id
    ORDER BY count(*) DESC, m.mention_id
    LIMIT 1
) AS s ON true
WHERE j.action <> 'undo'
    AND (%(deals)s::bigint[] IS NULL OR j.deal_id = ANY (%(deals)s) OR j.other_deal_id = ANY (%(deals)s)
        OR j.mention_id IN (SELECT m.mention_id FROM deal.mention AS m WHERE m.deal_id = ANY (%(deals)s)))
ORDER BY j.judgement_id;

-- name: judgement_get
-- One judgement.
SELECT j.*, EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id) AS undone
FROM deal.judgement AS j WHERE j.judgement_id = %(judgement_id)s;

-- name: review_list
-- Mentions that wait for a person, with the deals they might belong to.
SELECT m.mention_id, m.kind, m.confidence, m.needs_review, a.publisher, a.url, v.title,
    (SELECT jsonb_agg(jsonb_build_object('deal_id', x.deal_id, 'score', x.score) ORDER BY x.score DESC)
        FROM deal.mention_decision AS x WHERE x.mention_id = m.mention_id) AS candidates
FROM deal.mention AS m
JOIN news.article AS a USING (article_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
WHERE m.resolution = 'review' AND m.superseded_at IS NULL
ORDER BY m.mention_id DESC
LIMIT %(limit)s;

-- name: review_duplicates
-- Pairs of deals that may be one.
SELECT * FROM analytics.possible_duplicate ORDER BY score DESC, deal_id LIMIT %(limit)s;

-- name: review_deals
-- Deals that wait for a person: figures out of the ordinary, reports taken back, an override that cannot be read.
SELECT deal_id, headline, amount, currency, amount_usd, confidence
FROM deal.deal WHERE needs_review AND merged_into IS NULL
ORDER BY amount_usd DESC NULLS LAST, deal_id LIMIT %(limit)s;

-- name: life_decisions
-- How each live report came to this deal.
SELECT x.mention_id, x.verdict, x.score, x.reasons, x.decided_at
FROM deal.mention AS m
JOIN deal.deal AS d USING (deal_id)
JOIN deal.mention_decision AS x ON x.mention_id = m.mention_id AND x.verdict <> 'review'
WHERE (d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s) AND m.superseded_at IS NULL
ORDER BY x.mention_id, x.decided_at;

-- name: life_versions
-- What we believed of this deal, and of those merged into it, one version after the other.
SELECT v.deal_id, v.version, v.recorded_at, v.valid_at, v.cause, v.mention_id, v.judgement_id, v.record
FROM deal.deal_version AS v
JOIN deal.deal AS d USING (deal_id)
WHERE d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s
ORDER BY v.recorded_at, v.deal_id = %(deal_id)s, v.deal_id, v.version;

-- name: life_judgements
-- What people decided about this deal, those merged into it, and its reports; undone ones with who undid them.
SELECT j.judgement_id, j.action, j.deal_id, j.other_deal_id, j.mention_id, j.field, j.value, j.made_by, j.reason, j.made_at,
    u.made_by AS undone_by, u.made_at AS undone_at, u.reason AS undone_reason
FROM deal.judgement AS j
LEFT JOIN deal.judgement AS u ON u.undoes = j.judgement_id
WHERE j.action <> 'undo'
    AND (EXISTS (SELECT FROM deal.deal AS d WHERE d.deal_id IN (j.deal_id, j.other_deal_id)
            AND (d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s))
        OR EXISTS (SELECT FROM deal.mention AS m JOIN deal.deal AS d USING (deal_id)
            WHERE m.mention_id = j.mention_id AND (d.deal_id = %(deal_id)s OR d.merged_into = %(deal_id)s)))
ORDER BY j.judgement_id;

-- name: life_duplicates
-- Deals that may be the same as this one.
SELECT * FROM analytics.possible_duplicate WHERE %(deal_id)s IN (deal_id, other_deal_id) ORDER BY score DESC, deal_id;
