-- Organisations, what articles say of deals (mentions and claims), deals folded from them, and human judgement.

CREATE TABLE deal.organisation (
    organisation_id text PRIMARY KEY,
    name            text NOT NULL,
    type            text NOT NULL,
    parent_id       text REFERENCES deal.organisation DEFERRABLE INITIALLY DEFERRED,
    country         text,
    ticker          text,
    provisional     boolean NOT NULL DEFAULT false,
    merged_into     text REFERENCES deal.organisation DEFERRABLE INITIALLY DEFERRED,
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE deal.organisation_alias (
    alias           text NOT NULL,
    organisation_id text NOT NULL REFERENCES deal.organisation ON DELETE CASCADE,
    PRIMARY KEY (alias, organisation_id)
);

CREATE TABLE deal.deal (
    deal_id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version             integer NOT NULL DEFAULT 1,
    kind                text NOT NULL CHECK (kind IN ('compute_contract', 'chip_supply', 'datacenter', 'power',
                            'equity_investment', 'acquisition', 'debt_financing', 'joint_venture', 'partnership')),
    status              text NOT NULL CHECK (status IN ('rumored', 'announced', 'completed', 'cancelled')),
    disputed            boolean NOT NULL DEFAULT false,
    amount              numeric,
    amount_low          numeric,
    amount_high         numeric,
    amount_text         text,
    currency            text CHECK (currency ~ '^[A-Z]{3}$'),
    amount_qualifier    text CHECK (amount_qualifier IN ('exact', 'approx', 'up_to', 'at_least')),
    amount_basis        text CHECK (amount_basis IN ('total', 'per_year')),
    amount_usd          numeric,
    usd_rate            numeric,
    usd_rate_on         date,
    valuation           numeric,
    valuation_currency  text CHECK (valuation_currency ~ '^[A-Z]{3}$'),
    term_months         integer CHECK (term_months > 0),
    announced_on        date,
    first_reported_at   timestamptz,
    last_reported_at    timestamptz,
    source_count        integer NOT NULL DEFAULT 0,
    independent_source_count integer NOT NULL DEFAULT 0,
    officially_confirmed boolean NOT NULL DEFAULT false,
    confidence          double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    needs_review        boolean NOT NULL DEFAULT false,
    headline            text NOT NULL,
    search              tsvector NOT NULL DEFAULT '',
    merged_into         bigint REFERENCES deal.deal,
    stale               boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CHECK ((amount IS NULL) = (currency IS NULL)),
    CHECK (merged_into <> deal_id)
);
CREATE INDEX deal_search ON deal.deal USING gin (search);
CREATE INDEX deal_stale ON deal.deal (deal_id) WHERE stale;
CREATE INDEX deal_merged ON deal.deal (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX deal_by_day ON deal.deal
    (coalesce(announced_on, (first_reported_at AT TIME ZONE 'UTC')::date) DESC, deal_id DESC) WHERE merged_into IS NULL;
CREATE INDEX deal_by_reported ON deal.deal (first_reported_at DESC, deal_id DESC) WHERE merged_into IS NULL;
CREATE INDEX deal_by_amount ON deal.deal (amount_usd DESC NULLS LAST, deal_id DESC) WHERE merged_into IS NULL;

CREATE TABLE deal.deal_party (
    deal_id         bigint NOT NULL REFERENCES deal.deal ON DELETE CASCADE,
    organisation_id text NOT NULL REFERENCES deal.organisation,
    role            text NOT NULL CHECK (role IN ('provider', 'customer', 'developer', 'investor', 'investee',
                        'acquirer', 'target', 'seller', 'lender', 'borrower', 'partner')),
    PRIMARY KEY (deal_id, organisation_id, role)
);
CREATE INDEX deal_party_by_organisation ON deal.deal_party (organisation_id, deal_id);

CREATE TABLE deal.deal_capacity (
    deal_id         bigint NOT NULL REFERENCES deal.deal ON DELETE CASCADE,
    ordinal         integer NOT NULL,
    quantity        numeric,
    unit            text NOT NULL CHECK (unit IN ('GW', 'MW', 'GPU', 'CPU', 'chip', 'rack', 'server', 'MWh', 'TWh')),
    qualifier       text NOT NULL CHECK (qualifier IN ('exact', 'approx', 'up_to', 'at_least')),
    item            text,
    PRIMARY KEY (deal_id, ordinal)
);

CREATE TABLE deal.mention (
    mention_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id          bigint NOT NULL,
    article_version     integer NOT NULL,
    ordinal             integer NOT NULL,
    extractor_version   text NOT NULL,
    extracted_at        timestamptz NOT NULL,
    superseded_at       timestamptz,
    salience            text NOT NULL CHECK (salience IN ('primary', 'background')),
    kind                text NOT NULL CHECK (kind IN ('compute_contract', 'chip_supply', 'datacenter', 'power',
                            'equity_investment', 'acquisition', 'debt_financing', 'joint_venture', 'partnership')),
    status              text NOT NULL CHECK (status IN ('rumored', 'announced', 'completed', 'cancelled')),
    amount              numeric,
    amount_low          numeric,
    amount_high         numeric,
    amount_text         text,
    currency            text CHECK (currency ~ '^[A-Z]{3}$'),
    amount_qualifier    text CHECK (amount_qualifier IN ('exact', 'approx', 'up_to', 'at_least')),
    amount_basis        text CHECK (amount_basis IN ('total', 'per_year')),
    valuation           numeric,
    valuation_currency  text CHECK (valuation_currency ~ '^[A-Z]{3}$'),
    term_months         integer CHECK (term_months > 0),
    announced_on        date,
    confidence          double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    needs_review        boolean NOT NULL,
    resolution          text NOT NULL DEFAULT 'pending'
                            CHECK (resolution IN ('pending', 'new', 'match', 'review', 'ignored')),
    deal_id             bigint REFERENCES deal.deal,
    resolved_at         timestamptz,
    UNIQUE (article_id, article_version, extractor_version, ordinal),
    FOREIGN KEY (article_id, article_version) REFERENCES news.article_version ON DELETE CASCADE
);
CREATE INDEX mention_pending ON deal.mention (mention_id) WHERE resolution = 'pending' AND superseded_at IS NULL;
CREATE INDEX mention_by_deal ON deal.mention (deal_id);
CREATE INDEX mention_in_review ON deal.mention (mention_id) WHERE resolution = 'review' AND superseded_at IS NULL;

CREATE TABLE deal.mention_party (
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    organisation_id text NOT NULL REFERENCES deal.organisation,
    name            text NOT NULL,
    role            text NOT NULL CHECK (role IN ('provider', 'customer', 'developer', 'investor', 'investee',
                        'acquirer', 'target', 'seller', 'lender', 'borrower', 'partner')),
    PRIMARY KEY (mention_id, organisation_id, role)
);
CREATE INDEX mention_party_by_organisation ON deal.mention_party (organisation_id, mention_id);

CREATE TABLE deal.mention_capacity (
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    ordinal         integer NOT NULL,
    quantity        numeric,
    unit            text NOT NULL CHECK (unit IN ('GW', 'MW', 'GPU', 'CPU', 'chip', 'rack', 'server', 'MWh', 'TWh')),
    qualifier       text NOT NULL CHECK (qualifier IN ('exact', 'approx', 'up_to', 'at_least')),
    item            text,
    PRIMARY KEY (mention_id, ordinal)
);

CREATE TABLE deal.claim (
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    ordinal         integer NOT NULL,
    field           text NOT NULL,
    value           text NOT NULL,
    quote           text NOT NULL,
    start_offset    integer NOT NULL CHECK (start_offset >= 0),
    end_offset      integer NOT NULL,
    probability     double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    features        jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (mention_id, ordinal),
    CHECK (end_offset > start_offset)
);

CREATE TABLE deal.mention_decision (
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    deal_id         bigint NOT NULL REFERENCES deal.deal ON DELETE CASCADE,
    verdict         text NOT NULL CHECK (verdict IN ('match', 'new', 'review')),
    score           double precision NOT NULL,
    reasons         jsonb NOT NULL,
    decided_at      timestamptz NOT NULL,
    PRIMARY KEY (mention_id, deal_id)
);

CREATE TABLE deal.deal_version (
    deal_id         bigint NOT NULL REFERENCES deal.deal ON DELETE CASCADE,
    version         integer NOT NULL CHECK (version > 0),
    recorded_at     timestamptz NOT NULL,
    valid_at        timestamptz NOT NULL,
    cause           text NOT NULL CHECK (cause IN ('reported', 'amended', 'corroborated', 'judgement', 're_extracted',
                        'merged', 'split', 'retracted')),
    mention_id      bigint REFERENCES deal.mention ON DELETE SET NULL,
    judgement_id    bigint,
    record          jsonb NOT NULL,
    PRIMARY KEY (deal_id, version)
);
CREATE INDEX deal_version_by_recorded ON deal.deal_version (recorded_at, deal_id);

CREATE TABLE deal.judgement (
    judgement_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action          text NOT NULL CHECK (action IN ('merge', 'split', 'override', 'accept', 'reject', 'undo')),
    deal_id         bigint REFERENCES deal.deal,
    other_deal_id   bigint REFERENCES deal.deal,
    mention_id      bigint REFERENCES deal.mention,
    field           text,
    value           text,
    made_by         text NOT NULL,
    reason          text NOT NULL,
    made_at         timestamptz NOT NULL,
    undoes          bigint UNIQUE REFERENCES deal.judgement
);
ALTER TABLE deal.deal_version ADD FOREIGN KEY (judgement_id) REFERENCES deal.judgement;
