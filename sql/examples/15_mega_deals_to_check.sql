-- Which large deals stand on thin ice?
-- A billion dollars or more by a single independent source, not confirmed by a party, or under review.
SELECT deal_id, headline, amount_usd, amount_class, independent_source_count, officially_confirmed, confidence, needs_review
FROM analytics.deal
WHERE amount_usd >= 1000000000 AND (needs_review OR disputed OR (independent_source_count < 2 AND NOT officially_confirmed))
ORDER BY amount_usd DESC, deal_id;
