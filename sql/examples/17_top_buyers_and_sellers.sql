-- Which groups pay and receive most?
-- Firm dollars, subsidiaries counted with their parents, each deal's dollars shared among its payers and receivers.
SELECT name, round(sum(paid)) AS paid_usd, round(sum(received)) AS received_usd, round(sum(received) - sum(paid)) AS net_usd
FROM (
    SELECT from_group_name AS name, share_usd AS paid, 0 AS received FROM analytics.money_flow WHERE amount_class = 'firm'
    UNION ALL
    SELECT to_group_name, 0, share_usd FROM analytics.money_flow WHERE amount_class = 'firm'
) AS side
GROUP BY name
ORDER BY sum(paid) + sum(received) DESC, name
LIMIT 25;
