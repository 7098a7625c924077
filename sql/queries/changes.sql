-- The history of deals as a stream of changes.

-- name: changes_between
-- Every version of a deal recorded in the time, with what was believed before it.
SELECT v.deal_id, v.version, v.cause, v.recorded_at, v.record, b.record AS before,
    (v.record ->> 'merged_into')::bigint AS merged_into
FROM deal.deal_version AS v
LEFT JOIN deal.deal_version AS b ON b.deal_id = v.deal_id AND b.version = v.version - 1
WHERE v.recorded_at >= %(since)s AND v.recorded_at < %(until)s
ORDER BY v.recorded_at, v.deal_id, v.version;
