-- What we believed, when, and what changed.

CREATE VIEW analytics.deal_version AS
SELECT
    v.deal_id,
    v.version,
    v.recorded_at,
    n.recorded_at AS replaced_at,
    v.valid_at,
    v.cause,
    v.merged_into,
    v.record ->> 'kind' AS kind,
    v.record ->> 'status' AS status,
    (v.record ->> 'disputed')::boolean AS disputed,
    v.record ->> 'headline' AS headline,
    (SELECT string_agg((p ->> 'name') || ' (' || (p ->> 'role') || ')', ', ' ORDER BY p ->> 'role', p ->> 'name')
        FROM jsonb_array_elements(v.record -> 'parties') AS p) AS parties,
    (v.record ->> 'amount')::numeric AS amount,
    v.record ->> 'currency' AS currency,
    v.record ->> 'amount_qualifier' AS amount_qualifier,
    v.record ->> 'amount_basis' AS amount_basis,
    (v.record ->> 'amount_usd')::numeric AS amount_usd,
    (v.record ->> 'term_months')::integer AS term_months,
    (v.record ->> 'announced_on')::date AS announced_on,
    (v.record ->> 'source_count')::integer AS source_count,
    (v.record ->> 'independent_source_count')::integer AS independent_source_count,
    (v.record ->> 'officially_confirmed')::boolean AS officially_confirmed,
    (v.record ->> 'confidence')::double precision AS confidence,
    v.record AS whole_record
FROM deal.deal_version AS v
LEFT JOIN deal.deal_version AS n ON n.deal_id = v.deal_id AND n.version = v.version + 1;

COMMENT ON VIEW analytics.deal_version IS 'Every version of every deal: what we believed from recorded_at until replaced_at.';
COMMENT ON COLUMN analytics.deal_version.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_version.version IS 'From 1. Example: 2.';
COMMENT ON COLUMN analytics.deal_version.recorded_at IS 'When we came to believe it. Example: 2026-03-01 12:06+00.';
COMMENT ON COLUMN analytics.deal_version.replaced_at IS 'When the next version replaced it; NULL for the present one. Example: 2026-03-02 07:05+00.';
COMMENT ON COLUMN analytics.deal_version.valid_at IS 'When the report that brought it appeared. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal_version.cause IS 'reported, amended, corroborated, judgement, re_extracted, converted, identified, merged, split or retracted. Example: amended.';
COMMENT ON COLUMN analytics.deal_version.merged_into IS 'The deal that this one turned out to be, where this version merges it. Example: 12.';
COMMENT ON COLUMN analytics.deal_version.kind IS 'As in analytics.deal. Example: power.';
COMMENT ON COLUMN analytics.deal_version.status IS 'As in analytics.deal. Example: rumored.';
COMMENT ON COLUMN analytics.deal_version.disputed IS 'As in analytics.deal. Example: false.';
COMMENT ON COLUMN analytics.deal_version.headline IS 'As in analytics.deal. Example: "Blue Cloud sells computing to Red Lab".';
COMMENT ON COLUMN analytics.deal_version.parties IS 'As in analytics.deal. Example: "Blue Cloud (provider), Red Lab (customer)".';
COMMENT ON COLUMN analytics.deal_version.amount IS 'As in analytics.deal. Example: 30000000000.';
COMMENT ON COLUMN analytics.deal_version.currency IS 'As in analytics.deal. Example: USD.';
COMMENT ON COLUMN analytics.deal_version.amount_qualifier IS 'As in analytics.deal. Example: approx.';
COMMENT ON COLUMN analytics.deal_version.amount_basis IS 'As in analytics.deal. Example: total.';
COMMENT ON COLUMN analytics.deal_version.amount_usd IS 'As in analytics.deal. Example: 30000000000.';
COMMENT ON COLUMN analytics.deal_version.term_months IS 'As in analytics.deal. Example: 84.';
COMMENT ON COLUMN analytics.deal_version.announced_on IS 'As in analytics.deal. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.deal_version.source_count IS 'As in analytics.deal. Example: 2.';
COMMENT ON COLUMN analytics.deal_version.independent_source_count IS 'As in analytics.deal. Example: 1.';
COMMENT ON COLUMN analytics.deal_version.officially_confirmed IS 'As in analytics.deal. Example: false.';
COMMENT ON COLUMN analytics.deal_version.confidence IS 'As in analytics.deal. Example: 0.8.';
COMMENT ON COLUMN analytics.deal_version.whole_record IS 'Everything we believed, as JSON; amounts are text so that no digit is lost. Example: {"kind": "power", "amount": "38000000000", …}.';

CREATE VIEW analytics.deal_change AS
SELECT
    v.recorded_at AS changed_at,
    v.deal_id,
    v.version,
    v.cause,
    v.merged_into,
    p.version IS NULL AS is_new,
    ARRAY(
        SELECT k.key FROM jsonb_each(v.record) AS k
        WHERE p.record IS NOT NULL AND k.value IS DISTINCT FROM p.record -> k.key ORDER BY k.key
    ) AS changed_fields,
    p.record ->> 'status' AS status_before,
    v.record ->> 'status' AS status_after,
    (p.record ->> 'amount')::numeric AS amount_before,
    (v.record ->> 'amount')::numeric AS amount_after,
    v.record ->> 'currency' AS currency,
    v.record ->> 'headline' AS headline,
    v.recorded_in AS change_id,
    v.recorded_in < pg_snapshot_xmin(pg_current_snapshot()) AS settled
FROM deal.deal_version AS v
LEFT JOIN deal.deal_version AS p ON p.deal_id = v.deal_id AND p.version = v.version - 1;

COMMENT ON VIEW analytics.deal_change IS 'Every change, merges too. To keep a copy up to date read settled changes behind your last (change_id, deal_id, version), in that order.';
COMMENT ON COLUMN analytics.deal_change.changed_at IS 'When it was recorded; all changes of one run share it. Example: 2026-03-02 07:05+00.';
COMMENT ON COLUMN analytics.deal_change.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.deal_change.version IS 'The version that the change made. Example: 2.';
COMMENT ON COLUMN analytics.deal_change.cause IS 'reported, amended, corroborated, judgement, re_extracted, converted, identified, merged, split or retracted. Example: corroborated.';
COMMENT ON COLUMN analytics.deal_change.merged_into IS 'Set where the deal turned out to be another one: delete it from your copy. Example: 12.';
COMMENT ON COLUMN analytics.deal_change.is_new IS 'Whether the deal was new. Example: true.';
COMMENT ON COLUMN analytics.deal_change.changed_fields IS 'Which fields differ from the version before; empty for a new deal. Example: {amount,source_count}.';
COMMENT ON COLUMN analytics.deal_change.status_before IS 'The status before; NULL for a new deal. Example: rumored.';
COMMENT ON COLUMN analytics.deal_change.status_after IS 'The status after. Example: announced.';
COMMENT ON COLUMN analytics.deal_change.amount_before IS 'The amount before. Example: 30000000000.';
COMMENT ON COLUMN analytics.deal_change.amount_after IS 'The amount after. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal_change.currency IS 'ISO 4217 code of amount_after. Example: USD.';
COMMENT ON COLUMN analytics.deal_change.headline IS 'The deal in a line. Example: "Blue Cloud sells computing to Red Lab".';
COMMENT ON COLUMN analytics.deal_change.change_id IS 'The transaction that recorded it: with deal_id and version the order in which to read changes. Example: 84211.';
COMMENT ON COLUMN analytics.deal_change.settled IS 'Whether no change before this one can still appear. One that is not settled yet is so as soon as older transactions have ended. Example: true.';

CREATE FUNCTION analytics.deal_as_of(at timestamptz) RETURNS SETOF analytics.deal_version
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT v.*
    FROM analytics.deal_version AS v
    WHERE v.recorded_at <= at AND (v.replaced_at IS NULL OR v.replaced_at > at) AND v.merged_into IS NULL;
END;

COMMENT ON FUNCTION analytics.deal_as_of IS 'What we believed of each deal at a time: SELECT * FROM analytics.deal_as_of(''2026-03-01''). Merged deals are left out from their merge on.';
