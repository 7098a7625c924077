"""Which organisations are one: what the gazetteer has learned and what people say, brought into the stored reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from dealwire.context import Runtime
from dealwire.extract.gazetteer import Gazetteer, load_gazetteer, provisional_id
from dealwire.resolve.blocking import blocking_keys, happened_at
from dealwire.store.database import Connection
from dealwire.store.mentions import load_reports, replace_block_keys
from dealwire.store.organisations import (
    merge_organisations,
    point_organisations,
    provisional_among,
    sync_organisations,
)

BATCH = 500
GAZETTEER = "gazetteer"  # who merges where the list learned a name
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # of reports without any date


@cache
def parents_of() -> Mapping[str, str]:
    """Each organisation's parent, as the gazetteer says."""
    return {o.id: o.parent for o in load_gazetteer().organisations.values() if o.parent}


@cache
def known_by_now(gazetteer: Gazetteer) -> dict[str, str]:
    """The provisional identity of every clear spelling, with the organisation that it means; none that means two."""
    found: dict[str, str | None] = {}
    for alias in gazetteer.aliases:
        if not alias.ambiguous:
            key = provisional_id(alias.text)
            found[key] = (
                alias.organisation_id if found.get(key, alias.organisation_id) == alias.organisation_id else None
            )
    return {key: organisation for key, organisation in found.items() if organisation is not None}


def unite_organisations(runtime: Runtime, gazetteer: Gazetteer | None = None) -> int:
    """Merge provisional organisations that the gazetteer knows by now, and bring every merge and its undoing in force.

    Inside the caller's transaction, under the turn of resolve. How many organisations were merged.
    """
    gazetteer = gazetteer or load_gazetteer()
    connection, now = runtime.connection, runtime.now()
    met = provisional_among(connection, known_by_now(gazetteer))
    if met:
        sync_organisations(connection, list(gazetteer.organisations.values()))
    for organisation_id, known in sorted(met.items()):
        merge_organisations(connection, organisation_id, known, GAZETTEER, "the gazetteer knows the name", now)
    _rekey(connection, point_organisations(connection), parents_of())
    return len(met)


def _rekey(connection: Connection, mention_ids: list[int], parents: Mapping[str, str]) -> None:
    for begin in range(0, len(mention_ids), BATCH):
        part = mention_ids[begin : begin + BATCH]
        rows = [
            (key, happened_at(stored.report) or EARLIEST, stored.mention_id)
            for stored in load_reports(connection, part)
            for key in blocking_keys(stored.report, parents)
        ]
        replace_block_keys(connection, part, rows)
