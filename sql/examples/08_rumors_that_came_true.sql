-- Which rumors came true, and how long did they take?
-- From the first version that called the deal a rumor to the first later one that did not, whatever became of it in between; a rumor
-- that was told as a deal of its own and merged later counts for the deal it became.
WITH told AS (
    SELECT coalesce(m.merged_into, v.deal_id) AS deal_id, v.valid_at, v.status
    FROM analytics.deal_version AS v
    LEFT JOIN (SELECT deal_id, merged_into FROM analytics.deal_version WHERE merged_into IS NOT NULL AND replaced_at IS NULL) AS m
        USING (deal_id)
    WHERE v.merged_into IS NULL
), rumor AS (
    SELECT deal_id, min(valid_at) AS rumored_at FROM told WHERE status = 'rumored' GROUP BY deal_id
)
SELECT r.deal_id, d.headline, r.rumored_at, min(t.valid_at) AS announced_at,
    round(extract(epoch FROM min(t.valid_at) - r.rumored_at) / 86400, 1) AS days
FROM rumor AS r
JOIN told AS t ON t.deal_id = r.deal_id AND t.valid_at > r.rumored_at AND t.status IN ('announced', 'completed')
JOIN analytics.deal AS d ON d.deal_id = r.deal_id AND d.status IN ('announced', 'completed')
GROUP BY r.deal_id, d.headline, r.rumored_at
ORDER BY days, r.deal_id;
