-- The parties of a deal are those of its present version.
SELECT d.deal_id, (SELECT count(*) FROM deal.deal_party AS p WHERE p.deal_id = d.deal_id) AS parties, jsonb_array_length(v.record -> 'parties') AS recorded
FROM deal.deal AS d
JOIN deal.deal_version AS v ON v.deal_id = d.deal_id AND v.version = d.version
WHERE d.merged_into IS NULL
    AND (SELECT count(*) FROM deal.deal_party AS p WHERE p.deal_id = d.deal_id) > jsonb_array_length(v.record -> 'parties');
