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
    EXECUTE 'REVOKE ALL ON SCHEMA public FROM PUBLIC';
    EXECUTE 'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC';
    EXECUTE 'GRANT USAGE ON LANGUAGE plpgsql TO dealwire_owner, dealwire_pipeline';
END
$$;
