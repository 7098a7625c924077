"""What the database keeps of one deal's life beside its reports: decisions, versions, judgements, doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dealwire.deal_model import DealRecord
from dealwire.errors import NotFoundError
from dealwire.store.database import Connection, fetch_all, fetch_one
from dealwire.store.records import record_from_json


@dataclass(frozen=True, slots=True)
class StoredLife:
    """A living deal; `decisions` by mention, `duplicates` are deals that may be the same."""

    deal_id: int
    record: DealRecord
    decisions: dict[int, dict[str, Any]]
    versions: Sequence[dict[str, Any]]
    judgements: Sequence[dict[str, Any]]
    duplicates: Sequence[dict[str, Any]]


def load_life(connection: Connection, deal_id: int) -> StoredLife:
    """Of a merged deal, the life of the deal that it is part of."""
    row = fetch_one(connection, "deal_exists", {"deal_id": deal_id})
    if row is None:
        raise NotFoundError(f"no deal has the number {deal_id}")
    key = {"deal_id": row.merged_into or deal_id}
    decisions = {row.mention_id: row._asdict() for row in fetch_all(connection, "life_decisions", key)}
    versions = [row._asdict() for row in fetch_all(connection, "life_versions", key)]
    own = [version for version in versions if version["deal_id"] == key["deal_id"]]
    return StoredLife(
        key["deal_id"],
        record_from_json(own[-1]["record"]),
        decisions,
        versions,
        [row._asdict() for row in fetch_all(connection, "life_judgements", key)],
        [row._asdict() for row in fetch_all(connection, "life_duplicates", key)],
    )


def list_duplicates(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Pairs of deals that may be one, the likeliest first."""
    return [row._asdict() for row in fetch_all(connection, "review_duplicates", {"limit": limit})]


def list_doubtful_deals(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Deals that wait for a person, the largest first."""
    return [row._asdict() for row in fetch_all(connection, "review_deals", {"limit": limit})]


def currencies_without_rate(connection: Connection) -> list[dict[str, Any]]:
    """Currencies in which deals have an amount and no dollars."""
    return [row._asdict() for row in fetch_all(connection, "currencies_without_rate")]
