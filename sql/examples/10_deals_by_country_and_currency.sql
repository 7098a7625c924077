-- Where do the parties sit, and in which currencies are deals made?
-- A deal counts once in each country and currency; its dollars are not added over countries, since parties share them.
SELECT p.country, d.currency, count(*) AS deals, max(d.amount_usd) AS largest_usd
FROM (SELECT DISTINCT deal_id, coalesce(country, 'unknown') AS country FROM analytics.deal_party) AS p
JOIN (SELECT deal_id, coalesce(currency, 'none') AS currency, amount_usd FROM analytics.deal) AS d USING (deal_id)
GROUP BY 1, 2
ORDER BY deals DESC, 1, 2;
