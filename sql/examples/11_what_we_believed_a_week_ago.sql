-- What did we believe of each deal a week ago, where we believe something else now?
-- deal_as_of gives the whole table as it was at any time.
SELECT w.deal_id, w.status AS status_then, d.status AS status_now, w.amount AS amount_then, d.amount AS amount_now,
    d.currency, d.headline
FROM analytics.deal_as_of(now() - interval '7 days') AS w
JOIN analytics.deal AS d USING (deal_id)
WHERE d.updated_at > now() - interval '7 days' -- all others are as they were
    AND (w.status, w.amount, w.currency) IS DISTINCT FROM (d.status, d.amount, d.currency)
ORDER BY w.deal_id;
