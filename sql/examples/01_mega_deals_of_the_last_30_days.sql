-- Which deals of a billion dollars or more came in the last 30 days?
-- amount_class says whether the figure is agreed (firm), a ceiling (up_to) or for each year (per_year).
SELECT deal_on, headline, parties, amount_usd, amount_class, officially_confirmed, source_count
FROM analytics.mega_deal
WHERE deal_on > current_date - 30
ORDER BY amount_usd DESC, deal_id;
