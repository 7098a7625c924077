-- Who reports deals first?
-- Counts first reports by publisher, and how far ahead of the second story they were.
SELECT s.publisher, count(*) AS first_reports,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM n.at - coalesce(s.published_at, s.first_seen_at)) / 3600)
        AS median_hours_ahead
FROM analytics.deal_source AS s
LEFT JOIN LATERAL (
    SELECT coalesce(o.published_at, o.first_seen_at) AS at FROM analytics.deal_source AS o
    WHERE o.deal_id = s.deal_id AND o.story_id IS DISTINCT FROM s.story_id
    ORDER BY 1 LIMIT 1
) AS n ON true
WHERE s.report_number = 1
GROUP BY s.publisher
ORDER BY first_reports DESC, s.publisher;
