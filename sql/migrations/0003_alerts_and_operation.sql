-- The alert outbox (one row per deal event, rule and channel) and what the service knows of its own work.

-- A rule as it was last loaded from the rules file; kept when the file drops it, so that old alerts stay explained.
CREATE TABLE alert.rule (
    rule_id         text PRIMARY KEY,
    definition      jsonb NOT NULL,
    active          boolean NOT NULL DEFAULT true,
    updated_at      timestamptz NOT NULL
);

-- A receiver by its public name (never its address). One sender holds a channel at a time, by a lease with a token:
-- that keeps the order and the storm limits. failing_since/failures/paused_until tell of a receiver that does not
-- answer; circuit_opened_at of a storm that a person has to look at.
CREATE TABLE alert.channel (
    channel             text PRIMARY KEY,
    active              boolean NOT NULL DEFAULT true,
    lease_token         uuid,
    leased_until        timestamptz,
    failures            integer NOT NULL DEFAULT 0,
    failing_since       timestamptz,
    paused_until        timestamptz,
    circuit_opened_at   timestamptz,
    circuit_released_at timestamptz,
    last_sent_at        timestamptz,
    last_error          text
);

-- One thing worth telling about a deal under a rule. event_key makes it unique for ever: the same news reported or
-- published again finds its row and adds nothing. A notice tells operators of a channel in trouble and has no deal.
CREATE TABLE alert.alert (
    alert_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deal_id         bigint REFERENCES deal.deal,
    deal_version    integer,
    rule_id         text REFERENCES alert.rule,
    event           text NOT NULL
                        CHECK (event IN ('new', 'value_changed', 'status_changed', 'disputed', 'correction', 'notice')),
    event_key       text NOT NULL,
    payload         jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    cancelled_at    timestamptz,
    position        bigint GENERATED ALWAYS AS IDENTITY,
    UNIQUE NULLS NOT DISTINCT (deal_id, rule_id, event_key),
    CHECK ((event = 'notice') = (deal_id IS NULL)),
    CHECK ((event = 'notice') = (rule_id IS NULL))
);
COMMENT ON COLUMN alert.alert.position IS 'The order in which alerts were queued, which is the order in which a channel gets them.';
CREATE INDEX alert_by_created ON alert.alert (created_at DESC);

-- An alert on its way to one channel. message_id names the message that carries it: the alert's own id, or a digest's,
-- which several rows share; it stays the same over all attempts and is the receiver's idempotency key.
-- queued_at starts the 72 hours of retries. possible_repeat: a sender died between sending and recording.
CREATE TABLE alert.delivery (
    alert_id        uuid NOT NULL REFERENCES alert.alert ON DELETE CASCADE,
    channel         text NOT NULL REFERENCES alert.channel,
    state           text NOT NULL DEFAULT 'queued'
                        CHECK (state IN ('queued', 'sending', 'sent', 'dead', 'cancelled', 'held')),
    queued_at       timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    message_id      uuid,
    possible_repeat boolean NOT NULL DEFAULT false,
    sent_at         timestamptz,
    last_error      text,
    PRIMARY KEY (alert_id, channel),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX delivery_waiting ON alert.delivery (channel, next_attempt_at) WHERE state IN ('queued', 'sending', 'held');
CREATE INDEX delivery_sent ON alert.delivery (channel, sent_at) WHERE state = 'sent';

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
