-- Who owes how much to whom in each year?
-- A contract's firm dollars are spread evenly over its months from the day of the deal; without a term they fall due at once.
WITH commitment AS (
    SELECT from_name, to_name, share_usd, deal_on, greatest(coalesce(term_months, 1), 1) AS months
    FROM analytics.money_flow
    WHERE kind IN ('compute_contract', 'chip_supply', 'power', 'datacenter') AND amount_class = 'firm'
)
SELECT extract(year FROM due.on_day)::integer AS year, c.from_name AS customer, c.to_name AS provider,
    round(sum(c.share_usd / c.months)) AS due_usd
FROM commitment AS c
CROSS JOIN LATERAL generate_series(0, c.months - 1) AS n (month)
CROSS JOIN LATERAL (SELECT c.deal_on + make_interval(months => n.month)) AS due (on_day)
GROUP BY 1, 2, 3
ORDER BY 1, 4 DESC, 2, 3;
