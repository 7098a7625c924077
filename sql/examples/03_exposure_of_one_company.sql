-- How much does one company owe, and how much is it owed?
-- Takes the company with the most deals; put another id into the first line. Kinds of dollars are kept apart.
WITH company AS (SELECT organisation_id FROM analytics.organisation ORDER BY deals DESC, organisation_id LIMIT 1), flow AS (
    SELECT 'pays' AS side, f.* FROM company AS c JOIN analytics.money_flow AS f ON f.from_id = c.organisation_id
    UNION ALL
    SELECT 'receives', f.* FROM company AS c JOIN analytics.money_flow AS f ON f.to_id = c.organisation_id
)
SELECT side, kind, amount_class, count(DISTINCT deal_id) AS deals, round(sum(share_usd)) AS usd
FROM flow
GROUP BY 1, 2, 3
ORDER BY 1, 5 DESC NULLS LAST, 2, 3;
