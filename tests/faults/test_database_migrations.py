"""Migrations that are killed, blocked, run twice at once, changed afterwards, or older than the database."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from dealwire.errors import StoreError
from dealwire.store.database import Connection, connect, fetch_all, run_script, transaction
from dealwire.store.failures import Unavailable
from dealwire.store.migrate import check_schema, migrate, pending, read_migrations
from dealwire.store.queries import SQL_ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of sql/ that the test may change."""
    shutil.copytree(SQL_ROOT, tmp_path / "sql")
    return tmp_path / "sql"


@pytest.fixture
def owner(empty_database_url: str) -> Iterator[Connection]:
    connection = connect(empty_database_url)
    yield connection
    connection.close()


def add(root: Path, text: str) -> str:
    number = len(list((root / "migrations").glob("*.sql"))) + 1
    path = root / "migrations" / f"{number:04d}_test.sql"
    path.write_text(text)
    return path.name


def exists(connection: Connection, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL AS there", (table,))
        return bool(cursor.fetchone().there)


@pytest.mark.fault("B11")
def test_a_killed_migration_leaves_nothing_and_is_done_again(
    owner: Connection, empty_database_url: str, root: Path
) -> None:
    migrate(owner, root)
    name = add(
        root,
        "CREATE TABLE ops.half (x integer); SET LOCAL ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid());",
    )
    with pytest.raises(Unavailable):
        migrate(owner, root)
    second = connect(empty_database_url)
    assert not exists(second, "ops.half")
    assert pending(second, root) == [name]
    (root / "migrations" / name).write_text("CREATE TABLE ops.half (x integer);")
    assert migrate(second, root).applied == (name,)
    assert exists(second, "ops.half")
    second.close()


@pytest.mark.fault("B11")
def test_killed_between_a_migration_and_the_views_the_next_run_makes_them(owner: Connection, root: Path) -> None:
    migrate(owner, root)
    add(root, "DROP VIEW analytics.coverage_gap;")
    (root / "views" / "99_bad.sql").write_text("SELECT 1 / 0;")
    with pytest.raises(StoreError, match="division by zero"):
        migrate(owner, root)
    assert not exists(owner, "analytics.coverage_gap")
    (root / "views" / "99_bad.sql").unlink()
    assert pending(owner, root) == ["views and grants"]
    assert migrate(owner, root).views_made
    assert exists(owner, "analytics.coverage_gap")


@pytest.mark.fault("B11")
def test_an_older_version_refuses_a_newer_database(owner: Connection, root: Path) -> None:
    name = add(root, "SELECT 1;")
    new = len(read_migrations(root))
    migrate(owner, root)
    for refuse in (migrate, pending, check_schema):
        with pytest.raises(StoreError, match=f"migration {new} .{name}., this version knows {new - 1}.*newer Dealwire"):
            refuse(owner)


@pytest.mark.fault("B11")
def test_a_changed_migration_is_refused(owner: Connection, root: Path) -> None:
    migrate(owner, root)
    (root / "migrations" / "0001_news.sql").write_text("SELECT 2;")
    with pytest.raises(StoreError, match=r"0001_news\.sql was changed after it was applied"):
        pending(owner, root)
    with pytest.raises(StoreError, match="changed after it was applied"):
        migrate(owner, root)


@pytest.mark.fault("B11")
def test_work_on_an_old_schema_is_refused_with_what_to_do(owner: Connection, root: Path) -> None:
    migrate(owner, root)
    check_schema(owner, root)
    name = add(root, "SELECT 1;")
    with pytest.raises(StoreError, match=f"lacks {name}: run `dealwire db migrate`"):
        check_schema(owner, root)


def test_a_gap_in_the_numbers_is_named(owner: Connection, root: Path) -> None:
    expected = f"{len(read_migrations(root)) + 1:04d}_name.sql"
    (root / "migrations" / "0099_later.sql").write_text("SELECT 1;")
    with pytest.raises(StoreError, match=rf"0099_later\.sql: expected {expected}"):
        pending(owner, root)


@pytest.mark.fault("B10")
def test_a_blocked_migration_gives_way_and_tries_again(owner: Connection, empty_database_url: str, root: Path) -> None:
    migrate(owner, root)
    lines = (root / "queries" / "migration.sql").read_text()
    assert "'lock_timeout', '5s'" in lines
    name = add(root, "SET LOCAL lock_timeout = '100ms'; ALTER TABLE news.feed ADD COLUMN x integer;")
    holder = connect(empty_database_url)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            holder.rollback()

    holder.autocommit = False
    run_script(holder, "LOCK TABLE news.feed", "hold")
    assert migrate(owner, root, sleep=sleep).applied == (name,)
    assert waits == [1, 2]
    holder.close()


@pytest.mark.fault("B10")
def test_a_lock_that_never_ends_is_reported(owner: Connection, empty_database_url: str, root: Path) -> None:
    migrate(owner, root)
    name = add(root, "SET LOCAL lock_timeout = '50ms'; ALTER TABLE news.feed ADD COLUMN x integer;")
    holder = connect(empty_database_url)
    with transaction(holder):
        run_script(holder, "LOCK TABLE news.feed", "hold")
        with pytest.raises(StoreError, match="gave up, since another session holds a lock"):
            migrate(owner, root, sleep=lambda seconds: None)
    assert pending(owner, root) == [name]
    holder.close()


@pytest.mark.fault("B5")
def test_runners_at_the_same_time_do_it_once(empty_database_url: str) -> None:
    failures: list[BaseException] = []
    applied: list[str] = []

    def run() -> None:
        try:
            connection = connect(empty_database_url)
            applied.extend(migrate(connection).applied)
            connection.close()
        except BaseException as error:
            failures.append(error)

    runners = [threading.Thread(target=run) for _ in range(4)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert failures == []
    assert sorted(applied) == [path.name for path in sorted((SQL_ROOT / "migrations").glob("*.sql"))]
    connection = connect(empty_database_url)
    assert len(fetch_all(connection, "migration_applied")) == len(applied) + 1
    connection.close()


def test_without_the_right_to_create_roles_it_works_and_says_what_is_missing(
    plain_user: str, owner: Connection, empty_database_url: str
) -> None:
    database = owner.info.dbname
    run_script(owner, f"ALTER DATABASE {database} OWNER TO {plain_user}", "give")
    dsn = make_dsn(empty_database_url, user=plain_user, password="plain")
    connection = connect(dsn)
    report = migrate(connection)
    assert report.views_made
    assert [notice for notice in report.notices if "superuser runs sql/closing.sql" in notice]
    assert pending(connection) == []
    connection.close()


@pytest.fixture
def plain_user(database_server: str) -> Iterator[str]:
    """A user who owns its database and nothing else."""
    administer(database_server, "CREATE ROLE dealwire_test_plain LOGIN PASSWORD 'plain'")
    yield "dealwire_test_plain"
    administer(database_server, "DROP ROLE dealwire_test_plain")


def administer(server: str, statement: str) -> None:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()
