-- A merged deal points to one that stands by itself.
SELECT d.deal_id, d.merged_into FROM deal.deal AS d JOIN deal.deal AS o ON o.deal_id = d.merged_into WHERE o.merged_into IS NOT NULL;
