-- Who pays whom is what the deal's parties say.
SELECT deal_id, coalesce(f.from_id, p.from_id) AS from_id, coalesce(f.to_id, p.to_id) AS to_id, f.ways AS ways_kept, p.ways AS ways_due
FROM deal.deal_flow AS f
FULL JOIN deal.flow_of(ARRAY(SELECT d.deal_id FROM deal.deal AS d)) AS p USING (deal_id, from_id, to_id)
WHERE f.ways IS DISTINCT FROM p.ways
