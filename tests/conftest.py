"""A real PostgreSQL for the tests: one server a session, one migrated template, one clone of it a test.

DEALWIRE_TEST_DATABASE_URL names another server to use instead (a superuser's address; only databases called
`dealwire_test_…` are made and dropped there).
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg2
import pytest
from newsroom.stored import store_newsroom
from psycopg2 import sql
from psycopg2.extensions import make_dsn, parse_dsn

from dealwire.store.database import Connection, connect
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate


def _administer(server: str, statement: sql.Composable) -> None:
    connection = psycopg2.connect(make_dsn(server, dbname="postgres"))
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that other users can enter, which pytest's own are not: under root the server is one."""
    with tempfile.TemporaryDirectory(prefix="dealwire-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """A superuser's address of the server."""
    given = os.environ.get("DEALWIRE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with reachable_folder() as home:
        server = Embedded(home, durable=False)
        server.start()
        pid = (server.data / "postmaster.pid").read_text().split("\n")[0]
        script = 'cat; kill -QUIT "$0"; sleep 1; rm -rf "$1"'  # cat ends when we do, by whatever end
        guard = subprocess.Popen(["/bin/sh", "-c", script, pid, str(home)], stdin=subprocess.PIPE)
        try:
            yield server.url("postgres")
        finally:
            guard.kill()
            guard.wait()
            guard.stdin.close()  # type: ignore[union-attr]
            server.stop()


@pytest.fixture(scope="session")
def database_template(database_server: str) -> Iterator[str]:
    """The name of a migrated, empty database that nobody is connected to."""
    name = f"dealwire_test_template_{uuid.uuid4().hex[:8]}"
    _administer(database_server, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    connection = connect(make_dsn(database_server, dbname=name))
    migrate(connection)
    connection.close()
    yield name
    _administer(database_server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def empty_database_url(database_server: str) -> Iterator[str]:
    """A database without any schema, for tests of the migrations."""
    yield from _database(database_server, "template0")


@pytest.fixture
def database_url(database_server: str, database_template: str) -> Iterator[str]:
    """A migrated database of this test's own."""
    yield from _database(database_server, database_template)


@pytest.fixture(scope="module")
def module_database_url(database_server: str, database_template: str) -> Iterator[str]:
    """A migrated database that the tests of one module share, for those that only read what is costly to store."""
    yield from _database(database_server, database_template)


def _database(server: str, template: str) -> Iterator[str]:
    name = f"dealwire_test_{uuid.uuid4().hex[:12]}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _administer(server, create.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield make_dsn(server, dbname=name)
    finally:
        _administer(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to this test's own migrated database; each statement commits by itself."""
    opened = connect(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def newsroom_database(database_server: str, database_template: str) -> Iterator[str]:
    """A database with the newsroom's deals, for reading only."""
    for url in _database(database_server, database_template):
        opened = connect(url)
        store_newsroom(opened, date(2026, 11, 24))
        opened.close()
        yield url


@pytest.fixture
def newsroom_url(database_server: str, newsroom_database: str) -> Iterator[str]:
    """A copy of it that the test may change; nobody is connected to the original meanwhile."""
    yield from _database(database_server, parse_dsn(newsroom_database)["dbname"])


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout's folder."""
    return Path(__file__).resolve().parents[1]
