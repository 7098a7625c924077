"""Rows for files, read through a cursor on the server: flat memory, and one moment for all of them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2.extensions import Column as CursorColumn
from psycopg2.extensions import cursor

from dealwire.errors import UsageError
from dealwire.store.database import Connection, Row, execute, fetch_all, fetch_one, transaction
from dealwire.store.failures import translate
from dealwire.store.queries import load_queries
from dealwire.takeaway.columns import Column, Holds, Rows

BATCH = 1000
EVERYTHING: Mapping[str, Any] = {
    "text": None, "party": None, "kind": None, "status": None, "min_usd": None, "since": None, "since_day": None,
    "sort": "day", "most": None,
}  # fmt: skip
# PostgreSQL's numbers of its types.
_HOLDS: Mapping[int, Holds] = {
    16: "boolean", 20: "integer", 21: "integer", 23: "integer", 700: "number", 701: "number", 1700: "number",
    1082: "day", 1184: "time", 1114: "time", 114: "json", 3802: "json", 1009: "list", 1015: "list",
}  # fmt: skip
_CURSOR = re.compile(r"dealwire-1-(\d{1,20})-(\d{1,10})-(\d{1,20})")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reader's copy lacks: deals to write over what it has, deals to delete, and where to go on from."""

    columns: Sequence[Column]
    deals: Iterator[Sequence[Row]]
    merged: Sequence[tuple[int, int]]
    cursor: str


@contextmanager
def exported_deals(connection: Connection, filters: Mapping[str, Any]) -> Iterator[Rows]:
    """The deals under filters (those of EVERYTHING), as analytics.deal_sheet shows them at one moment."""
    with _one_moment(connection), closing(_deals_under(connection, {**EVERYTHING, **filters})) as deals:
        yield Rows(_deal_columns(connection), deals)


def _deals_under(connection: Connection, filters: Mapping[str, Any]) -> Generator[Sequence[Row]]:
    with _told("export_ids"), connection.cursor("export", cursor_factory=cursor) as ids:
        ids.execute(load_queries()["export_ids"], filters)
        while found := ids.fetchmany(BATCH):
            yield fetch_all(connection, "export_deals", {"ids": [row[0] for row in found]})


def batches_of(opened: cursor, first: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """What a cursor on the server still has, behind the batch that was fetched already."""
    batch = first
    while batch:
        yield batch
        with _told("query"):
            batch = opened.fetchmany(BATCH)


@contextmanager
def exported_changes(connection: Connection, since: str | None) -> Iterator[Changes]:
    """What changed behind a place that an earlier call gave; everything there is where none is named.

    Only transactions count that began before the oldest one still running, so one that commits late is not missed:
    it is in a later call. UsageError where the place is not one of this database.
    """
    begin = None if since is None else _read_cursor(since)
    with _one_moment(connection):
        place = fetch_one(connection, "export_place")
        if begin is not None and begin[:2] != (place.server, place.database):
            raise UsageError("this cursor is of another database: start again without --since, from an empty copy")
        columns = _deal_columns(connection)
        cursor_text = f"dealwire-1-{place.server}-{place.database}-{place.horizon}"
        if begin is None:
            with closing(_deals_under(connection, EVERYTHING)) as deals:
                yield Changes(columns, deals, (), cursor_text)
            return
        found = fetch_all(connection, "export_changed", {"begin": begin[2], "horizon": place.horizon})
        merged = [(row.deal_id, row.merged_into) for row in found if row.merged_into is not None]
        living = [row.deal_id for row in found if row.merged_into is None]
        yield Changes(columns, _deals_by_id(connection, living), merged, cursor_text)


def _deals_by_id(connection: Connection, ids: Sequence[int]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(ids), BATCH):
        yield fetch_all(connection, "export_deals", {"ids": list(ids[start : start + BATCH])})


def _read_cursor(text: str) -> tuple[str, str, str]:
    found = _CURSOR.fullmatch(text.strip())
    if found is None:
        raise UsageError("this is no cursor of an export: it is the `next` of the last line of the export before")
    server, database, transaction_id = found.groups()
    return server, database, transaction_id


def _deal_columns(connection: Connection) -> list[Column]:
    with connection.cursor(cursor_factory=cursor) as opened:
        opened.execute(load_queries()["export_deals"], {"ids": []})
        return described(connection, opened.description or ())


def described(connection: Connection, columns: Sequence[CursorColumn]) -> list[Column]:
    """The columns of a result, with the comments of those that come straight out of a table or view."""
    asked = {
        "relations": [column.table_oid or 0 for column in columns],
        "numbers": [column.table_column or 0 for column in columns],
    }
    abouts = [row.about or "" for row in fetch_all(connection, "export_comments", asked)]
    names = distinct([column.name for column in columns])
    return [
        Column(name, _HOLDS.get(column.type_code, "text"), about)
        for name, column, about in zip(names, columns, abouts, strict=True)
    ]


def distinct(names: Sequence[str]) -> list[str]:
    """Columns of the same name numbered apart."""
    return [name if name not in names[:i] else f"{name}_{names[:i].count(name) + 1}" for i, name in enumerate(names)]


@contextmanager
def _one_moment(connection: Connection) -> Iterator[None]:
    with transaction(connection):
        execute(connection, "export_begin")
        yield


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except psycopg2.Error as error:
        raise translate(error, what) from error
