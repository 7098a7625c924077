-- Deals, one row each. A deal that was merged into another is never a row here.

CREATE VIEW analytics.deal AS
SELECT
    d.deal_id,
    d.version,
    d.kind,
    d.status,
    d.disputed,
    d.headline,
    d.deal_on,
    d.announced_on,
    (SELECT string_agg(o.name || ' (' || p.role || ')', ', ' ORDER BY p.role, o.name)
        FROM deal.deal_party AS p JOIN deal.organisation AS o USING (organisation_id)
        WHERE p.deal_id = d.deal_id) AS parties,
    d.amount,
    d.amount_low,
    d.amount_high,
    d.amount_text,
    d.currency,
    d.amount_qualifier,
    d.amount_basis,
    d.amount_usd,
    d.usd_rate,
    d.usd_rate_on,
    d.amount_class,
    d.valuation,
    d.valuation_currency,
    d.term_months,
    d.first_reported_at,
    d.last_reported_at,
    d.source_count,
    d.independent_source_count,
    d.officially_confirmed,
    d.confidence,
    d.needs_review,
    d.created_at,
    d.updated_at,
    NOT EXISTS (
        SELECT FROM deal.mention AS m
        WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = d.deal_id OR r.merged_into = d.deal_id)
            AND m.salience = 'primary' AND m.superseded_at IS NULL
    ) AS recalled
FROM deal.deal AS d
WHERE d.merged_into IS NULL;

COMMENT ON VIEW analytics.deal IS 'What we believe of each deal now: one row a deal, merged ones never counted.';
COMMENT ON COLUMN analytics.deal.deal_id IS 'The deal''s number; stays the same over all versions. Example: 17.';
COMMENT ON COLUMN analytics.deal.version IS 'How often our belief changed, from 1. Each version is in analytics.deal_version. Example: 3.';
COMMENT ON COLUMN analytics.deal.kind IS 'What is traded: compute_contract, chip_supply, datacenter, power, equity_investment, acquisition, debt_financing, joint_venture or partnership. Example: compute_contract.';
COMMENT ON COLUMN analytics.deal.status IS 'rumored, announced, completed or cancelled. Example: announced.';
COMMENT ON COLUMN analytics.deal.disputed IS 'Whether a party denied the deal, or sources contradict each other on whether there is one. Example: false.';
COMMENT ON COLUMN analytics.deal.headline IS 'The deal in a line. Example: "Blue Cloud sells computing to Red Lab".';
COMMENT ON COLUMN analytics.deal.deal_on IS 'The day to sort and group by: announced_on, else the UTC day of the first report. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.deal.announced_on IS 'The day the deal was announced, as the reports say; NULL where none does. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.deal.parties IS 'All parties with their roles, for reading; analytics.deal_party has them as rows. Example: "Blue Cloud (provider), Red Lab (customer)".';
COMMENT ON COLUMN analytics.deal.amount IS 'The figure to quote, in whole units of currency; the upper end of a range. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal.amount_low IS 'The lower end where a range was said. Example: 33000000000.';
COMMENT ON COLUMN analytics.deal.amount_high IS 'The upper end where a range was said. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal.amount_text IS 'The amount as it was said. Example: "up to $38 billion".';
COMMENT ON COLUMN analytics.deal.currency IS 'ISO 4217 code of amount. Example: USD.';
COMMENT ON COLUMN analytics.deal.amount_qualifier IS 'exact, approx, up_to or at_least. Example: up_to.';
COMMENT ON COLUMN analytics.deal.amount_basis IS 'total for the whole deal, per_year where the figure is for each year. Example: total.';
COMMENT ON COLUMN analytics.deal.amount_usd IS 'amount in US dollars at usd_rate; NULL where there is no rate. Never add these up without looking at amount_class. Example: 38000000000.';
COMMENT ON COLUMN analytics.deal.usd_rate IS 'US dollars for one unit of currency. Example: 1.0842.';
COMMENT ON COLUMN analytics.deal.usd_rate_on IS 'The day of that rate (European Central Bank). Example: 2026-02-27.';
COMMENT ON COLUMN analytics.deal.amount_class IS 'What kind of dollars amount_usd is: firm (can be added up), up_to (a ceiling), per_year (each year), rumored, doubtful (disputed or in review), cancelled. Example: firm.';
COMMENT ON COLUMN analytics.deal.valuation IS 'What the company is worth by this deal, in valuation_currency. Example: 183000000000.';
COMMENT ON COLUMN analytics.deal.valuation_currency IS 'ISO 4217 code of valuation. Example: USD.';
COMMENT ON COLUMN analytics.deal.term_months IS 'How long the deal runs, in months. Example: 84.';
COMMENT ON COLUMN analytics.deal.first_reported_at IS 'When the earliest report appeared. Example: 2026-03-01 12:00+00.';
COMMENT ON COLUMN analytics.deal.last_reported_at IS 'When the latest report appeared. Example: 2026-03-04 08:30+00.';
COMMENT ON COLUMN analytics.deal.source_count IS 'How many articles report it. Example: 9.';
COMMENT ON COLUMN analytics.deal.independent_source_count IS 'How many of them are not copies of one another. Example: 4.';
COMMENT ON COLUMN analytics.deal.officially_confirmed IS 'Whether a party or a filing says so itself. Example: true.';
COMMENT ON COLUMN analytics.deal.confidence IS 'Probability, 0 to 1, that the record is right. Example: 0.93.';
COMMENT ON COLUMN analytics.deal.needs_review IS 'Whether a person should look before anybody relies on it. Example: false.';
COMMENT ON COLUMN analytics.deal.created_at IS 'When the deal came into this database. Example: 2026-03-01 12:05+00.';
COMMENT ON COLUMN analytics.deal.updated_at IS 'When its present version was recorded. Example: 2026-03-02 07:05+00.';
COMMENT ON COLUMN analytics.deal.recalled IS 'Whether no article has the deal as its news and some only recall it: it is of another time, and deal_on may be the day it was recalled. The page leaves such deals out of sums. Example: false.';

CREATE VIEW analytics.mega_deal AS
SELECT * FROM analytics.deal AS d
WHERE d.amount_usd >= 1000000000 AND d.amount_class IN ('firm', 'up_to', 'per_year');

COMMENT ON VIEW analytics.mega_deal IS 'Deals of at least one billion US dollars that were announced or completed; rumors are in analytics.mega_rumor. Columns as in analytics.deal.';

CREATE VIEW analytics.mega_rumor AS
SELECT * FROM analytics.deal AS d
WHERE d.amount_usd >= 1000000000 AND d.amount_class IN ('rumored', 'doubtful');

COMMENT ON VIEW analytics.mega_rumor IS 'Deals of at least one billion US dollars that are only rumored, disputed, or wait for review. Columns as in analytics.deal.';

CREATE VIEW analytics.deal_total AS
SELECT
    date_trunc('month', d.deal_on)::date AS month_on,
    d.kind,
    count(*) AS deals,
    count(*) FILTER (WHERE d.amount_usd IS NULL) AS without_amount,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'firm'), 0) AS firm_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'up_to'), 0) AS up_to_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'per_year'), 0) AS per_year_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'rumored'), 0) AS rumored_usd,
    coalesce(sum(d.amount_usd) FILTER (WHERE d.amount_class = 'doubtful'), 0) AS doubtful_usd
FROM analytics.deal AS d
GROUP BY 1, 2;

COMMENT ON VIEW analytics.deal_total IS 'Deals and dollars by month and kind. The five dollar columns are different things and each deal is in at most one of them.';
COMMENT ON COLUMN analytics.deal_total.month_on IS 'First day of the month of deal_on. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.deal_total.kind IS 'As in analytics.deal. Example: power.';
COMMENT ON COLUMN analytics.deal_total.deals IS 'Number of deals. Example: 12.';
COMMENT ON COLUMN analytics.deal_total.without_amount IS 'How many of them have no amount in dollars, so that no sum holds them. Example: 5.';
COMMENT ON COLUMN analytics.deal_total.firm_usd IS 'Announced or completed totals, exact, approximate or at least. Example: 41000000000.';
COMMENT ON COLUMN analytics.deal_total.up_to_usd IS 'Ceilings ("up to"): what may come, not what was agreed. Example: 10000000000.';
COMMENT ON COLUMN analytics.deal_total.per_year_usd IS 'Dollars for each year; not comparable with totals. Example: 2000000000.';
COMMENT ON COLUMN analytics.deal_total.rumored_usd IS 'Dollars of rumored deals. Example: 30000000000.';
COMMENT ON COLUMN analytics.deal_total.doubtful_usd IS 'Dollars of deals that are disputed or wait for review. Example: 0.';
