"""Organisations in the database: the gazetteer's, and provisional ones that a text named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dealwire.model import Organisation, Party
from dealwire.store.database import Connection, atomic, execute, execute_values


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


def party_id(party: Party) -> str:
    """A party's organisation; one that nobody identified is known by its name."""
    return party.organisation_id or f"x:{party.name.casefold().strip()}"


def ensure_parties(connection: Connection, parties: Iterable[Party]) -> None:
    """Make sure that every party's organisation is there."""
    ensure_organisations(
        connection, [Organisation(party_id(party), party.name, "unknown", provisional=True) for party in parties]
    )
