"""Deals before and after stored articles are read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dealwire.store.database import Connection, execute, fetch_all


@dataclass(frozen=True, slots=True)
class DealHead:
    """A deal's present version, and the deal that it was merged into."""

    version: int
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class TwoRecords:
    """What was believed of a deal in two versions; None where it did not exist."""

    deal_id: int
    headline: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def articles_seen_since(connection: Connection, since: datetime, limit: int | None) -> list[int]:
    """Articles first seen since then, newest first."""
    return [row.article_id for row in fetch_all(connection, "article_seen_since", {"since": since, "limit": limit})]


def mark_these_unextracted(connection: Connection, article_ids: Sequence[int]) -> int:
    """Have these articles read again; how many."""
    return execute(connection, "article_mark_these_unextracted", {"ids": list(article_ids)})


def deal_heads(connection: Connection) -> dict[int, DealHead]:
    """Every deal's present version."""
    return {row.deal_id: DealHead(row.version, row.merged_into) for row in fetch_all(connection, "deal_heads")}


def records_of_versions(
    connection: Connection, versions: Sequence[tuple[int, int | None, int | None]]
) -> list[TwoRecords]:
    """For each deal its records in two versions."""
    ids, old, new = (list(column) for column in zip(*versions, strict=True)) if versions else ([], [], [])
    rows = fetch_all(connection, "deal_records_of_versions", {"ids": ids, "old": old, "new": new})
    return [TwoRecords(row.deal_id, row.headline, row.before, row.after) for row in rows]
