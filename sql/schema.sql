-- Generated from the migrations by `python -m dealwire.store.describe`; for reading, never run. Views are defined in sql/views.

CREATE TABLE alert.alert (
    alert_id uuid DEFAULT gen_random_uuid() NOT NULL,
    deal_id bigint,
    deal_version integer,
    rule_id text,
    event text NOT NULL,
    event_key text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    position bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT alert_pkey PRIMARY KEY (alert_id),
    CONSTRAINT alert_deal_id_rule_id_event_key_key UNIQUE NULLS NOT DISTINCT (deal_id, rule_id, event_key),
    CONSTRAINT alert_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id),
    CONSTRAINT alert_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES alert.rule(rule_id),
    CONSTRAINT alert_check CHECK (((event = 'notice'::text) = (deal_id IS NULL))),
    CONSTRAINT alert_check1 CHECK (((event = 'notice'::text) = (rule_id IS NULL))),
    CONSTRAINT alert_event_check CHECK ((event = ANY (ARRAY['new'::text, 'value_changed'::text, 'status_changed'::text, 'disputed'::text, 'correction'::text, 'notice'::text])))
);
CREATE INDEX alert_by_created ON alert.alert USING btree (created_at DESC);

CREATE TABLE alert.channel (
    channel text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    lease_token uuid,
    leased_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    paused_until timestamp with time zone,
    circuit_opened_at timestamp with time zone,
    circuit_released_at timestamp with time zone,
    last_sent_at timestamp with time zone,
    last_error text,
    lease_pid integer,
    CONSTRAINT channel_pkey PRIMARY KEY (channel)
);

CREATE TABLE alert.delivery (
    alert_id uuid NOT NULL,
    channel text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    message_id uuid,
    possible_repeat boolean DEFAULT false NOT NULL,
    sent_at timestamp with time zone,
    last_error text,
    CONSTRAINT delivery_pkey PRIMARY KEY (alert_id, channel),
    CONSTRAINT delivery_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert.alert(alert_id) ON DELETE CASCADE,
    CONSTRAINT delivery_channel_fkey FOREIGN KEY (channel) REFERENCES alert.channel(channel),
    CONSTRAINT delivery_check CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'dead'::text, 'cancelled'::text, 'held'::text])))
);
CREATE INDEX delivery_sent ON alert.delivery USING btree (channel, sent_at) WHERE (state = 'sent'::text);
CREATE INDEX delivery_waiting ON alert.delivery USING btree (channel, next_attempt_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text, 'held'::text]));

CREATE TABLE alert.rule (
    rule_id text NOT NULL,
    definition jsonb NOT NULL,
    active boolean DEFAULT true NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT rule_pkey PRIMARY KEY (rule_id)
);

-- VIEW analytics.alert_health
--   channel text
--   state text
--   undelivered bigint
--   held bigint
--   dead bigint
--   sent_last_day bigint
--   oldest_queued_at timestamp with time zone
--   oldest_queued_seconds bigint
--   failing_since timestamp with time zone
--   paused_until timestamp with time zone
--   circuit_opened_at timestamp with time zone
--   last_sent_at timestamp with time zone
--   last_error text

-- VIEW analytics.coverage_gap
--   feed_id bigint
--   publisher text
--   title text
--   from_at timestamp with time zone
--   to_at timestamp with time zone
--   length interval
--   detected_at timestamp with time zone
--   tried_at timestamp with time zone
--   tried text[]
--   entries_found integer
--   closed boolean

-- VIEW analytics.currency_without_rate
--   currency text
--   deals bigint
--   first_reported_at timestamp with time zone
--   last_reported_at timestamp with time zone

-- VIEW analytics.deal
--   deal_id bigint
--   version integer
--   kind text
--   status text
--   disputed boolean
--   headline text
--   deal_on date
--   announced_on date
--   parties text
--   amount numeric
--   amount_low numeric
--   amount_high numeric
--   amount_text text
--   currency text
--   amount_qualifier text
--   amount_basis text
--   amount_usd numeric
--   usd_rate numeric
--   usd_rate_on date
--   amount_class text
--   valuation numeric
--   valuation_currency text
--   term_months integer
--   first_reported_at timestamp with time zone
--   last_reported_at timestamp with time zone
--   source_count integer
--   independent_source_count integer
--   officially_confirmed boolean
--   confidence double precision
--   needs_review boolean
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
--   recalled boolean

-- VIEW analytics.deal_capacity
--   deal_id bigint
--   ordinal integer
--   quantity numeric
--   unit text
--   qualifier text
--   item text
--   gigawatts numeric

-- VIEW analytics.deal_change
--   changed_at timestamp with time zone
--   deal_id bigint
--   version integer
--   cause text
--   merged_into bigint
--   is_new boolean
--   changed_fields text[]
--   status_before text
--   status_after text
--   amount_before numeric
--   amount_after numeric
--   currency text
--   headline text
--   change_id xid8
--   settled boolean

-- VIEW analytics.deal_conflict
--   deal_id bigint
--   field text
--   value text
--   stories bigint
--   official boolean
--   first_said_at timestamp with time zone
--   last_said_at timestamp with time zone
--   publishers text[]

-- VIEW analytics.deal_evidence
--   deal_id bigint
--   field text
--   value text
--   quote text
--   start_offset integer
--   end_offset integer
--   probability double precision
--   features jsonb
--   mention_id bigint
--   article_id bigint
--   publisher text
--   title text
--   url text
--   language text
--   published_at timestamp with time zone
--   official boolean
--   extractor_version text
--   extracted_at timestamp with time zone

-- VIEW analytics.deal_party
--   deal_id bigint
--   organisation_id text
--   name text
--   role text
--   type text
--   country text
--   group_id text
--   group_name text

-- VIEW analytics.deal_party_conflict
--   deal_id bigint
--   parties text
--   stories bigint
--   official boolean
--   first_said_at timestamp with time zone
--   last_said_at timestamp with time zone
--   publishers text[]

-- VIEW analytics.deal_sheet
--   deal_id bigint
--   version integer
--   kind text
--   status text
--   disputed boolean
--   headline text
--   deal_on date
--   announced_on date
--   parties text
--   amount numeric
--   amount_low numeric
--   amount_high numeric
--   amount_text text
--   currency text
--   amount_qualifier text
--   amount_basis text
--   amount_usd numeric
--   usd_rate numeric
--   usd_rate_on date
--   amount_class text
--   valuation numeric
--   valuation_currency text
--   term_months integer
--   first_reported_at timestamp with time zone
--   last_reported_at timestamp with time zone
--   source_count integer
--   independent_source_count integer
--   officially_confirmed boolean
--   confidence double precision
--   needs_review boolean
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
--   recalled boolean
--   capacity text
--   evidence text
--   evidence_publisher text
--   evidence_url text

-- VIEW analytics.deal_source
--   deal_id bigint
--   article_id bigint
--   story_id bigint
--   publisher text
--   title text
--   url text
--   language text
--   published_at timestamp with time zone
--   first_seen_at timestamp with time zone
--   official boolean
--   mention_id bigint
--   salience text
--   status text
--   amount numeric
--   currency text
--   amount_qualifier text
--   confidence double precision
--   report_number bigint

-- VIEW analytics.deal_total
--   month_on date
--   kind text
--   deals bigint
--   without_amount bigint
--   firm_usd numeric
--   up_to_usd numeric
--   per_year_usd numeric
--   rumored_usd numeric
--   doubtful_usd numeric

-- VIEW analytics.deal_version
--   deal_id bigint
--   version integer
--   recorded_at timestamp with time zone
--   replaced_at timestamp with time zone
--   valid_at timestamp with time zone
--   cause text
--   merged_into bigint
--   kind text
--   status text
--   disputed boolean
--   headline text
--   parties text
--   amount numeric
--   currency text
--   amount_qualifier text
--   amount_basis text
--   amount_usd numeric
--   term_months integer
--   announced_on date
--   source_count integer
--   independent_source_count integer
--   officially_confirmed boolean
--   confidence double precision
--   whole_record jsonb

-- VIEW analytics.entry_fate
--   seen_on date
--   feed_id bigint
--   publisher text
--   entries bigint
--   read_from_page bigint
--   read_from_feed bigint
--   headline_only bigint
--   duplicates bigint
--   waiting bigint
--   held bigint
--   failed bigint
--   unaccounted bigint

-- VIEW analytics.feed_health
--   feed_id bigint
--   title text
--   publisher text
--   url text
--   language text
--   category text
--   official boolean
--   active boolean
--   health text
--   last_polled_at timestamp with time zone
--   last_ok_at timestamp with time zone
--   last_outcome text
--   last_detail text
--   failure_count integer
--   next_poll_at timestamp with time zone
--   entries bigint
--   last_entry_at timestamp with time zone
--   unexpected text[]
--   held_at timestamp with time zone
--   held_reason text
--   entries_held bigint

-- VIEW analytics.mega_deal
--   deal_id bigint
--   version integer
--   kind text
--   status text
--   disputed boolean
--   headline text
--   deal_on date
--   announced_on date
--   parties text
--   amount numeric
--   amount_low numeric
--   amount_high numeric
--   amount_text text
--   currency text
--   amount_qualifier text
--   amount_basis text
--   amount_usd numeric
--   usd_rate numeric
--   usd_rate_on date
--   amount_class text
--   valuation numeric
--   valuation_currency text
--   term_months integer
--   first_reported_at timestamp with time zone
--   last_reported_at timestamp with time zone
--   source_count integer
--   independent_source_count integer
--   officially_confirmed boolean
--   confidence double precision
--   needs_review boolean
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
--   recalled boolean

-- VIEW analytics.mega_rumor
--   deal_id bigint
--   version integer
--   kind text
--   status text
--   disputed boolean
--   headline text
--   deal_on date
--   announced_on date
--   parties text
--   amount numeric
--   amount_low numeric
--   amount_high numeric
--   amount_text text
--   currency text
--   amount_qualifier text
--   amount_basis text
--   amount_usd numeric
--   usd_rate numeric
--   usd_rate_on date
--   amount_class text
--   valuation numeric
--   valuation_currency text
--   term_months integer
--   first_reported_at timestamp with time zone
--   last_reported_at timestamp with time zone
--   source_count integer
--   independent_source_count integer
--   officially_confirmed boolean
--   confidence double precision
--   needs_review boolean
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
--   recalled boolean

-- VIEW analytics.money_flow
--   deal_id bigint
--   kind text
--   deal_on date
--   amount_class text
--   from_id text
--   from_name text
--   from_group_id text
--   from_group_name text
--   to_id text
--   to_name text
--   to_group_id text
--   to_group_name text
--   amount_usd numeric
--   share_usd numeric
--   term_months integer

-- VIEW analytics.opt_out
--   scope text
--   host text
--   article_id bigint
--   url text
--   publisher text
--   signal text
--   seen_at timestamp with time zone

-- VIEW analytics.organisation
--   organisation_id text
--   name text
--   type text
--   parent_id text
--   parent_name text
--   country text
--   ticker text
--   provisional boolean
--   aliases text[]
--   deals bigint

-- VIEW analytics.possible_duplicate
--   deal_id bigint
--   headline text
--   other_deal_id bigint
--   other_headline text
--   score double precision
--   reasons jsonb
--   mention_id bigint
--   decided_at timestamp with time zone

-- VIEW analytics.stage_health
--   stage text
--   runs bigint
--   last_ended_at timestamp with time zone
--   seconds numeric
--   longest_seconds numeric
--   counts jsonb

CREATE TABLE deal.claim (
    mention_id bigint NOT NULL,
    ordinal integer NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    quote text NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    probability double precision NOT NULL,
    features jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT claim_pkey PRIMARY KEY (mention_id, ordinal),
    CONSTRAINT claim_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE CASCADE,
    CONSTRAINT claim_check CHECK ((end_offset > start_offset)),
    CONSTRAINT claim_probability_check CHECK (((probability >= (0)::double precision) AND (probability <= (1)::double precision))),
    CONSTRAINT claim_start_offset_check CHECK ((start_offset >= 0))
);

CREATE TABLE deal.deal (
    deal_id bigint GENERATED ALWAYS AS IDENTITY,
    version integer DEFAULT 1 NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    disputed boolean DEFAULT false NOT NULL,
    amount numeric,
    amount_low numeric,
    amount_high numeric,
    amount_text text,
    currency text,
    amount_qualifier text,
    amount_basis text,
    amount_usd numeric,
    usd_rate numeric,
    usd_rate_on date,
    valuation numeric,
    valuation_currency text,
    term_months integer,
    announced_on date,
    first_reported_at timestamp with time zone,
    last_reported_at timestamp with time zone,
    source_count integer DEFAULT 0 NOT NULL,
    independent_source_count integer DEFAULT 0 NOT NULL,
    officially_confirmed boolean DEFAULT false NOT NULL,
    confidence double precision NOT NULL,
    needs_review boolean DEFAULT false NOT NULL,
    headline text NOT NULL,
    search tsvector DEFAULT ''::tsvector NOT NULL,
    merged_into bigint,
    stale boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deal_on date GENERATED ALWAYS AS (COALESCE(announced_on, ((first_reported_at AT TIME ZONE 'UTC'::text))::date)) STORED,
    amount_class text GENERATED ALWAYS AS (CASE WHEN (amount_usd IS NULL) THEN NULL::text WHEN (status = 'cancelled'::text) THEN 'cancelled'::text WHEN (status = 'rumored'::text) THEN 'rumored'::text WHEN (disputed OR needs_review) THEN 'doubtful'::text WHEN (amount_basis = 'per_year'::text) THEN 'per_year'::text WHEN (amount_qualifier = 'up_to'::text) THEN 'up_to'::text ELSE 'firm'::text END) STORED,
    CONSTRAINT deal_pkey PRIMARY KEY (deal_id),
    CONSTRAINT deal_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES deal.deal(deal_id),
    CONSTRAINT deal_amount_basis_check CHECK ((amount_basis = ANY (ARRAY['total'::text, 'per_year'::text]))),
    CONSTRAINT deal_amount_qualifier_check CHECK ((amount_qualifier = ANY (ARRAY['exact'::text, 'approx'::text, 'up_to'::text, 'at_least'::text]))),
    CONSTRAINT deal_check CHECK (((amount IS NULL) = (currency IS NULL))),
    CONSTRAINT deal_check1 CHECK ((merged_into <> deal_id)),
    CONSTRAINT deal_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
    CONSTRAINT deal_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT deal_kind_check CHECK ((kind = ANY (ARRAY['compute_contract'::text, 'chip_supply'::text, 'datacenter'::text, 'power'::text, 'equity_investment'::text, 'acquisition'::text, 'debt_financing'::text, 'joint_venture'::text, 'partnership'::text]))),
    CONSTRAINT deal_status_check CHECK ((status = ANY (ARRAY['rumored'::text, 'announced'::text, 'completed'::text, 'cancelled'::text]))),
    CONSTRAINT deal_term_months_check CHECK ((term_months > 0)),
    CONSTRAINT deal_valuation_currency_check CHECK ((valuation_currency ~ '^[A-Z]{3}$'::text))
);
CREATE INDEX deal_by_amount ON deal.deal USING btree (amount_usd DESC NULLS LAST, deal_id DESC) WHERE (merged_into IS NULL);
CREATE INDEX deal_by_day ON deal.deal USING btree (deal_on DESC, deal_id DESC) WHERE (merged_into IS NULL);
CREATE INDEX deal_by_reported ON deal.deal USING btree (first_reported_at DESC, deal_id DESC) WHERE (merged_into IS NULL);
CREATE INDEX deal_by_sources ON deal.deal USING btree (independent_source_count DESC, deal_id DESC) WHERE (merged_into IS NULL);
CREATE INDEX deal_by_update ON deal.deal USING btree (updated_at DESC, deal_id DESC) WHERE (merged_into IS NULL);
CREATE INDEX deal_merged ON deal.deal USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX deal_root ON deal.deal USING btree (COALESCE(merged_into, deal_id));
CREATE INDEX deal_search ON deal.deal USING gin (search);
CREATE INDEX deal_stale ON deal.deal USING btree (deal_id) WHERE stale;

CREATE TABLE deal.deal_capacity (
    deal_id bigint NOT NULL,
    ordinal integer NOT NULL,
    quantity numeric,
    unit text NOT NULL,
    qualifier text NOT NULL,
    item text,
    CONSTRAINT deal_capacity_pkey PRIMARY KEY (deal_id, ordinal),
    CONSTRAINT deal_capacity_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id) ON DELETE CASCADE,
    CONSTRAINT deal_capacity_qualifier_check CHECK ((qualifier = ANY (ARRAY['exact'::text, 'approx'::text, 'up_to'::text, 'at_least'::text]))),
    CONSTRAINT deal_capacity_unit_check CHECK ((unit = ANY (ARRAY['GW'::text, 'MW'::text, 'GPU'::text, 'CPU'::text, 'chip'::text, 'rack'::text, 'server'::text, 'MWh'::text, 'TWh'::text])))
);

CREATE TABLE deal.deal_flow (
    deal_id bigint NOT NULL,
    from_id text NOT NULL,
    to_id text NOT NULL,
    ways integer NOT NULL,
    CONSTRAINT deal_flow_pkey PRIMARY KEY (deal_id, from_id, to_id),
    CONSTRAINT deal_flow_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id) ON DELETE CASCADE,
    CONSTRAINT deal_flow_from_id_fkey FOREIGN KEY (from_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT deal_flow_to_id_fkey FOREIGN KEY (to_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT deal_flow_check CHECK ((from_id <> to_id)),
    CONSTRAINT deal_flow_ways_check CHECK ((ways > 0))
);
CREATE INDEX deal_flow_by_payee ON deal.deal_flow USING btree (to_id, deal_id);
CREATE INDEX deal_flow_by_payer ON deal.deal_flow USING btree (from_id, deal_id);

CREATE TABLE deal.deal_party (
    deal_id bigint NOT NULL,
    organisation_id text NOT NULL,
    role text NOT NULL,
    CONSTRAINT deal_party_pkey PRIMARY KEY (deal_id, organisation_id, role),
    CONSTRAINT deal_party_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id) ON DELETE CASCADE,
    CONSTRAINT deal_party_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT deal_party_role_check CHECK ((role = ANY (ARRAY['provider'::text, 'customer'::text, 'developer'::text, 'investor'::text, 'investee'::text, 'acquirer'::text, 'target'::text, 'seller'::text, 'lender'::text, 'borrower'::text, 'partner'::text])))
);
CREATE INDEX deal_party_by_organisation ON deal.deal_party USING btree (organisation_id, deal_id);

CREATE TABLE deal.deal_version (
    deal_id bigint NOT NULL,
    version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    valid_at timestamp with time zone NOT NULL,
    cause text NOT NULL,
    mention_id bigint,
    judgement_id bigint,
    record jsonb NOT NULL,
    recorded_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    merged_into bigint GENERATED ALWAYS AS (((record ->> 'merged_into'::text))::bigint) STORED,
    CONSTRAINT deal_version_pkey PRIMARY KEY (deal_id, version),
    CONSTRAINT deal_version_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id) ON DELETE CASCADE,
    CONSTRAINT deal_version_judgement_id_fkey FOREIGN KEY (judgement_id) REFERENCES deal.judgement(judgement_id),
    CONSTRAINT deal_version_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE SET NULL,
    CONSTRAINT deal_version_cause_check CHECK ((cause = ANY (ARRAY['reported'::text, 'amended'::text, 'corroborated'::text, 'judgement'::text, 're_extracted'::text, 'converted'::text, 'identified'::text, 'merged'::text, 'split'::text, 'retracted'::text]))),
    CONSTRAINT deal_version_version_check CHECK ((version > 0))
);
CREATE INDEX deal_version_by_recorded ON deal.deal_version USING btree (recorded_at, deal_id);
CREATE INDEX deal_version_by_transaction ON deal.deal_version USING btree (recorded_in, deal_id, version);
CREATE INDEX deal_version_timeline ON deal.deal_version USING btree (deal_id, version) INCLUDE (recorded_at, merged_into);

CREATE TABLE deal.judgement (
    judgement_id bigint GENERATED ALWAYS AS IDENTITY,
    action text NOT NULL,
    deal_id bigint,
    other_deal_id bigint,
    mention_id bigint,
    field text,
    value text,
    made_by text NOT NULL,
    reason text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    undoes bigint,
    CONSTRAINT judgement_pkey PRIMARY KEY (judgement_id),
    CONSTRAINT judgement_undoes_key UNIQUE (undoes),
    CONSTRAINT judgement_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id),
    CONSTRAINT judgement_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id),
    CONSTRAINT judgement_other_deal_id_fkey FOREIGN KEY (other_deal_id) REFERENCES deal.deal(deal_id),
    CONSTRAINT judgement_undoes_fkey FOREIGN KEY (undoes) REFERENCES deal.judgement(judgement_id),
    CONSTRAINT judgement_action_check CHECK ((action = ANY (ARRAY['merge'::text, 'split'::text, 'override'::text, 'accept'::text, 'reject'::text, 'undo'::text])))
);

CREATE TABLE deal.mention (
    mention_id bigint GENERATED ALWAYS AS IDENTITY,
    article_id bigint NOT NULL,
    article_version integer NOT NULL,
    ordinal integer NOT NULL,
    extractor_version text NOT NULL,
    extracted_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone,
    salience text NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    amount numeric,
    amount_low numeric,
    amount_high numeric,
    amount_text text,
    currency text,
    amount_qualifier text,
    amount_basis text,
    valuation numeric,
    valuation_currency text,
    term_months integer,
    announced_on date,
    confidence double precision NOT NULL,
    needs_review boolean NOT NULL,
    resolution text DEFAULT 'pending'::text NOT NULL,
    deal_id bigint,
    resolved_at timestamp with time zone,
    CONSTRAINT mention_pkey PRIMARY KEY (mention_id),
    CONSTRAINT mention_article_id_article_version_extractor_version_ordina_key UNIQUE (article_id, article_version, extractor_version, ordinal),
    CONSTRAINT mention_article_id_article_version_fkey FOREIGN KEY (article_id, article_version) REFERENCES news.article_version(article_id, version) ON DELETE CASCADE,
    CONSTRAINT mention_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id),
    CONSTRAINT mention_amount_basis_check CHECK ((amount_basis = ANY (ARRAY['total'::text, 'per_year'::text]))),
    CONSTRAINT mention_amount_qualifier_check CHECK ((amount_qualifier = ANY (ARRAY['exact'::text, 'approx'::text, 'up_to'::text, 'at_least'::text]))),
    CONSTRAINT mention_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
    CONSTRAINT mention_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT mention_kind_check CHECK ((kind = ANY (ARRAY['compute_contract'::text, 'chip_supply'::text, 'datacenter'::text, 'power'::text, 'equity_investment'::text, 'acquisition'::text, 'debt_financing'::text, 'joint_venture'::text, 'partnership'::text]))),
    CONSTRAINT mention_resolution_check CHECK ((resolution = ANY (ARRAY['pending'::text, 'new'::text, 'match'::text, 'review'::text, 'ignored'::text]))),
    CONSTRAINT mention_salience_check CHECK ((salience = ANY (ARRAY['primary'::text, 'background'::text]))),
    CONSTRAINT mention_status_check CHECK ((status = ANY (ARRAY['rumored'::text, 'announced'::text, 'completed'::text, 'cancelled'::text]))),
    CONSTRAINT mention_term_months_check CHECK ((term_months > 0)),
    CONSTRAINT mention_valuation_currency_check CHECK ((valuation_currency ~ '^[A-Z]{3}$'::text))
);
CREATE INDEX mention_by_deal ON deal.mention USING btree (deal_id);
CREATE INDEX mention_in_review ON deal.mention USING btree (mention_id) WHERE ((resolution = 'review'::text) AND (superseded_at IS NULL));
CREATE INDEX mention_pending ON deal.mention USING btree (mention_id) WHERE ((resolution = 'pending'::text) AND (superseded_at IS NULL));
CREATE INDEX mention_primary ON deal.mention USING btree (deal_id) WHERE ((salience = 'primary'::text) AND (superseded_at IS NULL));

CREATE TABLE deal.mention_block (
    block_key text NOT NULL,
    at timestamp with time zone NOT NULL,
    mention_id bigint NOT NULL,
    CONSTRAINT mention_block_pkey PRIMARY KEY (block_key, at, mention_id),
    CONSTRAINT mention_block_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE CASCADE
);
CREATE INDEX mention_block_by_mention ON deal.mention_block USING btree (mention_id);

CREATE TABLE deal.mention_capacity (
    mention_id bigint NOT NULL,
    ordinal integer NOT NULL,
    quantity numeric,
    unit text NOT NULL,
    qualifier text NOT NULL,
    item text,
    CONSTRAINT mention_capacity_pkey PRIMARY KEY (mention_id, ordinal),
    CONSTRAINT mention_capacity_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE CASCADE,
    CONSTRAINT mention_capacity_qualifier_check CHECK ((qualifier = ANY (ARRAY['exact'::text, 'approx'::text, 'up_to'::text, 'at_least'::text]))),
    CONSTRAINT mention_capacity_unit_check CHECK ((unit = ANY (ARRAY['GW'::text, 'MW'::text, 'GPU'::text, 'CPU'::text, 'chip'::text, 'rack'::text, 'server'::text, 'MWh'::text, 'TWh'::text])))
);

CREATE TABLE deal.mention_decision (
    mention_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    verdict text NOT NULL,
    score double precision NOT NULL,
    reasons jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT mention_decision_pkey PRIMARY KEY (mention_id, deal_id),
    CONSTRAINT mention_decision_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal.deal(deal_id) ON DELETE CASCADE,
    CONSTRAINT mention_decision_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE CASCADE,
    CONSTRAINT mention_decision_verdict_check CHECK ((verdict = ANY (ARRAY['match'::text, 'new'::text, 'review'::text])))
);

CREATE TABLE deal.mention_party (
    mention_id bigint NOT NULL,
    organisation_id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    CONSTRAINT mention_party_pkey PRIMARY KEY (mention_id, organisation_id, role),
    CONSTRAINT mention_party_mention_id_fkey FOREIGN KEY (mention_id) REFERENCES deal.mention(mention_id) ON DELETE CASCADE,
    CONSTRAINT mention_party_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT mention_party_role_check CHECK ((role = ANY (ARRAY['provider'::text, 'customer'::text, 'developer'::text, 'investor'::text, 'investee'::text, 'acquirer'::text, 'target'::text, 'seller'::text, 'lender'::text, 'borrower'::text, 'partner'::text])))
);
CREATE INDEX mention_party_by_organisation ON deal.mention_party USING btree (organisation_id, mention_id);

CREATE TABLE deal.model_answer (
    article_sha256 text NOT NULL,
    model text NOT NULL,
    prompt_version text NOT NULL,
    answer text NOT NULL,
    prompt_tokens integer,
    answer_tokens integer,
    answered_at timestamp with time zone NOT NULL,
    CONSTRAINT model_answer_pkey PRIMARY KEY (article_sha256, model, prompt_version),
    CONSTRAINT model_answer_article_sha256_check CHECK ((article_sha256 ~ '^[0-9a-f]{64}$'::text))
);

CREATE TABLE deal.model_reading (
    article_id bigint NOT NULL,
    article_version integer NOT NULL,
    reader_version text NOT NULL,
    outcome text NOT NULL,
    detail text,
    doubted boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    tried_at timestamp with time zone NOT NULL,
    retry_at timestamp with time zone,
    CONSTRAINT model_reading_pkey PRIMARY KEY (article_id, article_version),
    CONSTRAINT model_reading_article_id_article_version_fkey FOREIGN KEY (article_id, article_version) REFERENCES news.article_version(article_id, version) ON DELETE CASCADE,
    CONSTRAINT model_reading_attempts_check CHECK ((attempts > 0)),
    CONSTRAINT model_reading_check CHECK (((outcome <> 'read'::text) OR (retry_at IS NULL)))
);
CREATE INDEX model_reading_to_retry ON deal.model_reading USING btree (retry_at) WHERE (retry_at IS NOT NULL);

CREATE TABLE deal.organisation (
    organisation_id text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    parent_id text,
    country text,
    ticker text,
    provisional boolean DEFAULT false NOT NULL,
    merged_into text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organisation_pkey PRIMARY KEY (organisation_id),
    CONSTRAINT organisation_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES deal.organisation(organisation_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES deal.organisation(organisation_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE deal.organisation_alias (
    alias text NOT NULL,
    organisation_id text NOT NULL,
    CONSTRAINT organisation_alias_pkey PRIMARY KEY (alias, organisation_id),
    CONSTRAINT organisation_alias_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES deal.organisation(organisation_id) ON DELETE CASCADE
);
CREATE INDEX organisation_alias_by_organisation ON deal.organisation_alias USING btree (organisation_id, alias);

CREATE TABLE deal.organisation_merge (
    merge_id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id text NOT NULL,
    into_id text NOT NULL,
    made_by text NOT NULL,
    reason text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    undone_by text,
    undone_reason text,
    undone_at timestamp with time zone,
    CONSTRAINT organisation_merge_pkey PRIMARY KEY (merge_id),
    CONSTRAINT organisation_merge_into_id_fkey FOREIGN KEY (into_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT organisation_merge_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES deal.organisation(organisation_id),
    CONSTRAINT organisation_merge_check CHECK ((organisation_id <> into_id)),
    CONSTRAINT organisation_merge_check1 CHECK (((undone_by IS NULL) = (undone_at IS NULL)))
);
CREATE UNIQUE INDEX organisation_merge_in_force ON deal.organisation_merge USING btree (organisation_id) WHERE (undone_at IS NULL);

CREATE TABLE news.article (
    article_id bigint GENERATED ALWAYS AS IDENTITY,
    url text NOT NULL,
    url_sha256 text NOT NULL,
    publisher text NOT NULL,
    official boolean DEFAULT false NOT NULL,
    language text,
    published_at timestamp with time zone,
    published_source text,
    current_version integer DEFAULT 0 NOT NULL,
    story_id bigint,
    minhash bytea,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    retracted_at timestamp with time zone,
    opt_outs text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT article_pkey PRIMARY KEY (article_id),
    CONSTRAINT article_url_sha256_key UNIQUE (url_sha256),
    CONSTRAINT article_story_id_fkey FOREIGN KEY (story_id) REFERENCES news.story(story_id)
);
CREATE INDEX article_first_seen ON news.article USING btree (first_seen_at);
CREATE INDEX article_published ON news.article USING btree (COALESCE(published_at, first_seen_at));
CREATE INDEX article_retracted ON news.article USING btree (article_id) WHERE (retracted_at IS NOT NULL);
CREATE INDEX article_story ON news.article USING btree (story_id);

CREATE TABLE news.article_version (
    article_id bigint NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    text_sha256 text NOT NULL,
    text_source text NOT NULL,
    page_outcome text NOT NULL,
    page_detail text,
    authors text[] DEFAULT '{}'::text[] NOT NULL,
    read_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone,
    extracted_by text,
    extracted_at timestamp with time zone,
    extract_error text,
    CONSTRAINT article_version_pkey PRIMARY KEY (article_id, version),
    CONSTRAINT article_version_article_id_fkey FOREIGN KEY (article_id) REFERENCES news.article(article_id) ON DELETE CASCADE,
    CONSTRAINT article_version_text_source_check CHECK ((text_source = ANY (ARRAY['page'::text, 'feed'::text, 'headline'::text]))),
    CONSTRAINT article_version_version_check CHECK ((version > 0))
);
CREATE INDEX article_version_to_extract ON news.article_version USING btree (extracted_by, article_id) WHERE (superseded_at IS NULL);

CREATE TABLE news.coverage_gap (
    coverage_gap_id bigint GENERATED ALWAYS AS IDENTITY,
    feed_id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    detected_at timestamp with time zone NOT NULL,
    archive_urls text[] DEFAULT '{}'::text[] NOT NULL,
    tried_at timestamp with time zone,
    tried text[] DEFAULT '{}'::text[] NOT NULL,
    entries_found integer DEFAULT 0 NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    CONSTRAINT coverage_gap_pkey PRIMARY KEY (coverage_gap_id),
    CONSTRAINT coverage_gap_feed_id_from_at_to_at_key UNIQUE (feed_id, from_at, to_at),
    CONSTRAINT coverage_gap_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id) ON DELETE CASCADE,
    CONSTRAINT coverage_gap_check CHECK ((from_at <= to_at))
);
CREATE INDEX coverage_gap_untried ON news.coverage_gap USING btree (feed_id) WHERE (tried_at IS NULL);

CREATE TABLE news.entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY,
    feed_id bigint NOT NULL,
    entry_key text NOT NULL,
    guid text,
    link text,
    title text NOT NULL,
    summary text NOT NULL,
    content_html text,
    authors text[] DEFAULT '{}'::text[] NOT NULL,
    published_at timestamp with time zone,
    updated_at timestamp with time zone,
    published_raw text,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    content_sha256 text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    retracted_at timestamp with time zone,
    in_first_poll boolean DEFAULT false NOT NULL,
    state text DEFAULT 'new'::text NOT NULL,
    read_attempts integer DEFAULT 0 NOT NULL,
    next_read_at timestamp with time zone DEFAULT now() NOT NULL,
    read_detail text,
    article_id bigint,
    CONSTRAINT entry_pkey PRIMARY KEY (entry_id),
    CONSTRAINT entry_feed_id_entry_key_key UNIQUE (feed_id, entry_key),
    CONSTRAINT entry_article_id_fkey FOREIGN KEY (article_id) REFERENCES news.article(article_id),
    CONSTRAINT entry_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id) ON DELETE CASCADE,
    CONSTRAINT entry_state_check CHECK ((state = ANY (ARRAY['new'::text, 'read'::text, 'failed'::text, 'held'::text])))
);
CREATE INDEX entry_article ON news.entry USING btree (article_id);
CREATE INDEX entry_by_feed ON news.entry USING btree (feed_id, first_seen_at);
CREATE INDEX entry_held ON news.entry USING btree (feed_id) WHERE (state = 'held'::text);
CREATE INDEX entry_unread ON news.entry USING btree (next_read_at, entry_id) WHERE (state = 'new'::text);

CREATE TABLE news.entry_alias (
    feed_id bigint NOT NULL,
    alias text NOT NULL,
    entry_id bigint NOT NULL,
    CONSTRAINT entry_alias_pkey PRIMARY KEY (feed_id, alias),
    CONSTRAINT entry_alias_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES news.entry(entry_id) ON DELETE CASCADE,
    CONSTRAINT entry_alias_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id) ON DELETE CASCADE
);

CREATE TABLE news.feed (
    feed_id bigint GENERATED ALWAYS AS IDENTITY,
    url text NOT NULL,
    title text NOT NULL,
    publisher text NOT NULL,
    site_url text,
    language text,
    category text,
    official boolean DEFAULT false NOT NULL,
    expected_entries integer,
    active boolean DEFAULT true NOT NULL,
    registered_by text DEFAULT 'opml'::text NOT NULL,
    etag text,
    last_modified text,
    body_sha256 text,
    identity_policy text DEFAULT 'guid'::text NOT NULL,
    interval_seconds integer DEFAULT 3600 NOT NULL,
    next_poll_at timestamp with time zone DEFAULT now() NOT NULL,
    last_polled_at timestamp with time zone,
    last_ok_at timestamp with time zone,
    last_full_get_at timestamp with time zone,
    last_outcome text,
    last_detail text,
    failure_count integer DEFAULT 0 NOT NULL,
    empty_count integer DEFAULT 0 NOT NULL,
    not_a_feed_count integer DEFAULT 0 NOT NULL,
    moved_url text,
    moved_seen_count integer DEFAULT 0 NOT NULL,
    moved_seen_on date,
    gone_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sites text[] DEFAULT '{}'::text[] NOT NULL,
    held_at timestamp with time zone,
    held_reason text,
    expected_entries_per_day integer,
    stated_language text,
    last_entries_seen integer,
    CONSTRAINT feed_pkey PRIMARY KEY (feed_id),
    CONSTRAINT feed_url_key UNIQUE (url),
    CONSTRAINT feed_expected_entries_check CHECK ((expected_entries > 0)),
    CONSTRAINT feed_expected_entries_per_day_check CHECK ((expected_entries_per_day > 0)),
    CONSTRAINT feed_identity_policy_check CHECK ((identity_policy = ANY (ARRAY['guid'::text, 'link'::text, 'title'::text]))),
    CONSTRAINT feed_interval_seconds_check CHECK ((interval_seconds > 0)),
    CONSTRAINT feed_registered_by_check CHECK ((registered_by = ANY (ARRAY['opml'::text, 'command'::text]))),
    CONSTRAINT feed_url_check CHECK ((length(url) <= 2048))
);
CREATE INDEX feed_due ON news.feed USING btree (next_poll_at) WHERE active;

CREATE TABLE news.feed_alias (
    url text NOT NULL,
    feed_id bigint NOT NULL,
    since_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_alias_pkey PRIMARY KEY (url),
    CONSTRAINT feed_alias_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id) ON DELETE CASCADE
);

CREATE TABLE news.feed_fetch (
    feed_fetch_id bigint GENERATED ALWAYS AS IDENTITY,
    feed_id bigint NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    detail text,
    http_status integer,
    body_bytes bigint DEFAULT 0 NOT NULL,
    elapsed_ms integer DEFAULT 0 NOT NULL,
    entries_seen integer DEFAULT 0 NOT NULL,
    entries_new integer DEFAULT 0 NOT NULL,
    entries_changed integer DEFAULT 0 NOT NULL,
    next_poll_at timestamp with time zone NOT NULL,
    CONSTRAINT feed_fetch_pkey PRIMARY KEY (feed_fetch_id),
    CONSTRAINT feed_fetch_feed_id_fetched_at_key UNIQUE (feed_id, fetched_at),
    CONSTRAINT feed_fetch_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id) ON DELETE CASCADE
);
CREATE INDEX feed_fetch_by_time ON news.feed_fetch USING btree (fetched_at DESC);

CREATE TABLE news.host (
    host text NOT NULL,
    not_before_at timestamp with time zone,
    robots_txt text,
    robots_outcome text,
    robots_at timestamp with time zone,
    robots_expires_at timestamp with time zone,
    robots_opt_outs text[] DEFAULT '{}'::text[] NOT NULL,
    tdm_outcome text,
    tdm_at timestamp with time zone,
    tdm_expires_at timestamp with time zone,
    tdm_opt_outs text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT host_pkey PRIMARY KEY (host)
);

CREATE TABLE news.raw_body (
    sha256 text NOT NULL,
    body bytea NOT NULL,
    bytes integer NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    CONSTRAINT raw_body_pkey PRIMARY KEY (sha256),
    CONSTRAINT raw_body_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT raw_body_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX raw_body_by_time ON news.raw_body USING btree (kept_at);

CREATE TABLE news.raw_document (
    raw_document_id bigint GENERATED ALWAYS AS IDENTITY,
    feed_id bigint NOT NULL,
    entry_id bigint,
    fetched_at timestamp with time zone NOT NULL,
    url text NOT NULL,
    content_type text,
    sha256 text NOT NULL,
    CONSTRAINT raw_document_pkey PRIMARY KEY (raw_document_id),
    CONSTRAINT raw_document_feed_id_entry_id_sha256_key UNIQUE NULLS NOT DISTINCT (feed_id, entry_id, sha256),
    CONSTRAINT raw_document_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES news.entry(entry_id),
    CONSTRAINT raw_document_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES news.feed(feed_id),
    CONSTRAINT raw_document_sha256_fkey FOREIGN KEY (sha256) REFERENCES news.raw_body(sha256)
);
CREATE INDEX raw_document_by_body ON news.raw_document USING btree (sha256);
CREATE INDEX raw_document_by_entry ON news.raw_document USING btree (entry_id);
CREATE INDEX raw_document_by_time ON news.raw_document USING btree (fetched_at);

CREATE TABLE news.story (
    story_id bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT story_pkey PRIMARY KEY (story_id)
);

CREATE TABLE ops.check_result (
    check_name text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    violations bigint NOT NULL,
    sample jsonb NOT NULL,
    CONSTRAINT check_result_pkey PRIMARY KEY (check_name, checked_at)
);

CREATE TABLE ops.lease (
    name text NOT NULL,
    holder text NOT NULL,
    token bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    first_id bigint DEFAULT 0 NOT NULL,
    last_id bigint DEFAULT '9223372036854775807'::bigint NOT NULL,
    backend_pid integer NOT NULL,
    CONSTRAINT lease_pkey PRIMARY KEY (token),
    CONSTRAINT lease_check CHECK ((first_id <= last_id))
);
CREATE INDEX lease_by_name ON ops.lease USING btree (name);

CREATE TABLE ops.migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (number)
);

CREATE TABLE ops.model_day (
    day date NOT NULL,
    articles integer NOT NULL,
    CONSTRAINT model_day_pkey PRIMARY KEY (day),
    CONSTRAINT model_day_articles_check CHECK ((articles >= 0))
);

CREATE TABLE ops.restore (
    restored_at timestamp with time zone NOT NULL,
    CONSTRAINT restore_pkey PRIMARY KEY (restored_at)
);

CREATE TABLE ops.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY,
    stage text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    counts jsonb NOT NULL,
    CONSTRAINT run_pkey PRIMARY KEY (run_id),
    CONSTRAINT run_stage_check CHECK ((stage = ANY (ARRAY['poll'::text, 'read'::text, 'extract'::text, 'resolve'::text, 'select'::text, 'send'::text, 'maintain'::text])))
);
CREATE INDEX run_by_start ON ops.run USING btree (started_at DESC);

CREATE TABLE ops.turn (
    name text NOT NULL,
    CONSTRAINT turn_pkey PRIMARY KEY (name)
);

-- FUNCTION analytics.deal_as_of(at timestamp with time zone) -> SETOF analytics.deal_version

-- FUNCTION deal.flow_of(deals bigint[]) -> TABLE(deal_id bigint, from_id text, to_id text, ways integer)

-- FUNCTION deal.follow_parties() -> trigger
