-- Who pays whom: the roles of each kind turned into payer and receiver.

CREATE VIEW analytics.money_flow AS
SELECT
    d.deal_id,
    d.kind,
    d.deal_on,
    d.amount_class,
    w.from_id,
    f.name AS from_name,
    coalesce(fg.organisation_id, f.organisation_id) AS from_group_id,
    coalesce(fg.name, f.name) AS from_group_name,
    w.to_id,
    t.name AS to_name,
    coalesce(tg.organisation_id, t.organisation_id) AS to_group_id,
    coalesce(tg.name, t.name) AS to_group_name,
    d.amount_usd,
    d.amount_usd / w.ways AS share_usd,
    d.term_months
FROM deal.deal_flow AS w
JOIN deal.deal AS d ON d.deal_id = w.deal_id AND d.merged_into IS NULL
JOIN deal.organisation AS f ON f.organisation_id = w.from_id
LEFT JOIN deal.organisation AS fg ON fg.organisation_id = f.parent_id
JOIN deal.organisation AS t ON t.organisation_id = w.to_id
LEFT JOIN deal.organisation AS tg ON tg.organisation_id = t.parent_id;

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
