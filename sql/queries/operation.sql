-- Runs, leases, data checks.

-- name: run_record
-- What a stage did.
INSERT INTO ops.run (stage, started_at, ended_at, counts) VALUES (%(stage)s, %(started_at)s, %(ended_at)s, %(counts)s)
RETURNING run_id;

-- name: lease_acquire
-- Take a lease that is free or has run out; the server's clock decides, and the token grows with each holder.
INSERT INTO ops.lease AS l (name, holder, token, expires_at)
VALUES (%(name)s, %(holder)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = l.token + 1, expires_at = excluded.expires_at
WHERE l.expires_at <= clock_timestamp()
RETURNING token;

-- name: lease_renew
-- Keep a lease for longer, while nobody else has taken it.
UPDATE ops.lease SET expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE name = %(name)s AND token = %(token)s AND expires_at > '-infinity';

-- name: lease_release
-- Give a lease back; the token stays, so that the next holder's is higher.
UPDATE ops.lease SET expires_at = '-infinity' WHERE name = %(name)s AND token = %(token)s;

-- name: lease_check
-- Whether the lease is still ours; holds its row, so that nobody takes it before our transaction ends.
SELECT holder FROM ops.lease WHERE name = %(name)s AND token = %(token)s AND expires_at > '-infinity' FOR SHARE;

-- name: lease_holder
-- Who holds a lease now.
SELECT holder, token, expires_at FROM ops.lease WHERE name = %(name)s;

-- name: run_latest
-- The last run of a stage.
SELECT run_id, started_at, ended_at, counts FROM ops.run WHERE stage = %(stage)s ORDER BY started_at DESC, run_id DESC LIMIT 1;

-- name: watchdog_end
-- End analysts' sessions whose query or transaction goes on for too long; they can lift their own timeouts.
SELECT a.pid, a.state, extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::double precision AS seconds,
    pg_terminate_backend(a.pid) AS ended
FROM pg_stat_activity AS a
WHERE a.usename = %(role)s AND a.datname = current_database() AND a.pid <> pg_backend_pid()
    AND a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)', 'fastpath function call')
    AND coalesce(a.xact_start, a.query_start) < clock_timestamp() - make_interval(secs => %(seconds)s)
ORDER BY a.pid;

-- name: turn_name
-- Make the row that those who take turns at some work queue up for.
INSERT INTO ops.lease (name, holder, token, expires_at) VALUES (%(name)s, 'turns', 0, '-infinity')
ON CONFLICT (name) DO NOTHING;

-- name: turn_take
-- Wait until nobody else is at it; ends with the transaction, or with a connection that dies.
SELECT name FROM ops.lease WHERE name = %(name)s FOR UPDATE;
