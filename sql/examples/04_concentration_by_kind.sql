-- How concentrated is each kind of deal on few receivers?
-- Herfindahl index over groups: 10000 is one receiver for all, under 1500 is spread out. Firm dollars only.
WITH received AS (
    SELECT kind, to_group_name, sum(share_usd) AS usd
    FROM analytics.money_flow WHERE amount_class = 'firm'
    GROUP BY 1, 2
), shared AS (
    SELECT kind, to_group_name, usd, usd / sum(usd) OVER (PARTITION BY kind) AS share FROM received WHERE usd > 0
)
SELECT kind, count(*) AS receivers, round(sum(share * share) * 10000) AS herfindahl,
    (array_agg(to_group_name ORDER BY share DESC, to_group_name))[1] AS largest, round(max(share) * 100, 1) AS largest_percent
FROM shared
GROUP BY kind
ORDER BY herfindahl DESC, kind;
