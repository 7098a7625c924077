-- Which feeds are not well, and what may we have missed?
-- Gaps are times in which entries may have come and gone between two polls.
SELECT f.publisher, f.title, f.health, f.last_ok_at, f.last_outcome, f.last_detail,
    (SELECT sum(g.length) FROM analytics.coverage_gap AS g
        WHERE g.feed_id = f.feed_id AND g.detected_at > now() - interval '30 days') AS gaps_of_30_days
FROM analytics.feed_health AS f
WHERE f.health NOT IN ('ok', 'inactive')
ORDER BY f.health, f.publisher, f.title;
