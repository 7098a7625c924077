-- No alert is marked as being sent for longer than a day.
SELECT alert_id, channel, next_attempt_at FROM alert.delivery
WHERE state = 'sending' AND next_attempt_at < now() - interval '1 day';
