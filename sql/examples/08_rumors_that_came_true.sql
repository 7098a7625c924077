-- Which rumors came true, and how long did they take?
-- From the first version that called the deal a rumor to the first one that did not.
SELECT r.deal_id, d.headline, min(r.valid_at) AS rumored_at, a.announced_at,
    round(extract(epoch FROM a.announced_at - min(r.valid_at)) / 86400, 1) AS days
FROM analytics.deal_version AS r
JOIN analytics.deal AS d USING (deal_id)
JOIN LATERAL (
    SELECT min(v.valid_at) AS announced_at FROM analytics.deal_version AS v
    WHERE v.deal_id = r.deal_id AND v.version > r.version AND v.status IN ('announced', 'completed')
) AS a ON a.announced_at IS NOT NULL
WHERE r.status = 'rumored'
GROUP BY r.deal_id, d.headline, a.announced_at
ORDER BY days, r.deal_id;
