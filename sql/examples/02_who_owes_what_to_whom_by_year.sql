-- Who owes how much to whom in each year?
-- Firm contracts with a term are spread evenly over its months from the month of the deal (due_usd). Firm ones without a term stand in
-- the year of the deal (no_term_usd), since nobody said when they are paid. Annual amounts count for the months of the term in that year,
-- twelve months where no term is known (yearly_usd). Ceilings ("up to"), rumors and disputed deals are owed by nobody and left out.
WITH commitment AS (
    SELECT from_name, to_name, share_usd, amount_class, term_months,
        coalesce(term_months, CASE amount_class WHEN 'per_year' THEN 12 ELSE 1 END) AS months,
        (extract(year FROM deal_on) * 12 + extract(month FROM deal_on) - 1)::integer AS first_month
    FROM analytics.money_flow
    WHERE kind IN ('compute_contract', 'chip_supply', 'power', 'datacenter') AND amount_class IN ('firm', 'per_year')
), due AS (
    SELECT y.year, c.from_name, c.to_name, c.amount_class, c.term_months, c.share_usd, c.months,
        least(c.first_month + c.months, y.year * 12 + 12) - greatest(c.first_month, y.year * 12) AS months_of_year
    FROM commitment AS c
    CROSS JOIN LATERAL generate_series(c.first_month / 12, (c.first_month + c.months - 1) / 12) AS y (year)
)
SELECT year, from_name AS customer, to_name AS provider,
    round(sum(share_usd * months_of_year / months) FILTER (WHERE amount_class = 'firm' AND term_months IS NOT NULL)) AS due_usd,
    round(sum(share_usd) FILTER (WHERE amount_class = 'firm' AND term_months IS NULL)) AS no_term_usd,
    round(sum(share_usd * months_of_year / 12) FILTER (WHERE amount_class = 'per_year')) AS yearly_usd
FROM due
GROUP BY 1, 2, 3
ORDER BY 1, 4 DESC NULLS LAST, 5 DESC NULLS LAST, 6 DESC NULLS LAST, 2, 3;
