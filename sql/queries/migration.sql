-- What the migration runner needs: its own record, locks and the state of roles.

-- name: migration_make_record
-- The record of what was applied; made by the runner itself, before the first migration.
CREATE SCHEMA IF NOT EXISTS ops;
CREATE TABLE IF NOT EXISTS ops.migration (
    number      integer PRIMARY KEY,
    name        text NOT NULL,
    checksum    text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON SCHEMA ops IS 'What the service knows of its own work: runs, leases, data checks, migrations.';
COMMENT ON TABLE ops.migration IS 'Which migrations this database has had. Number 0 stands for views and grants, made anew when they change.';
COMMENT ON COLUMN ops.migration.number IS 'The number in the file name, for example 1 for 0001_news.sql.';
COMMENT ON COLUMN ops.migration.name IS 'The file name.';
COMMENT ON COLUMN ops.migration.checksum IS 'SHA-256 of the file as it was applied; a released file never changes.';
COMMENT ON COLUMN ops.migration.applied_at IS 'When it was applied.';

-- name: migration_record_exists
-- Whether a runner was ever here.
SELECT to_regclass('ops.migration') IS NOT NULL;

-- name: migration_lock
-- One runner at a time; readers of the record go on.
LOCK TABLE ops.migration IN SHARE ROW EXCLUSIVE MODE;

-- name: migration_applied
-- What was applied, oldest first.
SELECT number, name, checksum, applied_at FROM ops.migration ORDER BY number;

-- name: migration_add
-- Record a migration in its own transaction.
INSERT INTO ops.migration (number, name, checksum) VALUES (%(number)s, %(name)s, %(checksum)s);

-- name: migration_forget_views
-- Views and grants are to be made again, by this run or by the next one if this one is killed.
DELETE FROM ops.migration WHERE number = 0;

-- name: migration_drop_views
-- Take away everything in schema analytics that we made; fails where somebody's own view depends on one.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP FUNCTION %s', p.oid::regprocedure)
        FROM pg_proc p WHERE p.pronamespace = 'analytics'::regnamespace
    LOOP
        EXECUTE statement;
    END LOOP;
    SELECT 'DROP VIEW ' || string_agg(c.oid::regclass::text, ', ') INTO statement
    FROM pg_class c WHERE c.relnamespace = 'analytics'::regnamespace AND c.relkind = 'v';
    IF statement IS NOT NULL THEN
        EXECUTE statement;
    END IF;
END
$$;

-- name: migration_timeouts
-- A migration waits 5 s for a lock, then gives way and tries again later.
SELECT set_config('lock_timeout', '5s', true);

-- name: migration_become_owner
-- Everything is made by the owner role, so that views read with its rights.
SELECT set_config('role', 'dealwire_owner', true);

-- name: migration_become_self
-- Back to the role we connected as, for what only it may do.
SELECT set_config('role', 'none', true);

-- name: roles_missing
-- Which of our roles the server lacks.
SELECT r.name
FROM unnest(ARRAY['dealwire_owner', 'dealwire_pipeline', 'dealwire_analyst']) AS r (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r.name)
ORDER BY r.name;

-- name: roles_rights
-- What we may do to roles: make them, act as the owner, close what PostgreSQL leaves open to all.
SELECT r.rolsuper AS superuser,
    r.rolsuper OR r.rolcreaterole AS may_create,
    EXISTS (SELECT FROM pg_roles o WHERE o.rolname = 'dealwire_owner' AND pg_has_role(current_user, o.oid, 'MEMBER')) AS is_owner
FROM pg_roles r WHERE r.rolname = current_user;

-- name: roles_owner_may_build
-- Whether the owner role may make schemas in this database.
SELECT has_database_privilege('dealwire_owner', current_database(), 'CREATE');

-- name: roles_let_owner_build
-- Let it.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO dealwire_owner', current_database());
END
$$;

-- name: roles_set_password
-- Let a role log in with a password (sent as a SCRAM verifier, never in clear).
SELECT set_config('dealwire.verifier', %(verifier)s, false), set_config('dealwire.role', %(role)s, false);

-- name: roles_apply_password
-- The second half: ALTER ROLE takes no parameters.
DO $$
BEGIN
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', current_setting('dealwire.role'), current_setting('dealwire.verifier'));
    PERFORM set_config('dealwire.verifier', '', false);
END
$$;
