-- What does a chip cost in deals that name how many?
-- Counts of GPUs and chips with firm amounts; "up to" quantities are left out, since nobody agreed to buy them.
SELECT d.deal_id, d.headline, c.item, c.unit, c.quantity, round(d.amount_usd / c.quantity) AS usd_per_chip
FROM analytics.deal AS d
JOIN analytics.deal_capacity AS c USING (deal_id)
WHERE d.amount_class = 'firm' AND c.unit IN ('GPU', 'chip', 'CPU') AND c.quantity > 0 AND c.qualifier <> 'up_to'
ORDER BY usd_per_chip DESC, d.deal_id;
