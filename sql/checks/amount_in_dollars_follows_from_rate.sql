-- Dollars are the amount times the rate that is stored beside it.
SELECT deal_id, amount, currency, usd_rate, amount_usd
FROM deal.deal
WHERE (amount_usd IS NULL) <> (usd_rate IS NULL)
    OR amount_usd IS NOT NULL AND (amount IS NULL OR abs(amount_usd - amount * usd_rate) > greatest(1, abs(amount_usd) * 0.001));
