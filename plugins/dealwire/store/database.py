"""Connections, transactions and named queries on PostgreSQL.

A connection commits each statement by itself unless it is inside `transaction()`. Functions that change more than
one row carry `@atomic`: alone they are a transaction of their own, repeated on deadlock; inside a caller's
transaction they are part of it.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg2
import psycopg2.extensions
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_UNKNOWN
from psycopg2.extras import NamedTupleCursor
from psycopg2.extras import execute_values as send_values

from dealwire.errors import StoreError
from dealwire.store.failures import Conflict, Unavailable, translate
from dealwire.store.queries import load_queries

Connection = psycopg2.extensions.connection
Row = Any  # a named tuple; its fields are the query's columns
P = ParamSpec("P")
T = TypeVar("T")

IDLE_IN_TRANSACTION_MS = 60_000
ATTEMPTS = 5
PAGE = 1000
# A server that is there and says no will say no again; libpq gives no SQLSTATE for a refused connection.
_HOPELESS = ("password authentication failed", "does not exist", "no pg_hba.conf entry", "invalid", "not permitted")


def connect(
    dsn: str,
    *,
    application_name: str = "dealwire",
    wait_seconds: float = 0,
    connect_seconds: int = 10,
    lock_timeout_ms: int = 0,
    statement_timeout_ms: int = 0,
) -> Connection:
    """Open a connection; with `wait_seconds` (at most 60 are sensible) outlast a restart or a full server."""
    options = (
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c lock_timeout={lock_timeout_ms} "
        f"-c statement_timeout={statement_timeout_ms} -c timezone=UTC -c datestyle=ISO -c client_encoding=UTF8"
    )
    until = time.monotonic() + wait_seconds
    pause = 0.1
    while True:
        try:
            connection = psycopg2.connect(
                dsn,
                application_name=application_name,
                connect_timeout=connect_seconds,
                options=options,
                cursor_factory=NamedTupleCursor,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
            )
        except psycopg2.OperationalError as error:
            if time.monotonic() + pause > until or any(word in str(error) for word in _HOPELESS):
                raise Unavailable(_unreachable(dsn, error)) from error
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
        except psycopg2.Error as error:
            raise StoreError(f"DATABASE_URL cannot be used: {str(error).strip()}") from error
        else:
            connection.autocommit = True
            return connection


def _unreachable(dsn: str, error: psycopg2.Error) -> str:
    parts = psycopg2.extensions.parse_dsn(dsn)
    where = f"{parts.get('host', 'localhost')}:{parts.get('port', '5432')}/{parts.get('dbname', '')}"
    reason = str(error).strip().splitlines()[-1].strip()
    return f"cannot connect to PostgreSQL at {where}: {reason}. Check DATABASE_URL, or run `dealwire db start`"


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing. Inside another transaction it is a part of that one, which alone decides."""
    if not connection.autocommit:
        yield
        return
    with _translated("begin"):
        connection.autocommit = False
    try:
        yield
        with _translated("commit"):
            connection.commit()
    except BaseException:
        _roll_back(connection)
        raise
    finally:
        if not connection.closed:
            connection.autocommit = True


def _roll_back(connection: Connection) -> None:
    """Leave the connection usable; where that fails it is dead, and the first error is the one to tell."""
    try:
        connection.rollback()
    except psycopg2.Error:
        connection.close()


def atomic(function: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """Make a function of a connection one transaction, done again (at most 5 times) after a deadlock."""

    @wraps(function)
    def whole(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not connection.autocommit:
            return function(connection, *args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction(connection):
                    return function(connection, *args, **kwargs)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    return whole


def repeat_on_loss(
    open_connection: Callable[[], Connection],
    work: Callable[[Connection], T],
    attempts: int = 3,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Do keyed work on a fresh connection, again where the connection broke, even during COMMIT."""
    for attempt in range(1, attempts + 1):
        try:
            connection = open_connection()
            try:
                return work(connection)
            finally:
                connection.close()
        except Unavailable:
            if attempt == attempts:
                raise
            sleep(random.uniform(0.05, 0.2 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg2.Error as error:
        raise translate(error, name) from error


def fetch_all(connection: Connection, name: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """All rows of a named query."""
    with _translated(name), connection.cursor() as cursor:
        cursor.execute(load_queries()[name], parameters or None)
        return cursor.fetchall()


def fetch_one(connection: Connection, name: str, parameters: Mapping[str, Any] | None = None) -> Row:
    """The only row of a named query, or None."""
    with _translated(name), connection.cursor() as cursor:
        cursor.execute(load_queries()[name], parameters or None)
        return cursor.fetchone()


def fetch_value(connection: Connection, name: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """The first column of the only row, or None."""
    row = fetch_one(connection, name, parameters)
    return None if row is None else row[0]


def execute(connection: Connection, name: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Run a named statement; how many rows it touched."""
    with _translated(name), connection.cursor() as cursor:
        cursor.execute(load_queries()[name], parameters or None)
        return int(cursor.rowcount)


def execute_values(connection: Connection, name: str, rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Run a named statement with `VALUES %s` over all rows (sorted by key by the caller); what it returns."""
    if not rows:
        return []
    with _translated(name), connection.cursor() as cursor:
        send_values(cursor, load_queries()[name], rows, page_size=max(PAGE, len(rows)), fetch=False)
        return cursor.fetchall() if cursor.description else []


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Many rows as one parameter, for a query with json_to_recordset; dates in ISO 8601."""
    return json.dumps(rows, ensure_ascii=False, default=lambda value: value.isoformat())


def run_script(connection: Connection, script: str, what: str) -> None:
    """Run the statements of a migration or view file, which holds no parameters."""
    with _translated(what), connection.cursor() as cursor:
        cursor.execute(script)


def read_script(connection: Connection, script: str, what: str) -> list[Row]:
    """The rows of a query that stands in a file of its own."""
    with _translated(what), connection.cursor() as cursor:
        cursor.execute(script)
        return cursor.fetchall()


def is_idle(connection: Connection) -> bool:
    """Whether the connection can be handed on: open and outside a transaction."""
    if connection.closed:
        return False
    return connection.info.transaction_status in (TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_UNKNOWN)
