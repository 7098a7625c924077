-- Who reports deals first?
-- Counts first reports of the last year's deals by publisher, and how far ahead of the next story they were; copies of the same text do not
-- count.
WITH story AS (
    SELECT deal_id, coalesce(story_id, -article_id) AS story, min(coalesce(published_at, first_seen_at)) AS at,
        (array_agg(publisher ORDER BY report_number))[1] AS publisher
    FROM analytics.deal_source
    WHERE deal_id = ANY (ARRAY(SELECT d.deal_id FROM analytics.deal AS d WHERE d.first_reported_at > now() - interval '1 year'))
    GROUP BY 1, 2
), placed AS (
    SELECT publisher, at, row_number() OVER w AS place, lead(at) OVER w AS next_at
    FROM story
    WINDOW w AS (PARTITION BY deal_id ORDER BY at, story)
)
SELECT publisher, count(*) AS first_reports,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM next_at - at)::double precision / 3600) AS median_hours_ahead
FROM placed
WHERE place = 1
GROUP BY publisher
ORDER BY first_reports DESC, publisher;
