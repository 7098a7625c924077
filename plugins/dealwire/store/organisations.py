"""Organisations in the database: the gazetteer's, and provisional ones that a text named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dealwire.errors import NotFoundError, UsageError
from dealwire.model import Organisation, Party
from dealwire.store.database import Connection, atomic, execute, execute_values, fetch_all, fetch_one, fetch_value


@atomic
def sync_organisations(connection: Connection, organisations: Sequence[Organisation]) -> int:
    """Take over the gazetteer with aliases and parents; how many were added or changed."""
    unique = {organisation.id: organisation for organisation in organisations}
    ordered = [unique[key] for key in sorted(unique)]
    rows = [(o.id, o.name, o.type, o.parent, o.country, o.ticker, o.provisional) for o in ordered]
    changed = execute_values(connection, "organisation_sync", rows)
    pairs = [(o.id, alias) for o in ordered for alias in sorted(set(o.aliases))]
    parameters = {
        "ids": [o.id for o in ordered],
        "pair_ids": [pair[0] for pair in pairs],
        "pair_aliases": [pair[1] for pair in pairs],
    }
    execute(connection, "organisation_aliases_drop", parameters)
    execute_values(connection, "organisation_aliases_add", pairs)
    return len(changed)


@atomic
def ensure_organisations(connection: Connection, organisations: Iterable[Organisation]) -> int:
    """Keep organisations that are in no gazetteer; known ones stay as they are. How many were new."""
    unique = {o.id: (o.id, o.name, o.type, o.country, o.provisional) for o in organisations}
    return len(execute_values(connection, "organisation_ensure", [unique[key] for key in sorted(unique)]))


@atomic
def merge_organisations(
    connection: Connection, organisation_id: str, into: str, made_by: str, reason: str, now: datetime
) -> int:
    """Let a provisional organisation count for another one; the merge's number. Mentions keep their own."""
    rows = {
        row.organisation_id: row for row in fetch_all(connection, "organisation_lock", {"ids": [organisation_id, into]})
    }
    for wanted in (organisation_id, into):
        if wanted not in rows:
            raise NotFoundError(f"no organisation has the id {wanted!r}; `dealwire organisations list` prints them")
    if organisation_id == into or rows[into].merged_into == organisation_id:
        raise UsageError(f"{organisation_id} cannot be merged into itself")
    if not rows[organisation_id].provisional:
        raise UsageError(f"{organisation_id} is in the gazetteer: only provisional organisations are merged")
    if rows[organisation_id].merged_into is not None:
        raise UsageError(f"{organisation_id} is merged into {rows[organisation_id].merged_into} already")
    values = {"organisation_id": organisation_id, "into_id": into, "made_by": made_by, "reason": reason, "now": now}
    return int(fetch_value(connection, "organisation_merge_add", values))


@atomic
def undo_organisation_merge(connection: Connection, merge_id: int, made_by: str, reason: str, now: datetime) -> None:
    """Let a merged organisation stand by itself again; the merge stays in the history."""
    row = fetch_one(connection, "organisation_merge_get", {"merge_id": merge_id})
    if row is None:
        raise NotFoundError(f"no merge of organisations has the number {merge_id}")
    if row.undone_at is not None:
        raise UsageError(f"merge {merge_id} is undone already")
    values = {"merge_id": merge_id, "made_by": made_by, "reason": reason, "now": now}
    execute(connection, "organisation_merge_undo", values)


@atomic
def point_organisations(connection: Connection) -> list[int]:
    """Bring in force what was merged or taken back: the mentions that name others now; their deals become stale."""
    moved = [row.organisation_id for row in fetch_all(connection, "organisation_point")]
    if not moved:
        return []
    mentions = [row.mention_id for row in fetch_all(connection, "organisation_mentions", {"ids": moved})]
    execute(connection, "organisation_stale_deals", {"ids": mentions})
    return mentions


def provisional_among(connection: Connection, known: Mapping[str, str]) -> dict[str, str]:
    """Of provisional ids with the organisation that each is: those that were met, and that nobody took back."""
    met = [row.organisation_id for row in fetch_all(connection, "organisation_provisional_among", {"ids": list(known)})]
    undone = {
        (row.organisation_id, row.into_id) for row in fetch_all(connection, "organisation_merge_undone", {"ids": met})
    }
    return {key: known[key] for key in met if (key, known[key]) not in undone}


def list_provisional(
    connection: Connection, *, merged: bool | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """Provisional organisations with how many reports name them; merged ones, others, or all."""
    return [row._asdict() for row in fetch_all(connection, "organisation_list", {"merged": merged, "limit": limit})]


def party_id(party: Party) -> str:
    """A party's organisation; one that nobody identified is known by its name."""
    return party.organisation_id or f"x:{party.name.casefold().strip()}"


def ensure_parties(connection: Connection, parties: Iterable[Party]) -> None:
    """Make sure that every party's organisation is there."""
    ensure_organisations(
        connection, [Organisation(party_id(party), party.name, "unknown", provisional=True) for party in parties]
    )
