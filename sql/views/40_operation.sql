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
        WHEN f.held_at IS NOT NULL THEN 'held'
        WHEN f.last_polled_at IS NULL THEN 'new'
        WHEN f.failure_count > 0 OR f.not_a_feed_count > 0 THEN 'failing'
        WHEN f.empty_count > 2 THEN 'empty'
        WHEN f.next_poll_at < now() - interval '1 day' THEN 'late'
        WHEN cardinality(x.unexpected) > 0 THEN 'unexpected'
        ELSE 'ok'
    END AS health,
    f.last_polled_at,
    f.last_ok_at,
    f.last_outcome,
    f.last_detail,
    f.failure_count,
    f.next_poll_at,
    (SELECT count(*) FROM news.entry AS e WHERE e.feed_id = f.feed_id) AS entries,
    (SELECT max(e.first_seen_at) FROM news.entry AS e WHERE e.feed_id = f.feed_id) AS last_entry_at,
    x.unexpected,
    f.held_at,
    f.held_reason,
    (SELECT count(*) FROM news.entry AS e WHERE e.feed_id = f.feed_id AND e.state = 'held') AS entries_held
FROM news.feed AS f
CROSS JOIN LATERAL (
    SELECT count(*) AS brought FROM news.entry AS e
    WHERE e.feed_id = f.feed_id AND NOT e.in_first_poll AND e.first_seen_at > now() - interval '3 days'
) AS r
CROSS JOIN LATERAL (
    SELECT array_remove(ARRAY[
        CASE WHEN left(f.stated_language, 2) <> left(f.language, 2)
            THEN format('says its language is %s, the registry says %s', f.stated_language, f.language) END,
        CASE WHEN f.last_entries_seen < f.expected_entries
            THEN format('lists %s entries, %s are expected', f.last_entries_seen, f.expected_entries) END,
        CASE WHEN f.last_ok_at > f.created_at + interval '3 days' AND r.brought * 2 < f.expected_entries_per_day * 3
            THEN format('brought %s entries in three days, %s a day are expected', r.brought, f.expected_entries_per_day)
        END,
        CASE WHEN cardinality(f.sites) > 0 AND f.site_url IS NOT NULL AND NOT EXISTS (
            SELECT FROM unnest(f.sites) AS s (site)
            WHERE split_part(split_part(f.site_url, '/', 3), ':', 1) = split_part(s.site, ':', 1)
                OR split_part(split_part(f.site_url, '/', 3), ':', 1) LIKE '%.' || s.site
        ) THEN format('leads to %s, the registry names %s', f.sites[1], f.site_url) END
    ], NULL) AS unexpected
) AS x;

COMMENT ON VIEW analytics.feed_health IS 'Each feed and how its polls go.';
COMMENT ON COLUMN analytics.feed_health.feed_id IS 'The feed. Example: 4.';
COMMENT ON COLUMN analytics.feed_health.title IS 'Its title in the registry. Example: "Harbor Gazette: Technology".';
COMMENT ON COLUMN analytics.feed_health.publisher IS 'Who publishes it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.feed_health.url IS 'Its present address. Example: https://harbor-gazette.example/feed.xml.';
COMMENT ON COLUMN analytics.feed_health.language IS 'ISO 639-1 code. Example: en.';
COMMENT ON COLUMN analytics.feed_health.category IS 'The registry''s category. Example: energy.';
COMMENT ON COLUMN analytics.feed_health.official IS 'Whether it is a party''s, a regulator''s or a press-release wire''s. Example: false.';
COMMENT ON COLUMN analytics.feed_health.active IS 'Whether it is polled. Example: true.';
COMMENT ON COLUMN analytics.feed_health.health IS 'ok, new, failing, empty, late, unexpected (not as the registry expects), held (waits for a person), gone or inactive. Example: ok.';
COMMENT ON COLUMN analytics.feed_health.last_polled_at IS 'When it was last polled. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.feed_health.last_ok_at IS 'When a poll last went well. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.feed_health.last_outcome IS 'ok, not_modified or the class of the fault. Example: deadline.';
COMMENT ON COLUMN analytics.feed_health.last_detail IS 'The fault in words. Example: "no answer within 30 s".';
COMMENT ON COLUMN analytics.feed_health.failure_count IS 'Failed polls in a row. Example: 0.';
COMMENT ON COLUMN analytics.feed_health.next_poll_at IS 'When it is due again. Example: 2026-03-01 13:00+00.';
COMMENT ON COLUMN analytics.feed_health.entries IS 'How many entries it ever brought. Example: 812.';
COMMENT ON COLUMN analytics.feed_health.last_entry_at IS 'When it last brought a new one. Example: 2026-03-01 11:00+00.';
COMMENT ON COLUMN analytics.feed_health.unexpected IS 'What is not as the registry expects: language, publisher, entries. Example: {"lists 2 entries, 20 are expected"}.';
COMMENT ON COLUMN analytics.feed_health.held_at IS 'Since when it waits for a person, because it leads to another publisher. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.feed_health.held_reason IS 'Why it is held. Example: "now lists another publisher''s site".';
COMMENT ON COLUMN analytics.feed_health.entries_held IS 'How many of its entries wait for that decision. Example: 0.';

CREATE VIEW analytics.coverage_gap AS
SELECT g.feed_id, f.publisher, f.title, g.from_at, g.to_at, g.to_at - g.from_at AS length, g.detected_at, g.tried_at,
    g.tried, g.entries_found, g.closed
FROM news.coverage_gap AS g
JOIN news.feed AS f USING (feed_id);

COMMENT ON VIEW analytics.coverage_gap IS 'Times in which a feed''s entries may have come and gone between two polls: what we may have missed.';
COMMENT ON COLUMN analytics.coverage_gap.feed_id IS 'The feed. Example: 4.';
COMMENT ON COLUMN analytics.coverage_gap.publisher IS 'Who publishes it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.coverage_gap.title IS 'Its title in the registry. Example: "Harbor Gazette: Technology".';
COMMENT ON COLUMN analytics.coverage_gap.from_at IS 'The last moment that is certainly covered. Example: 2026-03-01 01:00+00.';
COMMENT ON COLUMN analytics.coverage_gap.to_at IS 'The first moment that is covered again. Example: 2026-03-01 09:00+00.';
COMMENT ON COLUMN analytics.coverage_gap.length IS 'How long the gap is. Example: 08:00:00.';
COMMENT ON COLUMN analytics.coverage_gap.detected_at IS 'When we noticed. Example: 2026-03-01 09:00+00.';
COMMENT ON COLUMN analytics.coverage_gap.tried_at IS 'When archives and news sitemaps were asked for what was missed. Example: 2026-03-01 09:01+00.';
COMMENT ON COLUMN analytics.coverage_gap.tried IS 'What was asked, each with what came of it. Example: {"news sitemap https://a.example/news.xml: 40 entries, 12 of the gap"}.';
COMMENT ON COLUMN analytics.coverage_gap.entries_found IS 'Entries of the gap that were found that way. Example: 12.';
COMMENT ON COLUMN analytics.coverage_gap.closed IS 'Whether what was found reaches back to what we had. Example: true.';

CREATE VIEW analytics.opt_out AS
SELECT 'host' AS scope, h.host, NULL::bigint AS article_id, NULL::text AS url, NULL::text AS publisher,
    'robots.txt shuts out ' || s.signal AS signal, h.robots_at AS seen_at
FROM news.host AS h
CROSS JOIN unnest(h.robots_opt_outs) AS s (signal)
UNION ALL
SELECT 'host', h.host, NULL, NULL, NULL, 'tdmrep.json: ' || s.signal, h.tdm_at
FROM news.host AS h
CROSS JOIN unnest(h.tdm_opt_outs) AS s (signal)
UNION ALL
SELECT 'article', split_part(a.url, '/', 3), a.article_id, a.url, a.publisher, s.signal, a.first_seen_at
FROM news.article AS a
CROSS JOIN unnest(a.opt_outs) AS s (signal);

COMMENT ON VIEW analytics.opt_out IS 'What publishers say against use of their texts by machines, a row a statement: of a host, or of one article''s page.';
COMMENT ON COLUMN analytics.opt_out.scope IS 'host or article. Example: article.';
COMMENT ON COLUMN analytics.opt_out.host IS 'The host. Example: www.harbor.example.';
COMMENT ON COLUMN analytics.opt_out.article_id IS 'The article, where one page says it. Example: 12.';
COMMENT ON COLUMN analytics.opt_out.url IS 'Its address. Example: https://harbor-gazette.example/2026/red-lab.';
COMMENT ON COLUMN analytics.opt_out.publisher IS 'Its publisher. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.opt_out.signal IS 'What is said, and where. Example: meta robots: noai.';
COMMENT ON COLUMN analytics.opt_out.seen_at IS 'When it was read. Example: 2026-03-01 12:00+00.';

CREATE VIEW analytics.alert_health AS
SELECT c.channel,
       CASE WHEN NOT c.active THEN 'not_configured'
            WHEN c.circuit_opened_at IS NOT NULL THEN 'circuit_open'
            WHEN c.failing_since IS NOT NULL AND coalesce(d.dead_since_success, 0) > 0 THEN 'dead'
            WHEN c.failing_since IS NOT NULL THEN 'failing'
            ELSE 'ok' END AS state,
       coalesce(d.undelivered, 0) AS undelivered,
       coalesce(d.held, 0) AS held,
       coalesce(d.dead, 0) AS dead,
       coalesce(d.sent_last_day, 0) AS sent_last_day,
       d.oldest_queued_at,
       extract(epoch FROM now() - d.oldest_queued_at)::bigint AS oldest_queued_seconds,
       c.failing_since,
       c.paused_until,
       c.circuit_opened_at,
       c.last_sent_at,
       c.last_error
FROM alert.channel c
LEFT JOIN (
    SELECT d.channel,
           count(*) FILTER (WHERE d.state IN ('queued', 'sending')) AS undelivered,
           count(*) FILTER (WHERE d.state = 'held') AS held,
           count(*) FILTER (WHERE d.state = 'dead') AS dead,
           count(*) FILTER (WHERE d.state = 'dead' AND (k.last_sent_at IS NULL OR d.queued_at > k.last_sent_at))
               AS dead_since_success,
           count(*) FILTER (WHERE d.state = 'sent' AND d.sent_at > now() - interval '1 day') AS sent_last_day,
           min(d.queued_at) FILTER (WHERE d.state IN ('queued', 'sending', 'held')) AS oldest_queued_at
    FROM alert.delivery d
    JOIN alert.channel k USING (channel)
    GROUP BY d.channel
) d USING (channel);

COMMENT ON VIEW analytics.alert_health IS 'Alert channels with what is stuck in them, a line a channel. Addresses are secret and are not shown.';
COMMENT ON COLUMN analytics.alert_health.channel IS 'The channel by its public name. Example: slack-1.';
COMMENT ON COLUMN analytics.alert_health.state IS 'ok, failing (does not answer, alerts wait), dead (alerts were given up since it last worked), circuit_open (a storm is held for a person to decide) or not_configured. Example: ok.';
COMMENT ON COLUMN analytics.alert_health.undelivered IS 'Alerts that wait or are being sent. Example: 0.';
COMMENT ON COLUMN analytics.alert_health.held IS 'Alerts held back by a storm. Example: 0.';
COMMENT ON COLUMN analytics.alert_health.dead IS 'Alerts given up after 72 hours. Example: 0.';
COMMENT ON COLUMN analytics.alert_health.sent_last_day IS 'Alerts sent within the last 24 hours. Example: 12.';
COMMENT ON COLUMN analytics.alert_health.oldest_queued_at IS 'Since when the oldest alert waits. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.alert_health.oldest_queued_seconds IS 'How long the oldest alert has waited, in seconds. Example: 40.';
COMMENT ON COLUMN analytics.alert_health.failing_since IS 'Since when every attempt fails. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.alert_health.paused_until IS 'When the channel is tried again. Example: 2026-03-01 12:16+00.';
COMMENT ON COLUMN analytics.alert_health.circuit_opened_at IS 'When the storm began. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.alert_health.last_sent_at IS 'When a message last arrived. Example: 2026-03-01 12:07+00.';
COMMENT ON COLUMN analytics.alert_health.last_error IS 'What the receiver last answered, without anything secret. Example: HTTP 503.';
