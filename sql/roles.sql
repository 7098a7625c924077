-- The three roles. They belong to the whole server, so another database or a concurrent run may have made them.
-- A server's administrator can run this file by hand where our own user may not create roles.
DO $$
DECLARE
    role record;
BEGIN
    FOR role IN
        SELECT * FROM (VALUES
            ('dealwire_owner', 'NOLOGIN'),
            ('dealwire_pipeline', 'LOGIN'),
            ('dealwire_analyst', 'LOGIN CONNECTION LIMIT 20')
        ) AS r (name, options)
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role.name) THEN
                EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE', role.name, role.options);
                IF role.name = 'dealwire_analyst' THEN
                    EXECUTE 'ALTER ROLE dealwire_analyst SET statement_timeout = ''60s''';
                    EXECUTE 'ALTER ROLE dealwire_analyst SET idle_in_transaction_session_timeout = ''60s''';
                    EXECUTE 'ALTER ROLE dealwire_analyst SET search_path = analytics';
                    EXECUTE 'ALTER ROLE dealwire_analyst SET default_transaction_read_only = on';
                    EXECUTE 'GRANT dealwire_analyst TO dealwire_pipeline'; -- so that it may end runaway queries
                END IF;
                IF role.name = 'dealwire_owner' THEN
                    EXECUTE 'GRANT dealwire_owner TO CURRENT_USER';
                END IF;
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL; -- another run was faster
        END;
    END LOOP;
END
$$;
