-- The present version of every deal is the last one of its history, without a gap.
SELECT d.deal_id, d.version, max(v.version) AS recorded, count(v.version) AS versions
FROM deal.deal AS d
LEFT JOIN deal.deal_version AS v USING (deal_id)
GROUP BY d.deal_id
HAVING max(v.version) IS DISTINCT FROM d.version OR count(v.version) <> d.version;
