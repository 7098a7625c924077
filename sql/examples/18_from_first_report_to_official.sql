-- How long until a party or a filing confirmed a deal?
-- From the first report to the first official one, for the last year's deals; deals that were official from the start are at 0.
SELECT s.deal_id, d.headline, min(s.at) AS first_report_at, min(s.at) FILTER (WHERE s.official) AS official_at,
    round(extract(epoch FROM min(s.at) FILTER (WHERE s.official) - min(s.at)) / 3600, 1) AS hours
FROM (
    SELECT deal_id, official, coalesce(published_at, first_seen_at) AS at FROM analytics.deal_source
    WHERE deal_id = ANY (ARRAY(SELECT n.deal_id FROM analytics.deal AS n WHERE n.first_reported_at > now() - interval '1 year'))
) AS s
JOIN analytics.deal AS d USING (deal_id)
GROUP BY s.deal_id, d.headline
HAVING bool_or(s.official)
ORDER BY hours DESC, s.deal_id;
