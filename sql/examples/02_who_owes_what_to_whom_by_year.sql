-- Who owes how much to whom in each year?
-- A contract's firm dollars are spread evenly over its months from the day of the deal; without a term they fall due at once.
WITH commitment AS (
    SELECT from_name, to_name, share_usd, greatest(coalesce(term_months, 1), 1) AS months,
        (extract(year FROM deal_on) * 12 + extract(month FROM deal_on) - 1)::integer AS first_month
    FROM analytics.money_flow
    WHERE kind IN ('compute_contract', 'chip_supply', 'power', 'datacenter') AND amount_class = 'firm'
)
SELECT y.year, c.from_name AS customer, c.to_name AS provider,
    round(sum(c.share_usd * (least(c.first_month + c.months, y.year * 12 + 12) - greatest(c.first_month, y.year * 12)) / c.months))
        AS due_usd
FROM commitment AS c
CROSS JOIN LATERAL generate_series(c.first_month / 12, (c.first_month + c.months - 1) / 12) AS y (year)
GROUP BY 1, 2, 3
ORDER BY 1, 4 DESC, 2, 3;
