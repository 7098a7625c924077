-- The lower end of a range is not above the upper end, and no amount is negative.
SELECT deal_id, amount_low, amount, amount_high FROM deal.deal
WHERE amount_low > amount_high OR amount < 0 OR valuation < 0;
