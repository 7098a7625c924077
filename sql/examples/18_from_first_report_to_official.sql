-- How long until a party or a filing confirmed a deal?
-- From the first report to the first official one; deals that were official from the start are at 0.
SELECT s.deal_id, d.headline, min(coalesce(s.published_at, s.first_seen_at)) AS first_report_at,
    min(coalesce(s.published_at, s.first_seen_at)) FILTER (WHERE s.official) AS official_at,
    round(extract(epoch FROM min(coalesce(s.published_at, s.first_seen_at)) FILTER (WHERE s.official)
        - min(coalesce(s.published_at, s.first_seen_at))) / 3600, 1) AS hours
FROM analytics.deal_source AS s
JOIN analytics.deal AS d USING (deal_id)
GROUP BY s.deal_id, d.headline
HAVING bool_or(s.official)
ORDER BY hours DESC, s.deal_id;
