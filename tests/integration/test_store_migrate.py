"""Migrations on a real server."""

from __future__ import annotations

from dealwire.store.database import Connection, connect, fetch_all
from dealwire.store.migrate import migrate, pending, read_migrations


def test_all_migrations_are_applied_once(empty_database_url: str) -> None:
    connection = connect(empty_database_url)
    files = [migration.name for migration in read_migrations()]
    assert pending(connection) == [*files, "views and grants"]
    report = migrate(connection)
    assert list(report.applied) == files
    assert report.views_made
    assert report.notices == ()
    again = migrate(connection)
    assert again.applied == ()
    assert not again.views_made
    assert pending(connection) == []
    connection.close()


def test_a_test_database_is_migrated(connection: Connection) -> None:
    assert pending(connection) == []
    assert fetch_all(connection, "migration_applied")[1].name == "0001_news.sql"
