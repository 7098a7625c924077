-- Where do the parties sit, and in which currencies are deals made?
-- A deal counts once in each country and currency; its dollars are not added over countries, since parties share them.
SELECT coalesce(p.country, 'unknown') AS country, coalesce(d.currency, 'none') AS currency,
    count(DISTINCT d.deal_id) AS deals, max(d.amount_usd) AS largest_usd
FROM analytics.deal AS d
JOIN analytics.deal_party AS p USING (deal_id)
GROUP BY 1, 2
ORDER BY deals DESC, 1, 2;
