-- How did amounts move between the first report and now?
-- Compares the first version with the present one, in the same currency.
SELECT d.deal_id, d.headline, f.amount AS first_amount, d.amount AS amount_now, d.currency,
    round((d.amount / f.amount - 1) * 100, 1) AS percent, d.version AS versions
FROM analytics.deal AS d
JOIN analytics.deal_version AS f ON f.deal_id = d.deal_id AND f.version = 1
WHERE f.amount > 0 AND f.currency = d.currency AND f.amount <> d.amount
ORDER BY abs(d.amount / f.amount - 1) DESC, d.deal_id;
