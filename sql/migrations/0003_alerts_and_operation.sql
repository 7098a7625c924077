-- The alert outbox (one row per deal event, rule and channel) and what the service knows of its own work.

CREATE TABLE alert.rule (
    rule_id         text PRIMARY KEY,
    definition      jsonb NOT NULL,
    active          boolean NOT NULL DEFAULT true,
    updated_at      timestamptz NOT NULL
);

CREATE TABLE alert.alert (
    alert_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deal_id         bigint NOT NULL REFERENCES deal.deal,
    deal_version    integer NOT NULL,
    rule_id         text NOT NULL REFERENCES alert.rule,
    event           text NOT NULL CHECK (event IN ('new', 'value_changed', 'status_changed', 'disputed', 'correction')),
    event_key       text NOT NULL,
    payload         jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    cancelled_at    timestamptz,
    UNIQUE (deal_id, rule_id, event_key)
);
CREATE INDEX alert_by_created ON alert.alert (created_at DESC);

CREATE TABLE alert.delivery (
    alert_id        uuid NOT NULL REFERENCES alert.alert ON DELETE CASCADE,
    channel         text NOT NULL,
    state           text NOT NULL DEFAULT 'queued'
                        CHECK (state IN ('queued', 'sending', 'sent', 'dead', 'cancelled', 'held')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    lease_token     uuid,
    leased_until    timestamptz,
    possible_repeat boolean NOT NULL DEFAULT false,
    sent_at         timestamptz,
    last_error      text,
    PRIMARY KEY (alert_id, channel)
);
CREATE INDEX delivery_due ON alert.delivery (next_attempt_at) WHERE state IN ('queued', 'sending');

CREATE TABLE ops.lease (
    name            text PRIMARY KEY,
    holder          text NOT NULL,
    token           bigint NOT NULL,
    expires_at      timestamptz NOT NULL
);

CREATE TABLE ops.run (
    run_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage           text NOT NULL CHECK (stage IN ('poll', 'read', 'extract', 'resolve', 'select', 'send', 'maintain')),
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz NOT NULL,
    counts          jsonb NOT NULL
);
CREATE INDEX run_by_start ON ops.run (started_at DESC);

CREATE TABLE ops.check_result (
    check_name      text NOT NULL,
    checked_at      timestamptz NOT NULL,
    violations      bigint NOT NULL,
    sample          jsonb NOT NULL,
    PRIMARY KEY (check_name, checked_at)
);
