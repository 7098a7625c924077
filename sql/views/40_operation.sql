-- How well we see: feeds, gaps, alerts.

CREATE VIEW analytics.feed_health AS
SELECT
    f.feed_id,
    f.title,
    f.publisher,
    f.url,
    f.language,
    f.category,
    f.official,
    f.active,
    CASE
        WHEN NOT f.active THEN 'inactive'
        WHEN f.gone_at IS NOT NULL THEN 'gone'
        WHEN f.last_polled_at IS NULL THEN 'new'
        WHEN f.failure_count > 0 OR f.not_a_feed_count > 0 THEN 'failing'
        WHEN f.empty_count > 2 THEN 'empty'
        WHEN f.next_poll_at < now() - interval '1 day' THEN 'late'
        ELSE 'ok'
    END AS health,
    f.last_polled_at,
    f.last_ok_at,
    f.last_outcome,
    f.last_detail,
    f.failure_count,
    f.next_poll_at,
    (SELECT count(*) FROM news.entry AS e WHERE e.feed_id = f.feed_id) AS entries,
    (SELECT max(e.first_seen_at) FROM news.entry AS e WHERE e.feed_id = f.feed_id) AS last_entry_at
FROM news.feed AS f;

COMMENT ON VIEW analytics.feed_health IS 'Each feed and how its polls go.';
COMMENT ON COLUMN analytics.feed_health.feed_id IS 'The feed. Example: 4.';
COMMENT ON COLUMN analytics.feed_health.title IS 'Its title in the registry.';
COMMENT ON COLUMN analytics.feed_health.publisher IS 'Who publishes it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.feed_health.url IS 'Its present address.';
COMMENT ON COLUMN analytics.feed_health.language IS 'ISO 639-1 code. Example: en.';
COMMENT ON COLUMN analytics.feed_health.category IS 'The registry''s category. Example: energy.';
COMMENT ON COLUMN analytics.feed_health.official IS 'Whether it is a party''s, a regulator''s or a press-release wire''s. Example: false.';
COMMENT ON COLUMN analytics.feed_health.active IS 'Whether it is polled. Example: true.';
COMMENT ON COLUMN analytics.feed_health.health IS 'ok, new, failing, empty, late, gone or inactive. Example: ok.';
COMMENT ON COLUMN analytics.feed_health.last_polled_at IS 'When it was last polled. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.feed_health.last_ok_at IS 'When a poll last went well. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.feed_health.last_outcome IS 'ok, not_modified or the class of the fault. Example: deadline.';
COMMENT ON COLUMN analytics.feed_health.last_detail IS 'The fault in words.';
COMMENT ON COLUMN analytics.feed_health.failure_count IS 'Failed polls in a row. Example: 0.';
COMMENT ON COLUMN analytics.feed_health.next_poll_at IS 'When it is due again. Example: 2026-03-01 13:00+00.';
COMMENT ON COLUMN analytics.feed_health.entries IS 'How many entries it ever brought. Example: 812.';
COMMENT ON COLUMN analytics.feed_health.last_entry_at IS 'When it last brought a new one. Example: 2026-03-01 11:00+00.';

CREATE VIEW analytics.coverage_gap AS
SELECT g.feed_id, f.publisher, f.title, g.from_at, g.to_at, g.to_at - g.from_at AS length, g.detected_at
FROM news.coverage_gap AS g
JOIN news.feed AS f USING (feed_id);

COMMENT ON VIEW analytics.coverage_gap IS 'Times in which a feed''s entries may have come and gone between two polls: what we may have missed.';
COMMENT ON COLUMN analytics.coverage_gap.feed_id IS 'The feed. Example: 4.';
COMMENT ON COLUMN analytics.coverage_gap.publisher IS 'Who publishes it.';
COMMENT ON COLUMN analytics.coverage_gap.title IS 'Its title in the registry.';
COMMENT ON COLUMN analytics.coverage_gap.from_at IS 'The last moment that is certainly covered. Example: 2026-03-01 01:00+00.';
COMMENT ON COLUMN analytics.coverage_gap.to_at IS 'The first moment that is covered again. Example: 2026-03-01 09:00+00.';
COMMENT ON COLUMN analytics.coverage_gap.length IS 'How long the gap is. Example: 08:00:00.';
COMMENT ON COLUMN analytics.coverage_gap.detected_at IS 'When we noticed. Example: 2026-03-01 09:00+00.';

CREATE VIEW analytics.alert_health AS
SELECT
    split_part(d.channel, ':', 1) AS channel,
    d.state,
    count(*) AS deliveries,
    min(d.next_attempt_at) FILTER (WHERE d.state IN ('queued', 'sending')) AS oldest_due_at,
    max(d.sent_at) AS last_sent_at,
    max(d.attempts) AS most_attempts
FROM alert.delivery AS d
GROUP BY 1, 2;

COMMENT ON VIEW analytics.alert_health IS 'Alerts by kind of channel and state. Addresses are secret and are not shown.';
COMMENT ON COLUMN analytics.alert_health.channel IS 'Kind of channel, never its address. Example: slack.';
COMMENT ON COLUMN analytics.alert_health.state IS 'queued, sending, sent, dead, cancelled or held. Example: sent.';
COMMENT ON COLUMN analytics.alert_health.deliveries IS 'How many. Example: 40.';
COMMENT ON COLUMN analytics.alert_health.oldest_due_at IS 'Since when the oldest one waits. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.alert_health.last_sent_at IS 'When one was last sent. Example: 2026-03-01 12:07+00.';
COMMENT ON COLUMN analytics.alert_health.most_attempts IS 'The most attempts any of them took. Example: 3.';
