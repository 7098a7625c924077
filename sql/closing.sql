-- What PostgreSQL leaves open to everybody and an analyst must not have: temporary tables, large objects (writable
-- even in a read-only transaction), advisory locks (others may wait for them), and code blocks. Needs a superuser.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO dealwire_owner, dealwire_pipeline, dealwire_analyst', current_database());
    FOR routine IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
            AND (p.proname LIKE 'lo\_%' OR p.proname LIKE 'pg\_%advisory%'
                OR p.proname IN ('loread', 'lowrite', 'pg_notify', 'pg_export_snapshot'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
    -- Only a superuser can set or lift this one, so it is a real limit on what one query may write to disk.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dealwire_analyst' AND 'temp_file_limit=512MB' = ANY (rolconfig)) THEN
        EXECUTE 'ALTER ROLE dealwire_analyst SET temp_file_limit = ''512MB''';
    END IF;
    EXECUTE 'REVOKE ALL ON SCHEMA public FROM PUBLIC';
    EXECUTE 'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC';
    EXECUTE 'GRANT USAGE ON LANGUAGE plpgsql TO dealwire_owner, dealwire_pipeline';
END
$$;
