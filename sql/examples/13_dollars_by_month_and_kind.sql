-- How many deals and dollars came each month, by kind?
-- Five dollar columns that must not be added to one another: agreed, ceilings, yearly, rumored, doubtful.
SELECT month_on, kind, deals, without_amount, firm_usd, up_to_usd, per_year_usd, rumored_usd, doubtful_usd
FROM analytics.deal_total
ORDER BY month_on DESC, kind;
