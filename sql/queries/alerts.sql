-- The alert outbox: queueing in the transaction that changed the deal, sending under a lease on the channel.

-- name: alert_save_rule
-- Keep a rule's definition as it was loaded.
INSERT INTO alert.rule AS r (rule_id, definition, active, updated_at)
VALUES (%(rule_id)s, %(definition)s, true, %(now)s)
ON CONFLICT (rule_id) DO UPDATE SET definition = excluded.definition, active = true, updated_at = excluded.updated_at
WHERE r.definition <> excluded.definition OR NOT r.active;

-- name: alert_retire_rules
-- Mark the rules that are no longer in the rules file.
UPDATE alert.rule SET active = false, updated_at = %(now)s WHERE active AND rule_id <> ALL (%(kept)s);

-- name: alert_name_rule
-- Make sure that an alert's rule is there, without touching it where it is.
INSERT INTO alert.rule (rule_id, definition, updated_at) VALUES (%(rule_id)s, '{}', %(now)s) ON CONFLICT DO NOTHING;

-- name: alert_name_channels
-- Make sure that an alert's channels are there, in one order for everybody.
INSERT INTO alert.channel (channel)
SELECT channel FROM unnest(%(channels)s::text[]) AS channel ORDER BY channel
ON CONFLICT DO NOTHING;

-- name: alert_last
-- What each rule last told of a deal, corrections apart.
SELECT DISTINCT ON (rule_id) rule_id, event, payload
FROM alert.alert
WHERE deal_id = %(deal_id)s AND event <> 'correction' AND cancelled_at IS NULL
ORDER BY rule_id, position DESC;

-- name: alert_insert
-- Queue an alert with its deliveries, once: the same event of a deal and rule finds its row and adds nothing.
WITH added AS (
    INSERT INTO alert.alert (deal_id, deal_version, rule_id, event, event_key, payload, created_at)
    VALUES (%(deal_id)s, %(deal_version)s, %(rule_id)s, %(event)s, %(event_key)s, %(payload)s, %(now)s)
    ON CONFLICT (deal_id, rule_id, event_key) DO NOTHING
    RETURNING alert_id
), deliveries AS (
    -- After a restore from a backup, older news may have been told already, by what the backup does not know.
    INSERT INTO alert.delivery (alert_id, channel, queued_at, next_attempt_at, possible_repeat)
    SELECT added.alert_id, channel, %(now)s, %(now)s, EXISTS (
            SELECT FROM ops.restore AS r JOIN deal.deal AS d ON d.last_reported_at <= r.restored_at
            WHERE d.deal_id = %(deal_id)s)
    FROM added, unnest(%(channels)s::text[]) AS channel
    ORDER BY channel
)
SELECT count(*) FROM added;

-- name: alert_cancel_waiting
-- Take back what was not sent yet of a deal that is withdrawn. Waits for a sender that is just starting.
UPDATE alert.delivery d SET state = 'cancelled'
FROM alert.alert a
WHERE a.alert_id = d.alert_id AND a.deal_id = %(deal_id)s AND a.event <> 'correction'
  AND d.state IN ('queued', 'held');

-- name: alert_cancel
-- Mark the alerts of a withdrawn deal, so that no later change is measured against them.
UPDATE alert.alert SET cancelled_at = %(now)s
WHERE deal_id = %(deal_id)s AND event <> 'correction' AND cancelled_at IS NULL;

-- name: alert_told
-- Who was told of a deal, and what last; an attempt under way counts as told.
SELECT DISTINCT ON (a.rule_id, d.channel) a.rule_id, d.channel, a.event, a.payload
FROM alert.alert a
JOIN alert.delivery d USING (alert_id)
WHERE a.deal_id = %(deal_id)s AND a.event <> 'correction'
  AND (d.state IN ('sent', 'sending') OR d.possible_repeat)
ORDER BY a.rule_id, d.channel, a.position DESC;

-- name: alert_register_channels
-- Start of a run: the channels that are configured now.
UPDATE alert.channel SET active = (channel = ANY (%(channels)s)) WHERE active <> (channel = ANY (%(channels)s));

-- name: alert_lease_channel
-- Take one channel that has work and that no other sender holds; the server's clock decides how long that lasts.
UPDATE alert.channel
SET lease_token = %(token)s, leased_until = clock_timestamp() + %(lease)s, lease_pid = pg_backend_pid()
WHERE channel = (
    SELECT c.channel
    FROM alert.channel c
    WHERE c.channel = ANY (%(channels)s)
      AND (c.leased_until IS NULL OR c.leased_until <= clock_timestamp()
           OR NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.pid = c.lease_pid))
      AND (c.paused_until IS NULL OR c.paused_until <= %(now)s)
      AND EXISTS (SELECT FROM alert.delivery d WHERE d.channel = c.channel
                  AND d.state IN ('queued', 'sending') AND d.next_attempt_at <= %(now)s)
    ORDER BY c.channel
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING channel;

-- name: alert_requeue_interrupted
-- Under a fresh lease: what a sender that died was sending may have arrived, so it goes out again, marked.
UPDATE alert.delivery SET state = 'queued', possible_repeat = true WHERE channel = %(channel)s AND state = 'sending';

-- name: alert_channel_state
-- What the storm limits and the back-off decide on.
SELECT c.channel, c.failures, c.failing_since, c.circuit_opened_at IS NOT NULL AS circuit_open,
       (SELECT count(*) FROM alert.delivery d JOIN alert.alert a USING (alert_id)
        WHERE d.channel = c.channel AND d.state <> 'cancelled' AND a.event <> 'notice'
          AND a.created_at > greatest(%(since)s, c.circuit_released_at)) AS recent_alerts,
       (SELECT count(*) FROM alert.delivery d JOIN alert.alert a USING (alert_id)
        WHERE d.channel = c.channel AND d.state = 'sent' AND d.sent_at > %(since)s
          AND a.event <> 'notice' AND d.message_id = d.alert_id) AS recent_singles,
       (SELECT count(DISTINCT d.message_id) FROM alert.delivery d
        WHERE d.channel = c.channel AND d.state = 'sent' AND d.sent_at > %(since)s
          AND d.message_id <> d.alert_id) AS recent_digests
FROM alert.channel c
WHERE c.channel = %(channel)s;

-- name: alert_waiting
-- What a channel has to send now, in the order it happened.
SELECT d.alert_id, a.event, a.payload, d.queued_at, d.attempts, d.message_id, d.possible_repeat
FROM alert.delivery d
JOIN alert.alert a USING (alert_id)
WHERE d.channel = %(channel)s AND d.state = 'queued' AND d.next_attempt_at <= %(now)s
ORDER BY a.position
LIMIT %(limit)s;

-- name: alert_renew_lease
-- Before and after every message: still ours? No row means that another sender took over.
UPDATE alert.channel SET leased_until = clock_timestamp() + %(lease)s, lease_pid = pg_backend_pid()
WHERE channel = %(channel)s AND lease_token = %(token)s AND leased_until > clock_timestamp()
RETURNING channel;

-- name: alert_begin
-- Mark a message's alerts as being sent; those cancelled in the meantime fall out.
UPDATE alert.delivery d SET state = 'sending', attempts = attempts + 1, message_id = %(message_id)s
FROM alert.alert a
WHERE a.alert_id = d.alert_id AND d.channel = %(channel)s AND d.alert_id = ANY (%(alert_ids)s::uuid[]) AND d.state = 'queued'
RETURNING d.alert_id, a.event, a.payload, d.queued_at, d.attempts, d.message_id, d.possible_repeat;

-- name: alert_complete
-- A message arrived.
UPDATE alert.delivery SET state = 'sent', sent_at = %(now)s, last_error = NULL
WHERE channel = %(channel)s AND message_id = %(message_id)s AND state = 'sending';

-- name: alert_channel_worked
-- The channel answers again.
UPDATE alert.channel SET failures = 0, failing_since = NULL, paused_until = NULL, last_sent_at = %(now)s,
       last_error = NULL
WHERE channel = %(channel)s;

-- name: alert_retry
-- A message did not arrive: it waits for its next attempt.
UPDATE alert.delivery SET state = 'queued', next_attempt_at = %(next_attempt_at)s, last_error = %(error)s,
       possible_repeat = possible_repeat OR %(unsure)s
WHERE channel = %(channel)s AND message_id = %(message_id)s AND state = 'sending';

-- name: alert_give_up
-- The end of the retries: what waits for longer than the promise allows, on a channel that fails.
UPDATE alert.delivery SET state = 'dead', last_error = coalesce(last_error, %(error)s)
WHERE channel = %(channel)s AND state = 'queued' AND queued_at <= %(give_up_before)s
  AND (%(whole_channel)s OR message_id = %(message_id)s);

-- name: alert_channel_failed
-- Count a failure against the channel, and pause it where the receiver itself is in trouble.
UPDATE alert.channel
SET failures = failures + 1, failing_since = coalesce(failing_since, %(now)s), last_error = %(error)s,
    paused_until = CASE WHEN %(pause)s THEN %(next_attempt_at)s ELSE paused_until END
WHERE channel = %(channel)s;

-- name: alert_hold
-- A storm: keep back what was not tried yet.
UPDATE alert.delivery d SET state = 'held'
FROM alert.alert a
WHERE a.alert_id = d.alert_id AND d.channel = %(channel)s AND d.state = 'queued' AND d.message_id IS NULL
  AND a.event <> 'notice';

-- name: alert_open_circuit
-- From now on a person decides about the channel; the time names this storm.
UPDATE alert.channel SET circuit_opened_at = %(now)s WHERE channel = %(channel)s AND circuit_opened_at IS NULL;

-- name: alert_close_circuit
-- A person decided: the storm is over.
UPDATE alert.channel SET circuit_opened_at = NULL, circuit_released_at = %(now)s WHERE channel = %(channel)s;

-- name: alert_release_held
-- A person lets the held alerts go, as one digest.
UPDATE alert.delivery SET state = 'queued', queued_at = %(now)s, next_attempt_at = %(now)s
WHERE channel = %(channel)s AND state = 'held';

-- name: alert_discard_held
-- A person drops the held alerts.
UPDATE alert.delivery SET state = 'cancelled' WHERE channel = %(channel)s AND state = 'held';

-- name: alert_revive
-- A person repaired a channel: its dead alerts get another 72 hours.
UPDATE alert.delivery SET state = 'queued', queued_at = %(now)s, next_attempt_at = %(now)s
WHERE channel = %(channel)s AND state = 'dead';

-- name: alert_unpause
-- Try a channel again at once.
UPDATE alert.channel SET paused_until = NULL WHERE channel = %(channel)s;

-- name: alert_release_lease
-- The sender is done with the channel.
UPDATE alert.channel SET lease_token = NULL, leased_until = NULL, lease_pid = NULL WHERE channel = %(channel)s AND lease_token = %(token)s;

-- name: alert_count_due
-- How many deliveries could go out now, over the channels that are configured.
SELECT count(*)
FROM alert.delivery d
JOIN alert.channel c USING (channel)
WHERE c.active AND d.state IN ('queued', 'sending') AND d.next_attempt_at <= %(now)s
  AND (c.paused_until IS NULL OR c.paused_until <= %(now)s);

-- name: alert_health
-- What is stuck, a line a channel.
SELECT * FROM analytics.alert_health ORDER BY channel;

-- name: alert_recent
-- The newest alerts with where they went, for the list of alerts and the Atom feed.
SELECT a.alert_id, a.deal_id, a.rule_id, a.event, a.payload, a.created_at, a.cancelled_at,
       (SELECT jsonb_object_agg(d.channel, d.state) FROM alert.delivery d WHERE d.alert_id = a.alert_id) AS deliveries
FROM alert.alert a
WHERE a.event <> 'notice' AND a.created_at >= %(since)s
ORDER BY a.position DESC
LIMIT %(limit)s;

-- name: alert_last_look
-- When feeds were last looked at before this run: a run takes less than two hours.
SELECT max(fetched_at) FROM news.feed_fetch WHERE fetched_at < %(now)s - interval '2 hours';

-- name: alert_countries
-- The countries of these organisations, where they are known.
SELECT organisation_id, country FROM deal.organisation
WHERE organisation_id = ANY (%(ids)s) AND country IS NOT NULL;
