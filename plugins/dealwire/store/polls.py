"""What a poll brought: the feed's new state, its entries, and the gap it may have left, in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.errors import NotFoundError
from dealwire.feed_model import FeedUpdate, IdentifiedEntry
from dealwire.store.database import Connection, atomic, execute, execute_values, fetch_all, fetch_one, fetch_value


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """How many entries of a poll were new, and how many edited."""

    new: int
    changed: int


@dataclass(frozen=True, slots=True)
class UnchangedPoll:
    """A poll that found the feed as it was, at its old address."""

    feed_id: int
    update: FeedUpdate
    http_status: int | None
    body_bytes: int
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A poll's entries by what has to happen to them."""

    new: list[IdentifiedEntry]
    changed: list[tuple[int, IdentifiedEntry]]
    same: list[tuple[int, IdentifiedEntry]]


def known_entries(
    connection: Connection, feed_id: int, names: Sequence[str] | None = None
) -> Mapping[str, tuple[int, str]]:
    """Every key and alias of the feed's entries -> (entry_id, content_sha256); only the `names` asked for, if given."""
    parameters = {"feed_id": feed_id, "names": None if names is None else list(names)}
    rows = fetch_all(connection, "entry_known", parameters)
    return {row.name: (row.entry_id, row.content_sha256) for row in reversed(rows)}  # a key wins over an alias


def newest_entry_at(connection: Connection, feed_id: int) -> datetime | None:
    """The date of the newest entry that the feed has brought."""
    found: datetime | None = fetch_value(connection, "feed_newest_entry", {"feed_id": feed_id})
    return found


@atomic
def record_poll(
    connection: Connection,
    feed_id: int,
    update: FeedUpdate,
    fetched_at: datetime,
    outcome: str,
    detail: str | None = None,
    http_status: int | None = None,
    body_bytes: int = 0,
    elapsed_ms: int = 0,
    entries: Sequence[IdentifiedEntry] = (),
    gap: tuple[datetime, datetime] | None = None,
    first_poll: bool = False,
    entries_seen: int = 0,
) -> EntryCounts:
    """Store a poll. The same poll (feed and time) told twice is stored once and answered alike."""
    feed = fetch_one(connection, "feed_lock", {"feed_id": feed_id})
    if feed is None:
        raise NotFoundError(f"no feed has the id {feed_id}")
    done = fetch_one(connection, "feed_fetch_recorded", {"feed_id": feed_id, "fetched_at": fetched_at})
    if done is not None:
        return EntryCounts(done.entries_new, done.entries_changed)
    counts = _store_entries(connection, feed_id, entries, fetched_at, first_poll)
    values = dataclasses.asdict(update) | {
        "feed_id": feed_id,
        "fetched_at": fetched_at,
        "outcome": outcome,
        "detail": detail,
        "http_status": http_status,
        "body_bytes": body_bytes,
        "elapsed_ms": elapsed_ms,
        "entries_seen": entries_seen,
        "entries_new": counts.new,
        "entries_changed": counts.changed,
    }
    execute(connection, "feed_fetch_add", values)
    execute(connection, "feed_polled", values)
    if update.url != feed.url:
        _move(connection, feed_id, feed.url, update.url, fetched_at)
    if gap is not None:
        parameters = {"feed_id": feed_id, "from_at": gap[0], "to_at": gap[1], "now": fetched_at}
        execute(connection, "coverage_gap_add", parameters)
    return counts


@atomic
def record_unchanged(connection: Connection, polls: Sequence[UnchangedPoll], fetched_at: datetime) -> None:
    """Store many polls that found nothing changed, in two statements. Told twice, they are stored once."""
    ordered = sorted(polls, key=lambda poll: poll.feed_id)
    rows = [
        (poll.feed_id, fetched_at, poll.http_status, poll.body_bytes, poll.elapsed_ms, poll.update.next_poll_at)
        for poll in ordered
    ]
    added = {row.feed_id for row in execute_values(connection, "feed_unchanged_add", rows)}
    states = [_unchanged_state(poll, fetched_at) for poll in ordered if poll.feed_id in added]
    execute_values(connection, "feed_unchanged", states)


def _unchanged_state(poll: UnchangedPoll, fetched_at: datetime) -> tuple[object, ...]:
    update = poll.update
    return (
        poll.feed_id,
        fetched_at,
        update.interval_seconds,
        update.next_poll_at,
        update.last_ok_at,
        update.last_full_get_at,
        update.empty_count,
        update.moved_url,
        update.moved_seen_count,
        update.moved_seen_on,
    )


def _move(connection: Connection, feed_id: int, old: str, new: str, now: datetime) -> None:
    if execute(connection, "feed_move", {"feed_id": feed_id, "url": new}):
        execute(connection, "feed_move_alias", {"feed_id": feed_id, "url": old, "now": now})
    else:
        execute(connection, "feed_move_onto_other", {"feed_id": feed_id, "url": new})


def _store_entries(
    connection: Connection, feed_id: int, entries: Sequence[IdentifiedEntry], now: datetime, first_poll: bool
) -> EntryCounts:
    names = sorted({name for entry in entries for name in (entry.key, *entry.aliases)})
    known = known_entries(connection, feed_id, names)
    parts = _sort(entries, known)
    ids = _insert(connection, feed_id, parts.new, now, first_poll)
    execute_values(connection, "entry_change", [(entry_id, *_content(entry), now) for entry_id, entry in parts.changed])
    if parts.same:
        execute(connection, "entry_seen", {"ids": [entry_id for entry_id, _ in parts.same], "now": now})
    owners = [*parts.changed, *parts.same, *((ids[entry.key], entry) for entry in parts.new if entry.key in ids)]
    aliases = {
        name: entry_id
        for entry_id, entry in reversed(owners)
        for name in (entry.key, *entry.aliases)
        if name not in known and name not in ids
    }
    execute_values(connection, "entry_alias_add", [(feed_id, name, aliases[name]) for name in sorted(aliases)])
    return EntryCounts(len(ids), len(parts.changed))


def _sort(entries: Sequence[IdentifiedEntry], known: Mapping[str, tuple[int, str]]) -> _Sorted:
    """By state; of two entries that are the same one, the first (newest in a feed) counts."""
    parts = _Sorted([], [], [])
    seen: set[int | str] = set()
    for entry in entries:
        found = next((known[name] for name in (entry.key, *entry.aliases) if name in known), None)
        identity: int | str = entry.key if found is None else found[0]
        if identity in seen:
            continue
        seen.add(identity)
        if found is None:
            parts.new.append(entry)
        elif found[1] != entry.content_sha256:
            parts.changed.append((found[0], entry))
        else:
            parts.same.append((found[0], entry))
    parts.new.sort(key=lambda entry: entry.key)
    parts.changed.sort(key=lambda pair: pair[0])
    return parts


def _insert(
    connection: Connection, feed_id: int, new: Sequence[IdentifiedEntry], now: datetime, first_poll: bool
) -> Mapping[str, int]:
    rows = [(feed_id, item.key, *_content(item), now, now, now, first_poll) for item in new]
    return {row.entry_key: row.entry_id for row in execute_values(connection, "entry_insert", rows)}


def _content(item: IdentifiedEntry) -> tuple[object, ...]:
    entry = item.entry
    return (
        entry.id,
        entry.link,
        entry.title,
        entry.summary,
        entry.content_html,
        list(entry.authors),
        entry.published_at,
        entry.updated_at,
        entry.published_raw,
        list(entry.flags),
        item.content_sha256,
    )
