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

-- name: dump_tables
-- Our tables with the columns that are neither generated ids nor times nor lengths of work: what two runs must agree on.
SELECT c.relnamespace::regnamespace::text AS schema_name, c.relname AS table_name,
    array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('news', 'deal', 'alert')
    AND a.attidentity = '' AND a.atttypid <> 'timestamptz'::regtype AND a.atttypid <> 'uuid'::regtype
GROUP BY c.relnamespace, c.relname
ORDER BY 1, 2;
