"""What an analyst must not be able to do, tried one by one under the analyst's own login."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn
from store_samples import new_deal

from dealwire.store.analyst import role_url
from dealwire.store.database import Connection, connect, execute
from dealwire.store.migrate import migrate
from dealwire.store.watchdog import Ended, end_runaways, watch

# Each is refused by a missing right, and stays refused after the role lifted everything it can lift itself.
FORBIDDEN = [
    # Q1: change or destroy
    "INSERT INTO news.feed (url, title, publisher) VALUES ('https://x.example', 'x', 'x')",
    "UPDATE deal.deal SET amount = 1",
    "DELETE FROM deal.deal",
    "TRUNCATE deal.deal CASCADE",
    "DROP TABLE deal.deal CASCADE",
    "DROP VIEW analytics.deal",
    "DROP SCHEMA analytics CASCADE",
    "ALTER TABLE deal.deal ADD COLUMN x integer",
    "ALTER VIEW analytics.deal RENAME TO other",
    "CREATE TABLE analytics.mine (x integer)",
    "CREATE TABLE public.mine (x integer)",
    "CREATE VIEW analytics.mine AS SELECT 1 AS x",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION analytics.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION analytics.deal_as_of(at timestamptz) RETURNS SETOF analytics.deal_version LANGUAGE sql "
    "AS 'SELECT * FROM analytics.deal_version'",
    "CREATE FUNCTION public.f() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE EXTENSION pg_trgm",
    "CREATE ROLE other",
    "CREATE DATABASE other",
    "ALTER ROLE dealwire_analyst SUPERUSER",
    "ALTER ROLE dealwire_analyst CREATEROLE",
    "ALTER ROLE dealwire_owner LOGIN",
    "ALTER DEFAULT PRIVILEGES FOR ROLE dealwire_owner GRANT ALL ON TABLES TO dealwire_analyst",
    "GRANT dealwire_owner TO dealwire_analyst",
    "GRANT SELECT ON news.feed TO dealwire_analyst",
    "COMMENT ON VIEW analytics.deal IS 'mine'",
    "INSERT INTO analytics.deal (kind) VALUES ('power')",
    "UPDATE analytics.deal SET kind = 'power'",
    "DELETE FROM analytics.feed_health",
    "SELECT nextval('deal.deal_deal_id_seq')",
    "SELECT setval('deal.deal_deal_id_seq', 1)",
    "SELECT deal_id FROM analytics.deal FOR UPDATE",
    "BEGIN; LOCK TABLE analytics.deal IN ACCESS EXCLUSIVE MODE",
    "BEGIN; LOCK TABLE deal.deal IN ACCESS SHARE MODE",
    # Q1: reach out of the database, or become somebody
    "COPY analytics.deal TO '/tmp/deals.csv'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY deal.deal FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('PG_VERSION')",
    "SET ROLE dealwire_owner",
    "SET ROLE dealwire_pipeline",
    "SET SESSION AUTHORIZATION dealwire_pipeline",
    "SELECT set_config('role', 'dealwire_owner', false)",
    "ALTER SYSTEM SET fsync = off",
    "SET session_replication_role = replica",
    "SET temp_file_limit = -1",
    "SET log_statement = 'none'",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user AND usename IS NOT NULL",
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename <> current_user AND usename IS NOT NULL",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_stat_reset()",
    "CHECKPOINT",
    # Q2: what PostgreSQL leaves open to everybody
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_create(0)",
    "SELECT lo_creat(-1)",
    "SELECT lo_unlink(1)",
    "SELECT lo_put(1, 0, 'x')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "CREATE TEMP TABLE mine (x integer)",
    "SELECT * INTO TEMP mine FROM analytics.deal",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_lock(1)",
    "SELECT pg_advisory_xact_lock_shared(1, 2)",
    "SELECT pg_notify('x', 'y')",
    "SELECT pg_export_snapshot()",
    "DO $$ BEGIN LOOP END LOOP; END $$",
    # Q5: read what is not theirs
    "SELECT * FROM news.feed",
    "SELECT * FROM news.article_version",
    "SELECT * FROM deal.deal",
    "SELECT * FROM deal.judgement",
    "SELECT * FROM alert.channel",
    "SELECT * FROM alert.alert",
    "SELECT * FROM ops.run",
    "SELECT * FROM ops.lease",
    "SELECT * FROM ops.migration",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "SELECT * FROM pg_user_mapping",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_statistic",
    "SELECT query_to_xml('SELECT * FROM news.feed', true, true, '')",
    "SELECT schema_to_xml('deal', true, true, '')",
]
FEW_ALLOWED = {"SELECT * FROM pg_user_mapping"}  # PostgreSQL shows it to all; it is empty and holds no password of ours


@pytest.fixture
def closed_database_url(empty_database_url: str) -> str:
    """A database migrated in place: its own rights are not part of a template's copy."""
    owner = connect(empty_database_url)
    migrate(owner)
    new_deal(owner, "1")
    owner.close()
    return empty_database_url


@pytest.fixture
def analyst(closed_database_url: str, tmp_path: Path) -> Iterator[Connection]:
    """An analyst who has switched off everything that can be switched off."""
    owner = connect(closed_database_url)
    connection = connect(role_url(owner, tmp_path))
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off; SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '2s'")
    yield connection
    connection.close()
    owner.close()


@pytest.mark.fault("Q1", "Q2", "Q5")
def test_at_least_sixty_forbidden_statements_are_denied(analyst: Connection) -> None:
    tried = [statement for statement in FORBIDDEN if statement not in FEW_ALLOWED]
    assert len(tried) >= 60
    codes = {statement: denial(analyst, statement) for statement in tried}
    # insufficient_privilege, or a view that nobody at all can write to
    assert {s: c for s, c in codes.items() if c not in ("42501", "55000")} == {}


def denial(connection: Connection, statement: str) -> str:
    """The SQLSTATE of a refusal, or what it gave."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except psycopg2.Error as error:
            return error.pgcode or str(error)
        finally:
            cursor.execute("ROLLBACK")
        return f"done: {cursor.rowcount}"


@pytest.mark.fault("Q1")
def test_nothing_is_refused_only_because_the_session_is_read_only(analyst: Connection) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only') AS read_only")
        assert cursor.fetchone().read_only == "off"


@pytest.mark.fault("Q1")
def test_taking_rights_from_others_takes_nothing(analyst: Connection, closed_database_url: str) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("REVOKE SELECT ON analytics.deal FROM dealwire_pipeline")  # PostgreSQL only warns
        cursor.execute("SELECT has_table_privilege('dealwire_pipeline', 'analytics.deal', 'SELECT') AS may_read")
        assert cursor.fetchone().may_read


@pytest.mark.fault("Q5")
def test_every_view_of_the_contract_can_be_read(analyst: Connection) -> None:
    with analyst.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'analytics'::regnamespace AND c.relkind = 'v'"
        )
        names = [row.relname for row in cursor.fetchall()]
        assert len(names) >= 15
        for name in names:
            cursor.execute(f"SELECT * FROM analytics.{name} LIMIT 1")
        cursor.execute("SELECT deal_id FROM analytics.deal_as_of(now())")
        assert len(cursor.fetchall()) == 1


@pytest.mark.fault("Q5")
def test_other_databases_are_closed(database_server: str, analyst: Connection) -> None:
    info = analyst.info
    for name in ("airflow", "dealwire", "template1", "postgres"):
        dsn = make_dsn(host=info.host, port=info.port, dbname=name, user=info.user, password=info.password)
        with pytest.raises(psycopg2.OperationalError, match=r"permission denied|does not have CONNECT"):
            psycopg2.connect(dsn)


@pytest.mark.fault("Q5")
def test_the_work_of_others_is_not_shown(analyst: Connection, closed_database_url: str) -> None:
    owner = connect(closed_database_url)
    execute(owner, "deal_mark_stale", {"ids": [1]})
    with analyst.cursor() as cursor:
        cursor.execute("SELECT DISTINCT query FROM pg_stat_activity WHERE usename <> current_user")
        assert {row.query for row in cursor.fetchall()} <= {"<insufficient privilege>", ""}
    owner.close()


@pytest.mark.fault("Q3")
def test_a_runaway_query_is_ended(analyst: Connection, closed_database_url: str) -> None:
    told: list[Ended] = []
    stop = threading.Event()
    watchdog = threading.Thread(
        target=watch,
        args=(lambda: connect(closed_database_url), stop, told.append),
        kwargs={"seconds": 1, "pause": 0.2},
    )
    watchdog.start()
    try:
        started = time.monotonic()
        with (
            analyst.cursor() as cursor,
            pytest.raises(psycopg2.OperationalError, match=r"terminating connection|closed the connection"),
        ):
            cursor.execute(
                "SELECT count(*) FROM generate_series(1, 1000000000) AS a, generate_series(1, 1000000000) AS b"
            )
        assert time.monotonic() - started < 30
    finally:
        stop.set()
        watchdog.join()
    assert [ended.state for ended in told] == ["active"]


@pytest.mark.fault("Q3")
def test_a_query_cannot_fill_the_disk(analyst: Connection) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("SELECT current_setting('temp_file_limit') AS most")
        assert cursor.fetchone().most == "512MB"


@pytest.mark.fault("Q4", "B10")
def test_an_idle_transaction_is_ended_and_a_migration_passes(
    analyst: Connection, closed_database_url: str, tmp_path: Path
) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT deal_id FROM analytics.deal")
    time.sleep(0.3)
    owner = connect(closed_database_url)
    assert [ended.state for ended in end_runaways(owner, seconds=0.2)] == ["idle in transaction"]
    until = time.monotonic() + 20
    while end_runaways(owner, seconds=0.2):  # ending takes the server a moment
        assert time.monotonic() < until
    with owner.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute("ALTER TABLE deal.deal ADD COLUMN x integer")
    owner.close()


@pytest.mark.fault("Q3")
def test_a_quick_query_is_left_alone(analyst: Connection, closed_database_url: str) -> None:
    with analyst.cursor() as cursor:
        cursor.execute("SELECT 1")
    owner = connect(closed_database_url)
    assert end_runaways(owner, seconds=0) == []
    owner.close()
