"""The registry of feeds in the database, and which of them are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.errors import NotFoundError
from dealwire.feed_model import Feed, FeedState
from dealwire.store.database import Connection, Row, atomic, execute, execute_values, fetch_all, fetch_value


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """What a new registry changed."""

    added: int
    changed: int
    deactivated: int


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed with how its polls went."""

    feed_id: int
    feed: Feed
    active: bool
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_outcome: str | None
    last_detail: str | None
    failure_count: int
    next_poll_at: datetime
    gone_at: datetime | None
    held_at: datetime | None
    held_reason: str | None
    entries_held: int


@atomic
def sync_feeds(connection: Connection, feeds: Sequence[Feed], now: datetime) -> SyncCounts:
    """Make the database's feeds those of the registry. Feeds that left it become inactive; their rows stay."""
    unique = {feed.url: feed for feed in feeds}
    rows = [_row(unique[url]) for url in sorted(unique)]
    changed = execute_values(connection, "feed_sync_update", rows)
    added = execute_values(connection, "feed_sync_insert", [(*row, now) for row in rows])
    deactivated = execute(connection, "feed_sync_deactivate", {"urls": sorted(unique)})
    return SyncCounts(len(added), len(changed), deactivated)


def _row(feed: Feed) -> tuple[object, ...]:
    return (
        feed.url,
        feed.title,
        feed.publisher,
        feed.site_url,
        feed.language,
        feed.category,
        feed.official,
        feed.expected_entries,
        feed.expected_per_day,
    )


def add_feed(connection: Connection, feed: Feed, now: datetime) -> int:
    """Add a feed by hand, due at once; a removed one is taken up again. Returns its id."""
    parameters = {
        "url": feed.url,
        "title": feed.title,
        "publisher": feed.publisher,
        "site_url": feed.site_url,
        "language": feed.language,
        "category": feed.category,
        "official": feed.official,
        "expected_entries": feed.expected_entries,
        "expected_per_day": feed.expected_per_day,
        "now": now,
    }
    return int(fetch_value(connection, "feed_add", parameters))


def remove_feed(connection: Connection, url: str) -> None:
    """Poll it no more, also when the registry still names it; what it brought stays."""
    if not execute(connection, "feed_remove", {"url": url}):
        raise NotFoundError(f"no feed has the address {url}")


@atomic
def release_feed(connection: Connection, url: str, keep: bool, now: datetime) -> int:
    """A person says that a held feed is the publisher's own (`keep`), or that its held entries are not wanted.

    How many entries were held. Raises NotFoundError where no held feed has this address.
    """
    feed_id = fetch_value(connection, "feed_release", {"url": url, "keep": keep})
    if feed_id is None:
        raise NotFoundError(f"no feed with the address {url} is held: `dealwire feeds list` shows which are")
    return execute(connection, "entry_release", {"feed_id": feed_id, "keep": keep, "now": now})


def list_feeds(connection: Connection) -> list[FeedHealth]:
    """All feeds, active ones first."""
    return [_health(row) for row in fetch_all(connection, "feed_list")]


def _health(row: Row) -> FeedHealth:
    feed = Feed(
        row.url,
        row.title,
        row.publisher,
        row.site_url,
        row.language,
        row.category,
        row.official,
        row.expected_entries,
        row.expected_entries_per_day,
    )
    return FeedHealth(
        row.feed_id,
        feed,
        row.active,
        row.last_polled_at,
        row.last_ok_at,
        row.last_outcome,
        row.last_detail,
        row.failure_count,
        row.next_poll_at,
        row.gone_at,
        row.held_at,
        row.held_reason,
        row.entries_held,
    )


def due_feed_ids(connection: Connection, now: datetime, limit: int | None = None) -> list[int]:
    """Feeds whose time has come, the longest waiting first."""
    return [row.feed_id for row in fetch_all(connection, "feed_due", {"now": now, "limit": limit})]


def load_feed_states(connection: Connection, ids: Sequence[int]) -> list[FeedState]:
    """What polling decides on, by id."""
    return [
        FeedState(**{**row._asdict(), "sites": tuple(row.sites)})
        for row in fetch_all(connection, "feed_states", {"ids": list(ids)})
    ]
