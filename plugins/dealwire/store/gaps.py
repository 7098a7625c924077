"""Gaps in what feeds showed us: which were not asked for elsewhere yet, and what asking came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.feed_model import Gap, IdentifiedEntry
from dealwire.store.database import Connection, atomic, execute, fetch_all
from dealwire.store.entries import Brought, store_entries
from dealwire.store.polls import known_of_feeds, lock_feeds


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap that no archive was asked about yet, with what is needed of its feed."""

    coverage_gap_id: int
    feed_id: int
    url: str
    identity_policy: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class Filling:
    """What was asked for a gap and what came of it; `entries` are those of the gap."""

    tried: tuple[str, ...]
    entries: tuple[IdentifiedEntry, ...]
    closed: bool


def untried_gaps(connection: Connection, feed_ids: Sequence[int], limit: int) -> list[OpenGap]:
    """The newest gaps of these feeds that wait to be asked about."""
    rows = fetch_all(connection, "coverage_gap_untried", {"ids": list(feed_ids), "limit": limit})
    return [
        OpenGap(
            row.coverage_gap_id,
            row.feed_id,
            row.url,
            row.identity_policy,
            Gap(row.from_at, row.to_at, tuple(row.archive_urls)),
        )
        for row in rows
    ]


@atomic
def record_filling(connection: Connection, gap: OpenGap, filling: Filling, now: datetime) -> int:
    """Store what was found for a gap, as entries of its feed; how many of them we did not have."""
    lock_feeds(connection, [gap.feed_id])
    names = {name for item in filling.entries for name in (item.key, *item.aliases)}
    known = known_of_feeds(connection, {gap.feed_id: names})
    found = store_entries(connection, [Brought(gap.feed_id, filling.entries)], known, now)[gap.feed_id].new
    values = {
        "coverage_gap_id": gap.coverage_gap_id,
        "now": now,
        "tried": list(filling.tried),
        "entries_found": found,
        "closed": filling.closed,
    }
    execute(connection, "coverage_gap_tried", values)
    return found
