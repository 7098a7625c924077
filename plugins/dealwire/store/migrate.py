"""Bring a database to the schema this version needs.

Migrations are numbered files that never change once released. Each is applied in one transaction with its own
record, under a lock that lets one runner work at a time. Views and grants are made anew whenever they changed.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dealwire.errors import StoreError
from dealwire.store.database import (
    Connection,
    execute,
    fetch_all,
    fetch_one,
    fetch_value,
    run_script,
    transaction,
)
from dealwire.store.failures import TimedOut
from dealwire.store.queries import SQL_ROOT
from dealwire.store.roles import (
    close_what_is_open,
    ensure_roles,
    missing_roles,
    open_database_to_owner,
    what_stays_open,
)

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
LOCK_ATTEMPTS = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of sql/migrations."""

    number: int
    name: str
    checksum: str
    text: str


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a run did. `notices` are for the administrator; the database works without."""

    applied: tuple[str, ...]
    views_made: bool
    notices: tuple[str, ...]


def read_migrations(root: Path = SQL_ROOT) -> list[Migration]:
    """The migrations in order; the numbers run from 1 without a gap."""
    found: list[Migration] = []
    for path in sorted((root / "migrations").glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if not match or int(match.group(1)) != len(found) + 1:
            raise StoreError(f"sql/migrations/{path.name}: expected {len(found) + 1:04d}_name.sql")
        text = path.read_text("utf-8")
        found.append(Migration(len(found) + 1, path.name, hashlib.sha256(text.encode()).hexdigest(), text))
    return found


def read_views(with_roles: bool, root: Path = SQL_ROOT) -> Migration:
    """All views as one, with the grants where the roles are there: number 0 in the record."""
    paths = [*sorted((root / "views").glob("*.sql")), *([root / "grants.sql"] if with_roles else [])]
    text = "\n".join(path.read_text("utf-8") for path in paths)
    closing = (root / "closing.sql").read_text("utf-8")
    return Migration(0, "views and grants", hashlib.sha256((text + closing).encode()).hexdigest(), text)


def pending(connection: Connection, root: Path = SQL_ROOT) -> list[str]:
    """What a run would do, by name; reads only. Raises where the database is newer, or history was changed."""
    applied = _applied(connection)
    files = read_migrations(root)
    _check_history(files, applied)
    names = [file.name for file in files if file.number not in applied]
    views = read_views(not missing_roles(connection), root)
    if applied.get(0, ("", ""))[1] != views.checksum:
        names.append(views.name)
    return names


def check_schema(connection: Connection, root: Path = SQL_ROOT) -> None:
    """Refuse to work on a schema that is not this version's."""
    names = pending(connection, root)
    if names:
        raise StoreError(f"the database lacks {', '.join(names)}: run `dealwire db migrate`")


def migrate(
    connection: Connection, root: Path = SQL_ROOT, *, sleep: Callable[[float], None] = time.sleep
) -> MigrationReport:
    """Apply what is pending. Safe to run anywhere, any time, by several at once, and after a kill."""
    notices = [ensure_roles(connection)]
    as_owner = notices[0] is None and open_database_to_owner(connection)
    _patiently(lambda: _make_record(connection, as_owner), sleep)
    applied: list[str] = []
    while True:
        name = _patiently(lambda: _apply_next(connection, root, as_owner), sleep)
        if name is None:
            break
        applied.append(name)
    views_made = _patiently(lambda: _make_views(connection, root, as_owner), sleep)
    if views_made and notices[0] is None:
        notices.append(what_stays_open(connection))
    return MigrationReport(tuple(applied), views_made, tuple(notice for notice in notices if notice))


def _patiently(work: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Give way to whoever holds the lock, so that nobody queues behind us, and try again a little later."""
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            return work()
        except TimedOut as error:
            if attempt == LOCK_ATTEMPTS:
                raise StoreError(f"migration gave up, since another session holds a lock: {error}") from error
            sleep(attempt)
    raise AssertionError("unreachable")


def _make_record(connection: Connection, as_owner: bool) -> None:
    if fetch_value(connection, "migration_record_exists"):
        return
    try:
        with transaction(connection):
            _prepare(connection, as_owner)
            execute(connection, "migration_make_record")
    except StoreError:  # another runner was faster, which PostgreSQL tells in several ways
        if not fetch_value(connection, "migration_record_exists"):
            raise


def _prepare(connection: Connection, as_owner: bool) -> None:
    fetch_one(connection, "migration_timeouts")
    if as_owner:
        fetch_one(connection, "migration_become_owner")


def _apply_next(connection: Connection, root: Path, as_owner: bool) -> str | None:
    with transaction(connection):
        _prepare(connection, as_owner)
        execute(connection, "migration_lock")
        applied = _applied(connection)
        files = read_migrations(root)
        _check_history(files, applied)
        waiting = [file for file in files if file.number not in applied]
        if not waiting:
            return None
        run_script(connection, waiting[0].text, waiting[0].name)
        _record(connection, waiting[0])
        execute(connection, "migration_forget_views")
        return waiting[0].name


def _make_views(connection: Connection, root: Path, as_owner: bool) -> bool:
    with transaction(connection):
        _prepare(connection, as_owner)
        execute(connection, "migration_lock")
        with_roles = not missing_roles(connection)
        views = read_views(with_roles, root)
        if _applied(connection).get(0, ("", ""))[1] == views.checksum:
            return False
        execute(connection, "migration_drop_views")
        run_script(connection, views.text, "sql/views and grants.sql")
        execute(connection, "migration_forget_views")
        _record(connection, views)
        if with_roles and as_owner:
            fetch_one(connection, "migration_become_self")
            close_what_is_open(connection, root)
        return True


def _record(connection: Connection, migration: Migration) -> None:
    execute(
        connection,
        "migration_add",
        {"number": migration.number, "name": migration.name, "checksum": migration.checksum},
    )


def _applied(connection: Connection) -> dict[int, tuple[str, str]]:
    if not fetch_value(connection, "migration_record_exists"):
        return {}
    return {row.number: (row.name, row.checksum) for row in fetch_all(connection, "migration_applied")}


def _check_history(files: Sequence[Migration], applied: dict[int, tuple[str, str]]) -> None:
    newest = max(applied, default=0)
    if newest > len(files):
        raise StoreError(
            f"the database has migration {newest} ({applied[newest][0]}), this version knows {len(files)}: it was used "
            "with a newer Dealwire. Install that version or a newer one, or restore a backup from before"
        )
    for file in files:
        if file.number in applied and applied[file.number][1] != file.checksum:
            raise StoreError(
                f"sql/migrations/{file.name} was changed after it was applied here: restore it and put the change "
                "into a new migration"
            )
