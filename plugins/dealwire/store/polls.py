"""What polls brought: feeds' new states, entries and gaps; a whole group of polls in some ten statements."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.errors import NotFoundError
from dealwire.feed_model import FeedUpdate, Gap, IdentifiedEntry, Poll
from dealwire.store.database import Connection, as_json, atomic, execute, execute_values, fetch_all, fetch_value
from dealwire.store.entries import Brought, EntryCounts, Known, store_entries


@dataclass(frozen=True, slots=True)
class UnchangedPoll:
    """A poll that found the feed as it was, at its old address."""

    feed_id: int
    update: FeedUpdate
    http_status: int | None
    body_bytes: int
    elapsed_ms: int


def known_entries(
    connection: Connection, feed_id: int, names: Sequence[str] | None = None
) -> Mapping[str, tuple[int, str]]:
    """Every key and alias of the feed's entries -> (entry_id, content_sha256); only the `names` asked for, if given."""
    parameters = {"feed_id": feed_id, "names": None if names is None else list(names)}
    rows = fetch_all(connection, "entry_known", parameters)
    return {row.name: (row.entry_id, row.content_sha256) for row in reversed(rows)}  # a key wins over an alias


def known_of_feeds(connection: Connection, names: Mapping[int, Collection[str]]) -> Mapping[int, Known]:
    """The same for many feeds at once: those of each feed's names that its entries are known by."""
    asked = [{"feed_id": feed_id, "names": sorted(names[feed_id])} for feed_id in sorted(names) if names[feed_id]]
    found: dict[int, dict[str, tuple[int, str]]] = {feed_id: {} for feed_id in names}
    if asked:
        for row in reversed(fetch_all(connection, "entry_known_of_feeds", {"names": as_json(asked)})):
            found[row.feed_id][row.name] = (row.entry_id, row.content_sha256)
    return found


def lock_feeds(connection: Connection, feed_ids: Sequence[int]) -> Mapping[int, str]:
    """Inside a transaction: hold these feeds, so that two polls of one feed queue up. Their present addresses."""
    return {row.feed_id: row.url for row in fetch_all(connection, "feed_lock", {"ids": sorted(feed_ids)})}


def newest_entry_at(connection: Connection, feed_id: int) -> datetime | None:
    """The date of the newest entry that the feed has brought."""
    found: datetime | None = fetch_value(connection, "feed_newest_entry", {"feed_id": feed_id})
    return found


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
    """Store a single poll."""
    poll = Poll(
        feed_id, update, outcome, detail, http_status, body_bytes, elapsed_ms, tuple(entries), entries_seen,
        Gap(*gap) if gap else None, first_poll,
    )  # fmt: skip
    return record_polls(connection, [poll], fetched_at)[feed_id]


@atomic
def record_polls(
    connection: Connection, polls: Sequence[Poll], fetched_at: datetime, known: Mapping[int, Known] | None = None
) -> Mapping[int, EntryCounts]:
    """Store polls of different feeds. The same poll (feed and time) told twice is stored once and answered alike.

    `known` is what `known_of_feeds` answered for all their names, if the caller asked while holding the feeds.
    """
    addresses = lock_feeds(connection, [poll.feed_id for poll in polls])
    missing = sorted({poll.feed_id for poll in polls} - set(addresses))
    if missing:
        raise NotFoundError(f"no feed has the id {missing[0]}")
    parameters = {"ids": sorted(addresses), "fetched_at": fetched_at}
    recorded = fetch_all(connection, "feed_fetch_recorded", parameters)
    counts = {row.feed_id: EntryCounts(row.entries_new, row.entries_changed) for row in recorded}
    new = sorted((poll for poll in polls if poll.feed_id not in counts), key=lambda poll: poll.feed_id)
    if known is None:
        known = known_of_feeds(connection, {poll.feed_id: _names(poll) for poll in new if poll.entries})
    brought = [Brought(poll.feed_id, poll.entries, poll.first_poll, poll.held) for poll in new]
    counts |= store_entries(connection, brought, known, fetched_at)
    execute_values(connection, "feed_fetch_add", [_fetch_row(poll, counts[poll.feed_id], fetched_at) for poll in new])
    execute_values(connection, "feed_polled", [_state_row(poll, fetched_at) for poll in new])
    for poll in new:
        if poll.update.url != addresses[poll.feed_id]:
            _move(connection, poll.feed_id, addresses[poll.feed_id], poll.update.url, fetched_at)
    gaps = [
        (poll.feed_id, poll.gap.from_at, poll.gap.to_at, fetched_at, list(poll.gap.archive_urls))
        for poll in new
        if poll.gap
    ]
    execute_values(connection, "coverage_gap_add", gaps)
    return counts


def _names(poll: Poll) -> set[str]:
    return {name for item in poll.entries for name in (item.key, *item.aliases)}


def _fetch_row(poll: Poll, counts: EntryCounts, fetched_at: datetime) -> tuple[object, ...]:
    return (
        poll.feed_id, fetched_at, poll.outcome, poll.detail, poll.http_status, poll.body_bytes, poll.elapsed_ms,
        poll.entries_seen, counts.new, counts.changed, poll.update.next_poll_at,
    )  # fmt: skip


def _state_row(poll: Poll, fetched_at: datetime) -> tuple[object, ...]:
    state = {field.name: getattr(poll.update, field.name) for field in dataclasses.fields(poll.update)}
    del state["url"]
    state["sites"] = list(poll.update.sites)
    return (poll.feed_id, fetched_at, poll.outcome, poll.detail, *state.values())


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
