-- How much does one company owe, and how much is it owed?
-- Takes the company with the most deals; put another id into the first line. Kinds of dollars are kept apart.
WITH company AS (SELECT organisation_id FROM analytics.organisation ORDER BY deals DESC, organisation_id LIMIT 1)
SELECT CASE WHEN f.from_id = c.organisation_id THEN 'pays' ELSE 'receives' END AS side,
    f.kind, f.amount_class, count(DISTINCT f.deal_id) AS deals, round(sum(f.share_usd)) AS usd
FROM company AS c
JOIN analytics.money_flow AS f ON c.organisation_id IN (f.from_id, f.to_id)
GROUP BY 1, 2, 3
ORDER BY 1, 5 DESC NULLS LAST, 2, 3;
