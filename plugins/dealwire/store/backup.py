"""Backup and restore with PostgreSQL's own programs, those that came with the server where there is one of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from psycopg2.extensions import parse_dsn

from dealwire.errors import StoreError
from dealwire.store.database import connect, execute, fetch_all, fetch_value
from dealwire.store.migrate import migrate
from dealwire.store.roles import ensure_roles

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def back_up(url: str, file: Path, programs: Path | None) -> int:
    """Write the whole database to a file that only its owner can read; its size. The service may go on meanwhile."""
    half = file.with_name(f"{file.name}.part")
    try:
        half.touch(mode=0o600)
        _run(programs, "pg_dump", ["--format=custom", f"--file={half}"], url)
        half.replace(file)
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, programs: Path | None, now: datetime, *, replace: bool = False) -> list[str]:
    """Bring a backup back, then up to this version's schema; notes for the administrator.

    Into a database that holds something only where that is to be replaced, and never while somebody works in it.
    """
    if not file.is_file():
        raise StoreError(f"there is no backup {file}")
    _run(programs, "pg_restore", ["--list", str(file)], url)  # a file that is no backup must not cost the data
    connection = connect(url, application_name="dealwire restore")
    try:
        others = [row.application_name or "somebody" for row in fetch_all(connection, "others_connected")]
        if others:
            raise StoreError(f"{', '.join(sorted(set(others)))} still works in the database: `make down`, then restore")
        if fetch_value(connection, "holds_data"):
            if not replace:
                raise StoreError("the database holds data: give --replace to throw it away for the backup's")
            execute(connection, "restore_clear")
        notice = ensure_roles(connection)
    finally:
        connection.close()
    _run(programs, "pg_restore", ["--single-transaction", "--exit-on-error", f"--dbname={_name(url)}", str(file)], url)
    connection = connect(url, application_name="dealwire restore")
    try:
        execute(connection, "migration_forget_views")  # rights on the database itself are in no backup
        report = migrate(connection)
        execute(connection, "restore_mark", {"now": now})
    finally:
        connection.close()
    return [note for note in (notice, *report.notices) if note]


def _name(url: str) -> str:
    return str(parse_dsn(url)["dbname"])


def _run(programs: Path | None, name: str, arguments: list[str], url: str) -> None:
    """The address goes by the environment: what stands on a command line can be read by everybody."""
    program = shutil.which(name, path=str(programs)) if programs else shutil.which(name)
    if program is None:
        raise StoreError(f"there is no {name}: install PostgreSQL's client programs, or set DEALWIRE_POSTGRES_BIN")
    done = subprocess.run([program, *arguments], env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise StoreError(f"{name}: {lines[0].removeprefix(f'{name}: ')}")


def _environment(url: str) -> Mapping[str, str]:
    given = {_VARIABLES[name]: str(value) for name, value in parse_dsn(url).items() if name in _VARIABLES}
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | given
