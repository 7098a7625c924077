-- Who pays whom: the roles of each kind turned into payer and receiver.

CREATE VIEW analytics.money_flow AS
WITH side AS NOT MATERIALIZED (
    SELECT p.deal_id, p.organisation_id, p.name, p.group_id, p.group_name,
        p.role IN ('customer', 'investor', 'acquirer', 'lender') AS pays,
        p.role IN ('provider', 'developer', 'investee', 'seller', 'borrower')
            OR (p.role = 'target' AND NOT EXISTS (
                SELECT FROM analytics.deal_party AS s WHERE s.deal_id = p.deal_id AND s.role = 'seller')) AS receives
    FROM analytics.deal_party AS p
)
SELECT
    d.deal_id,
    d.kind,
    d.deal_on,
    d.amount_class,
    f.organisation_id AS from_id,
    f.name AS from_name,
    f.group_id AS from_group_id,
    f.group_name AS from_group_name,
    t.organisation_id AS to_id,
    t.name AS to_name,
    t.group_id AS to_group_id,
    t.group_name AS to_group_name,
    d.amount_usd,
    d.amount_usd / count(*) OVER (PARTITION BY d.deal_id) AS share_usd,
    d.term_months
FROM analytics.deal AS d
JOIN side AS f ON f.deal_id = d.deal_id AND f.pays
JOIN side AS t ON t.deal_id = d.deal_id AND t.receives AND t.organisation_id <> f.organisation_id;

COMMENT ON VIEW analytics.money_flow IS 'Who pays whom: one row a deal, payer and receiver. Customers, investors, acquirers and lenders pay. Deals without two sides are not here.';
COMMENT ON COLUMN analytics.money_flow.deal_id IS 'The deal. Example: 17.';
COMMENT ON COLUMN analytics.money_flow.kind IS 'As in analytics.deal. Example: compute_contract.';
COMMENT ON COLUMN analytics.money_flow.deal_on IS 'As in analytics.deal. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.money_flow.amount_class IS 'As in analytics.deal: only firm ones can be added up. Example: firm.';
COMMENT ON COLUMN analytics.money_flow.from_id IS 'Who pays. Example: openai.';
COMMENT ON COLUMN analytics.money_flow.from_name IS 'Its name. Example: OpenAI.';
COMMENT ON COLUMN analytics.money_flow.from_group_id IS 'Its parent, or itself. Example: openai.';
COMMENT ON COLUMN analytics.money_flow.from_group_name IS 'That one''s name. Example: OpenAI.';
COMMENT ON COLUMN analytics.money_flow.to_id IS 'Who receives. Example: aws.';
COMMENT ON COLUMN analytics.money_flow.to_name IS 'Its name. Example: AWS.';
COMMENT ON COLUMN analytics.money_flow.to_group_id IS 'Its parent, or itself. Example: amazon.';
COMMENT ON COLUMN analytics.money_flow.to_group_name IS 'That one''s name. Example: Amazon.';
COMMENT ON COLUMN analytics.money_flow.amount_usd IS 'The whole deal''s amount, on each of its rows: do not add it up. Example: 38000000000.';
COMMENT ON COLUMN analytics.money_flow.share_usd IS 'The amount divided evenly among the deal''s rows: what to add up. Example: 19000000000.';
COMMENT ON COLUMN analytics.money_flow.term_months IS 'As in analytics.deal. Example: 84.';
