-- What does a gigawatt cost, and which deals are far off?
-- Firm amounts with an exact or approximate capacity; "times_median" over 3 or under 1/3 deserves a look at the evidence.
WITH priced AS (
    SELECT d.deal_id, d.headline, d.kind, d.amount_usd, sum(c.gigawatts) AS gigawatts
    FROM analytics.deal AS d
    JOIN analytics.deal_capacity AS c USING (deal_id)
    WHERE d.amount_class = 'firm' AND c.gigawatts > 0 AND c.qualifier IN ('exact', 'approx')
    GROUP BY 1, 2, 3, 4
), median AS (
    SELECT kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY (amount_usd / gigawatts)::double precision) AS usd_per_gw
    FROM priced GROUP BY kind
)
SELECT p.deal_id, p.headline, p.kind, p.gigawatts, round(p.amount_usd / p.gigawatts) AS usd_per_gw,
    round(((p.amount_usd / p.gigawatts)::double precision / m.usd_per_gw)::numeric, 2) AS times_median
FROM priced AS p
JOIN median AS m USING (kind)
ORDER BY times_median DESC, p.deal_id;
