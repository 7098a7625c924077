-- Runs, leases, data checks.

-- name: run_record
-- What a stage did.
INSERT INTO ops.run (stage, started_at, ended_at, counts) VALUES (%(stage)s, %(started_at)s, %(ended_at)s, %(counts)s)
RETURNING run_id;

-- name: lease_in_force
-- Who works on a part of these ids. A lease ends with its time, or with the connection that took it.
SELECT l.holder, l.token, l.first_id, l.last_id, l.expires_at FROM ops.lease AS l
WHERE l.name = %(name)s AND l.first_id <= %(last_id)s AND l.last_id >= %(first_id)s AND l.expires_at > clock_timestamp()
    AND EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.pid = l.backend_pid)
ORDER BY l.token DESC
LIMIT 1;

-- name: lease_take
-- Take it; the server's clock decides how long it lasts, and no token was ever given before.
WITH gone AS (
    DELETE FROM ops.lease AS l
    WHERE l.name = %(name)s AND l.first_id <= %(last_id)s AND l.last_id >= %(first_id)s
)
INSERT INTO ops.lease (name, holder, token, first_id, last_id, backend_pid, expires_at)
VALUES (%(name)s, %(holder)s, nextval('ops.lease_token'), %(first_id)s, %(last_id)s, pg_backend_pid(),
    clock_timestamp() + make_interval(secs => %(seconds)s))
RETURNING token;

-- name: lease_renew
-- Keep a lease for longer, while nobody else has taken it; inside a transaction nobody can before it ends.
UPDATE ops.lease SET expires_at = clock_timestamp() + make_interval(secs => %(seconds)s), backend_pid = pg_backend_pid()
WHERE token = %(token)s;

-- name: lease_release
-- Give a lease back.
DELETE FROM ops.lease WHERE token = %(token)s;

-- name: lease_check
-- Whether the lease is still ours; holds its row, so that nobody takes it before our transaction ends.
SELECT holder FROM ops.lease WHERE token = %(token)s FOR SHARE;

-- name: lease_holder
-- Who holds such a lease now.
SELECT holder, token, expires_at FROM ops.lease
WHERE name = %(name)s AND first_id <= %(last_id)s AND last_id >= %(first_id)s
ORDER BY token DESC LIMIT 1;

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
INSERT INTO ops.turn (name) VALUES (%(name)s) ON CONFLICT (name) DO NOTHING;

-- name: turn_take
-- Wait until nobody else is at it; ends with the transaction, or with a connection that dies.
SELECT name FROM ops.turn WHERE name = %(name)s FOR UPDATE;
