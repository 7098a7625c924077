"""Entries of many feeds at once: new ones, edited ones, and the names under which each may come again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dealwire.feed_model import IdentifiedEntry
from dealwire.store.database import Connection, as_json, execute, execute_values, fetch_all

Known = Mapping[str, tuple[int, str]]  # name -> (entry_id, content_sha256)


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """How many entries of a poll were new, and how many edited."""

    new: int
    changed: int


@dataclass(frozen=True, slots=True)
class Brought:
    """Entries to store for a feed; `held` ones wait for a person, `first_poll` marks those of a feed that is new."""

    feed_id: int
    entries: tuple[IdentifiedEntry, ...]
    first_poll: bool = False
    held: bool = False


@dataclass(slots=True)
class _Sorted:
    """A poll's entries by what has to happen to them."""

    new: list[IdentifiedEntry] = field(default_factory=list)
    changed: list[tuple[int, IdentifiedEntry]] = field(default_factory=list)
    same: list[tuple[int, IdentifiedEntry]] = field(default_factory=list)


def store_entries(
    connection: Connection, polls: Sequence[Brought], known: Mapping[int, Known], now: datetime
) -> dict[int, EntryCounts]:
    """Store entries of different feeds, which are locked; `known` was read under that lock. Counts by feed."""
    parts = {poll.feed_id: _sort(poll.entries, known.get(poll.feed_id, {})) for poll in polls}
    ids = _insert(connection, polls, parts, now)
    changed = sorted((pair for part in parts.values() for pair in part.changed), key=lambda pair: pair[0])
    execute_values(connection, "entry_change", [(entry_id, *_content(item), now) for entry_id, item in changed])
    same = sorted(entry_id for part in parts.values() for entry_id, _ in part.same)
    if same:
        execute(connection, "entry_seen", {"ids": same, "now": now})
    aliases = [row for poll in polls for row in _aliases(poll.feed_id, parts[poll.feed_id], known, ids)]
    if aliases:
        execute(connection, "entry_alias_add", {"rows": as_json(aliases)})
    new = {poll.feed_id: 0 for poll in polls}
    for feed_id, _ in ids:
        new[feed_id] += 1
    return {feed_id: EntryCounts(new[feed_id], len(parts[feed_id].changed)) for feed_id in new}


def _sort(entries: Sequence[IdentifiedEntry], known: Known) -> _Sorted:
    """By state; of two entries that are the same one, the first (newest in a feed) counts."""
    parts = _Sorted()
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
    return parts


def _insert(
    connection: Connection, polls: Sequence[Brought], parts: Mapping[int, _Sorted], now: datetime
) -> Mapping[tuple[int, str], int]:
    rows = [
        {
            "feed_id": poll.feed_id,
            "entry_key": item.key,
            **dict(zip(_CONTENT, _content(item), strict=True)),
            "in_first_poll": poll.first_poll,
            "state": "held" if poll.held else "new",
        }
        for poll in polls
        for item in parts[poll.feed_id].new
    ]
    if not rows:
        return {}
    stored = fetch_all(connection, "entry_insert", {"rows": as_json(rows), "now": now})
    return {(row.feed_id, row.entry_key): row.entry_id for row in stored}


def _aliases(
    feed_id: int, parts: _Sorted, known: Mapping[int, Known], ids: Mapping[tuple[int, str], int]
) -> list[dict[str, object]]:
    there = known.get(feed_id, {})
    added = [(ids[feed_id, item.key], item) for item in parts.new if (feed_id, item.key) in ids]
    aliases = {
        name: entry_id
        for entry_id, item in reversed([*parts.changed, *parts.same, *added])
        for name in (item.key, *item.aliases)
        if name not in there and (feed_id, name) not in ids
    }
    return [{"feed_id": feed_id, "alias": name, "entry_id": aliases[name]} for name in sorted(aliases)]


_CONTENT = (
    "guid", "link", "title", "summary", "content_html", "authors", "published_at", "updated_at", "published_raw",
    "flags", "content_sha256", "retracted",
)  # fmt: skip


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
        item.retracted,
    )
