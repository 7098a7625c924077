-- What proves the amount of the largest deal?
-- The words of each article, with the probability that they mean what we read.
SELECT d.headline, e.value, e.quote, e.probability, e.publisher, e.published_at, e.url
FROM analytics.deal AS d
JOIN analytics.deal_evidence AS e USING (deal_id)
WHERE d.deal_id = (SELECT deal_id FROM analytics.mega_deal ORDER BY amount_usd DESC, deal_id LIMIT 1) AND e.field = 'amount'
ORDER BY e.probability DESC, e.mention_id;
