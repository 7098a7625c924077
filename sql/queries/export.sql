-- Deals to take away: whole tables under filters, and what changed since a reader was here last.

-- name: export_begin
-- All that follows in this transaction sees one moment, and writes nothing.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: export_ids
-- The deals under the page's filters, in its order; read through a cursor, so that a hundred thousand are as light as ten.
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
SELECT d.deal_id
FROM deal.deal AS d
WHERE d.merged_into IS NULL
    AND (%(text)s::text IS NULL OR d.search @@ to_tsquery('simple', %(text)s))
    AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)
    AND (%(status)s::text IS NULL OR d.status = %(status)s)
    AND (%(min_usd)s::numeric IS NULL OR d.amount_usd >= %(min_usd)s)
    AND (%(since)s::date IS NULL OR d.first_reported_at >= %(since)s::date)
    AND (%(since_day)s::date IS NULL OR d.deal_on >= %(since_day)s::date)
    AND (%(party)s::text IS NULL OR d.deal_id = ANY (ARRAY(
        SELECT p.deal_id FROM deal.deal_party AS p WHERE p.organisation_id IN (SELECT organisation_id FROM asked_party)
    )))
    AND (%(sort)s <> 'smallest' OR d.amount_usd IS NOT NULL)
ORDER BY
    CASE %(sort)s WHEN 'newest' THEN d.first_reported_at WHEN 'updated' THEN d.updated_at END DESC,
    CASE %(sort)s WHEN 'day' THEN d.deal_on END DESC,
    CASE %(sort)s WHEN 'oldest' THEN d.first_reported_at END,
    CASE %(sort)s WHEN 'largest' THEN d.amount_usd END DESC NULLS LAST,
    CASE %(sort)s WHEN 'smallest' THEN d.amount_usd END NULLS FIRST,
    CASE %(sort)s WHEN 'sources' THEN d.independent_source_count END DESC,
    CASE WHEN %(sort)s IN ('oldest', 'smallest') THEN d.deal_id END,
    CASE WHEN %(sort)s NOT IN ('oldest', 'smallest') THEN d.deal_id END DESC
LIMIT %(most)s;

-- name: export_deals
-- These deals as files hold them, in the order given.
SELECT s.*
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS asked (deal_id, place)
JOIN analytics.deal_sheet AS s USING (deal_id)
ORDER BY asked.place;

-- name: export_comments
-- What columns mean, by the numbers of their relation and of themselves.
SELECT col_description(asked.relation, asked.number) AS about
FROM unnest(%(relations)s::oid[], %(numbers)s::integer[]) WITH ORDINALITY AS asked (relation, number, place)
ORDER BY asked.place;

-- name: export_place
-- Where this moment stands: the server, the database, and the first transaction that may still be running. All before it have ended.
SELECT (SELECT c.system_identifier FROM pg_control_system() AS c)::text AS server,
    (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())::text AS database,
    pg_snapshot_xmin(pg_current_snapshot())::text AS horizon;

-- name: export_changed
-- Deals with a version recorded by transactions from one place until before another, and what they were merged into.
SELECT d.deal_id, d.merged_into
FROM (
    SELECT DISTINCT v.deal_id FROM deal.deal_version AS v
    WHERE v.recorded_in >= %(begin)s::text::xid8 AND v.recorded_in < %(horizon)s::text::xid8
) AS changed
JOIN deal.deal AS d USING (deal_id)
ORDER BY d.deal_id;
