-- What each stage of the pipeline did within a day.

CREATE VIEW analytics.stage_health AS
SELECT
    r.stage,
    count(*) AS runs,
    max(r.ended_at) AS last_ended_at,
    round(sum(extract(epoch FROM r.ended_at - r.started_at)), 1) AS seconds,
    round(max(extract(epoch FROM r.ended_at - r.started_at)), 1) AS longest_seconds,
    (SELECT jsonb_object_agg(t.name, t.total)
        FROM (SELECT c.key AS name, sum(c.value::text::numeric) AS total
            FROM ops.run AS o CROSS JOIN LATERAL jsonb_each(o.counts) AS c
            WHERE o.stage = r.stage AND o.started_at >= now() - interval '1 day' AND jsonb_typeof(c.value) = 'number'
            GROUP BY c.key) AS t) AS counts
FROM ops.run AS r
WHERE r.started_at >= now() - interval '1 day'
GROUP BY r.stage;

COMMENT ON VIEW analytics.stage_health IS 'What each stage of the pipeline did within the last 24 hours; a stage that did not run has no row.';
COMMENT ON COLUMN analytics.stage_health.stage IS 'poll, read, extract, resolve, send or maintain. Example: read.';
COMMENT ON COLUMN analytics.stage_health.runs IS 'How many batches it worked on. Example: 40.';
COMMENT ON COLUMN analytics.stage_health.last_ended_at IS 'When the last one ended. Example: 2026-03-01 12:09+00.';
COMMENT ON COLUMN analytics.stage_health.seconds IS 'How long it worked in all. Example: 310.4.';
COMMENT ON COLUMN analytics.stage_health.longest_seconds IS 'How long its longest batch took. Example: 18.2.';
COMMENT ON COLUMN analytics.stage_health.counts IS 'What it counted. Example: {"entries": 1480, "articles_new": 1391, "put_off": 12}.';
