-- What analysts sum up, kept where it is written instead of worked out at each question, and a place in the order of
-- commits for whoever follows the changes.

-- The day to group by and what kind of dollars an amount is: of the row itself, so the row holds them.
ALTER TABLE deal.deal
    ADD COLUMN deal_on date GENERATED ALWAYS AS (coalesce(announced_on, (first_reported_at AT TIME ZONE 'UTC')::date)) STORED,
    ADD COLUMN amount_class text GENERATED ALWAYS AS (CASE
        WHEN amount_usd IS NULL THEN NULL
        WHEN status = 'cancelled' THEN 'cancelled'
        WHEN status = 'rumored' THEN 'rumored'
        WHEN disputed OR needs_review THEN 'doubtful'
        WHEN amount_basis = 'per_year' THEN 'per_year'
        WHEN amount_qualifier = 'up_to' THEN 'up_to'
        ELSE 'firm'
    END) STORED;
DROP INDEX deal.deal_by_day;
CREATE INDEX deal_by_day ON deal.deal (deal_on DESC, deal_id DESC) WHERE merged_into IS NULL;
CREATE INDEX deal_by_update ON deal.deal (updated_at DESC, deal_id DESC) WHERE merged_into IS NULL;
CREATE INDEX deal_by_sources ON deal.deal (independent_source_count DESC, deal_id DESC) WHERE merged_into IS NULL;
COMMENT ON COLUMN deal.deal.deal_on IS 'The day to sort and group by: announced_on, else the UTC day of the first report.';
COMMENT ON COLUMN deal.deal.amount_class IS 'What kind of dollars amount_usd is; only firm ones can be added up.';

-- Who pays whom in each deal. Follows deal_party in the same statement, whoever writes it.
CREATE TABLE deal.deal_flow (
    deal_id         bigint NOT NULL REFERENCES deal.deal ON DELETE CASCADE,
    from_id         text NOT NULL REFERENCES deal.organisation,
    to_id           text NOT NULL REFERENCES deal.organisation,
    ways            integer NOT NULL CHECK (ways > 0),
    PRIMARY KEY (deal_id, from_id, to_id),
    CHECK (from_id <> to_id)
);
CREATE INDEX deal_flow_by_payer ON deal.deal_flow (from_id, deal_id);
CREATE INDEX deal_flow_by_payee ON deal.deal_flow (to_id, deal_id);
COMMENT ON TABLE deal.deal_flow IS 'Who pays whom in each deal; worked out from deal.deal_party by a trigger.';
COMMENT ON COLUMN deal.deal_flow.deal_id IS 'The deal.';
COMMENT ON COLUMN deal.deal_flow.from_id IS 'Who pays: a customer, investor, acquirer or lender.';
COMMENT ON COLUMN deal.deal_flow.to_id IS 'Who receives: a provider, developer, investee, seller or borrower; a target where nobody sells it.';
COMMENT ON COLUMN deal.deal_flow.ways IS 'How many rows the deal has here: the amount is divided by it.';

CREATE FUNCTION deal.flow_of(deals bigint[]) RETURNS TABLE (deal_id bigint, from_id text, to_id text, ways integer)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT x.deal_id, x.from_id, x.to_id, (count(*) OVER (PARTITION BY x.deal_id))::integer
    FROM (
        SELECT DISTINCT a.deal_id, a.organisation_id AS from_id, b.organisation_id AS to_id
        FROM deal.deal_party AS a
        JOIN deal.deal_party AS b ON b.deal_id = a.deal_id AND b.organisation_id <> a.organisation_id
        WHERE a.deal_id = ANY (deals) AND a.role IN ('customer', 'investor', 'acquirer', 'lender')
            AND (b.role IN ('provider', 'developer', 'investee', 'seller', 'borrower') OR b.role = 'target' AND NOT EXISTS (
                SELECT FROM deal.deal_party AS s WHERE s.deal_id = b.deal_id AND s.role = 'seller'))
    ) AS x;
END;
COMMENT ON FUNCTION deal.flow_of IS 'Who pays whom in these deals, as their parties say.';

CREATE FUNCTION deal.follow_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    deals bigint[] := ARRAY(SELECT DISTINCT c.deal_id FROM changed AS c);
BEGIN
    DELETE FROM deal.deal_flow AS f WHERE f.deal_id = ANY (deals);
    INSERT INTO deal.deal_flow (deal_id, from_id, to_id, ways)
    SELECT f.deal_id, f.from_id, f.to_id, f.ways FROM deal.flow_of(deals) AS f ORDER BY 1, 2, 3;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION deal.follow_parties IS 'Keeps deal.deal_flow equal to what deal.deal_party says.';

CREATE TRIGGER party_added AFTER INSERT ON deal.deal_party
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION deal.follow_parties();
CREATE TRIGGER party_changed AFTER UPDATE ON deal.deal_party
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION deal.follow_parties();
CREATE TRIGGER party_gone AFTER DELETE ON deal.deal_party
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION deal.follow_parties();

INSERT INTO deal.deal_flow (deal_id, from_id, to_id, ways)
SELECT f.deal_id, f.from_id, f.to_id, f.ways FROM deal.flow_of(ARRAY(SELECT d.deal_id FROM deal.deal AS d)) AS f;

-- A transaction that began early may commit late. With its number in the row, a reader can stop before the first one
-- that still runs, and so miss nothing.
ALTER TABLE deal.deal_version
    ADD COLUMN recorded_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN merged_into bigint GENERATED ALWAYS AS ((record ->> 'merged_into')::bigint) STORED;
CREATE INDEX deal_version_by_transaction ON deal.deal_version (recorded_in, deal_id, version);
CREATE INDEX deal_version_timeline ON deal.deal_version (deal_id, version) INCLUDE (recorded_at, merged_into);
COMMENT ON COLUMN deal.deal_version.recorded_in IS 'The transaction that recorded it.';
COMMENT ON COLUMN deal.deal_version.merged_into IS 'The deal that this one turned out to be, where this version merges it.';

CREATE INDEX mention_primary ON deal.mention (deal_id) WHERE salience = 'primary' AND superseded_at IS NULL;
CREATE INDEX article_retracted ON news.article (article_id) WHERE retracted_at IS NOT NULL;
CREATE INDEX entry_by_feed ON news.entry (feed_id, first_seen_at);
CREATE INDEX organisation_alias_by_organisation ON deal.organisation_alias (organisation_id, alias);
