-- The server as a whole: databases, roles, sessions.

-- name: server_version
-- The server's version, as people write it.
SELECT current_setting('server_version');

-- name: data_directory
-- Which data the server that answers works on.
SELECT current_setting('data_directory');

-- name: list_databases
-- Which databases there are.
SELECT datname FROM pg_database ORDER BY datname;

-- name: create_database_airflow
-- Airflow's own tables.
CREATE DATABASE airflow TEMPLATE template0;

-- name: create_database_dealwire
-- Our tables.
CREATE DATABASE dealwire TEMPLATE template0;

-- name: close_databases_to_public
-- Nobody enters a database without being let in; template1 is open by default.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT datname FROM pg_database WHERE datname <> 'template0' LOOP
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', name);
    END LOOP;
END
$$;
