"""Queries as the analyst role, who may read schema `analytics` and do nothing else.

The role's own login does it, never SET ROLE on ours: a query can take SET ROLE back, in the middle of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import cursor

from dealwire.errors import StoreError
from dealwire.store.database import Connection, connect, transaction
from dealwire.store.exports import BATCH, batches_of, described, distinct
from dealwire.store.failures import Unavailable, translate
from dealwire.store.passwords import remembered_password
from dealwire.store.roles import RoleName, let_in, missing_roles
from dealwire.takeaway.columns import Rows

ANALYST: RoleName = "dealwire_analyst"
MOST_ROWS = 1_000_000
_COMMENT = re.compile(r"\A(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)
_RETURNS_ROWS = re.compile(r"\(|(?:select|with|values|table)\b", re.IGNORECASE)


def role_url(connection: Connection, home: Path, role: RoleName = ANALYST) -> str:
    """The address under which a role logs in to the connection's database, with the password kept in `home`.

    The role gets that password from us where it has another one, or none yet. Raises StoreError where the server
    lacks the role, or we may not give it a password.
    """
    if role in missing_roles(connection):
        raise StoreError(f"the server has no role {role}: an administrator has to run sql/roles.sql and sql/grants.sql")
    info = connection.info
    password = remembered_password(home, role)
    place = f"/{quote(info.dbname)}?host={quote(info.host, safe='')}&port={info.port}"  # a socket's folder, or a name
    if not info.host.startswith("/"):
        place = f"{info.host}:{info.port}/{quote(info.dbname)}"
    url = f"postgresql://{role}:{quote(password)}@{place}"
    try:
        connect(url, application_name="dealwire check").close()
    except Unavailable:
        let_in(connection, role, password)
        connect(url, application_name="dealwire check").close()
    return url


def run_as_analyst(connection: Connection, home: Path, query: str, most_rows: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The rows of a query. Raises StoreError with PostgreSQL's own words where it is wrong or not allowed."""
    reader = connect(role_url(connection, home), application_name="dealwire sql")
    try:
        return read_rows(reader, query, most_rows)
    finally:
        reader.close()


@contextmanager
def rows_as_analyst(connection: Connection, home: Path, query: str) -> Iterator[Rows]:
    """The rows of a query as they come, however many, with what their columns mean."""
    reader = connect(role_url(connection, home), application_name="dealwire sql")
    try:
        with _said_plainly(), transaction(reader), _cursor(reader, query) as (opened, statement):
            opened.execute(statement)
            first = [] if opened.name is None and opened.description is None else opened.fetchmany(BATCH)
            yield Rows(described(reader, opened.description or ()), batches_of(opened, first))
    finally:
        reader.close()


def read_rows(reader: Connection, query: str, most_rows: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The first rows of a query on an analyst's connection; columns of the same name are numbered apart."""
    with _said_plainly(), transaction(reader), _cursor(reader, query) as (opened, statement):
        opened.execute(statement)
        if opened.name is None and opened.description is None:
            return []
        rows = opened.fetchmany(most_rows)
        names = distinct([column.name for column in opened.description or ()])
        return [dict(zip(names, row, strict=True)) for row in rows]


@contextmanager
def _cursor(reader: Connection, query: str) -> Iterator[tuple[cursor, str]]:
    """A cursor on the server for what returns rows, so that a billion of them do not come over at once."""
    statement = query.strip().removesuffix(";")
    if _RETURNS_ROWS.match(_COMMENT.sub("", statement)):
        with reader.cursor("analyst", cursor_factory=cursor) as opened:
            yield opened, f"(\n{statement}\n)"
    else:
        with reader.cursor(cursor_factory=cursor) as opened:
            yield opened, statement


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except psycopg2.Error as error:
        hint = f" Hint: {error.diag.message_hint}" if error.diag.message_hint else ""
        failure = translate(error, "query")
        raise type(failure)(f"{failure}{hint}") from error
