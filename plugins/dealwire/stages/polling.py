"""poll: feeds that are due → their new entries. A feed that is dead, slow or broken is recorded and delays no other."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from dealwire.context import Runtime
from dealwire.errors import DealwireError, NotFoundError
from dealwire.feed_model import FeedState, Fetched, ParsedFeed
from dealwire.news.fetch import Fetcher
from dealwire.news.gaps import coverage_gap
from dealwire.news.identity import detect_policy, entry_keys, names_of, select_for_poll
from dealwire.news.reading import Parsers
from dealwire.news.registry import read_opml
from dealwire.news.schedule import PollChanges, next_poll, notices, validators
from dealwire.stages.batches import batches, within
from dealwire.stages.fetching import fetch_policy, hold_hosts, remember_hosts
from dealwire.store.database import Connection, atomic
from dealwire.store.feeds import due_feed_ids, list_feeds, load_feed_states, sync_feeds
from dealwire.store.operation import record_run
from dealwire.store.polls import UnchangedPoll, known_entries, newest_entry_at, record_poll, record_unchanged

logger = logging.getLogger("dealwire")
SMALLEST_BATCH = 25
PARSED_TOGETHER = 32
NO_FAULT = ("ok", "not_modified", "held")
RED_SHARE, RED_FEEDS = 0.3, 5  # a run is red where more than this share failed, and at least so many


def sync_registry(runtime: Runtime) -> None:
    """Take the registry file over into the database; feeds that were added by command stay."""
    sync_feeds(runtime.connection, read_opml(runtime.settings.feeds), runtime.now())


def find_due_feeds(runtime: Runtime, feed: str | None = None) -> list[list[int]]:
    """Batches of feeds whose time has come; or the one feed that was named, due or not."""
    sync_registry(runtime)
    if feed:
        for known in list_feeds(runtime.connection):
            if known.feed.url == feed:
                return [[known.feed_id, known.feed_id]]
        raise NotFoundError(f"no feed has the address {feed}: `dealwire feeds list` names them all")
    return batches(due_feed_ids(runtime.connection, runtime.now()), SMALLEST_BATCH)


def poll_feeds(runtime: Runtime, batch: list[int]) -> dict[str, int]:
    """Fetch a batch's feeds and store what is new, a group of polls a transaction. A batch of one is polled at once."""
    started = runtime.now()
    due = due_feed_ids(runtime.connection, started)
    feed_ids = [batch[0]] if batch[0] == batch[1] else within(due, batch)
    states = load_feed_states(runtime.connection, feed_ids)
    counts = {"feeds": len(states), "failed": 0, "entries_seen": 0, "entries_new": 0, "entries_changed": 0}
    with Parsers() as parsers:
        asyncio.run(_poll(runtime, states, parsers, counts))
    record_run(runtime.connection, "poll", started, runtime.now(), counts)
    return counts


async def _poll(runtime: Runtime, states: Sequence[FeedState], parsers: Parsers, counts: dict[str, int]) -> None:
    async with Fetcher(fetch_policy(runtime.settings)) as fetcher:
        hold_hosts(runtime, fetcher, [state.url for state in states])
        # One group is stored while the next is parsed; the connection is only ever used by one of them at a time.
        storing = asyncio.create_task(asyncio.sleep(0))
        async for group in _fetched(fetcher, states, runtime.now()):
            to_parse = [(state, fetched) for state, fetched in group if _is_new_body(state, fetched)]
            sources = [(f.body, f.headers.get("content-type"), f.final_url or f.url) for _, f in to_parse]
            parsed = await asyncio.to_thread(parsers.parse_feeds, sources, runtime.now())
            by_feed = {state.feed_id: found for (state, _), found in zip(to_parse, parsed, strict=True)}
            await storing
            storing = asyncio.create_task(asyncio.to_thread(_store_group, runtime, group, by_feed, counts))
        await storing


async def _fetched(
    fetcher: Fetcher, states: Sequence[FeedState], now: datetime
) -> AsyncIterator[list[tuple[FeedState, Fetched]]]:
    """Fetches as they end, in groups of what is ready; a slow feed keeps nobody waiting."""
    done: asyncio.Queue[tuple[FeedState, Fetched]] = asyncio.Queue()

    async def fetch(state: FeedState) -> None:
        etag, last_modified = validators(state, now)
        await done.put((state, await fetcher.get(state.url, etag=etag, last_modified=last_modified)))

    tasks = [asyncio.create_task(fetch(state)) for state in states]
    try:
        left = len(tasks)
        while left:
            group = [await done.get()]
            while len(group) < PARSED_TOGETHER and not done.empty():
                group.append(done.get_nowait())
            left -= len(group)
            yield group
    finally:
        for task in tasks:
            task.cancel()


def _is_new_body(state: FeedState, fetched: Fetched) -> bool:
    return fetched.outcome == "ok" and _sha256(fetched.body) != state.body_sha256


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _store_group(
    runtime: Runtime,
    group: Sequence[tuple[FeedState, Fetched]],
    parsed: Mapping[int, ParsedFeed],
    counts: dict[str, int],
) -> None:
    @atomic
    def store(connection: Connection) -> Counter[str]:
        found: Counter[str] = Counter()
        unchanged: list[UnchangedPoll] = []
        for state, fetched in sorted(group, key=lambda pair: pair[0].feed_id):
            quiet = _unchanged(runtime, state, fetched) if state.feed_id not in parsed else None
            if quiet is not None:
                unchanged.append(quiet)
            else:
                found.update(_store(runtime, state, fetched, parsed.get(state.feed_id)))
        record_unchanged(connection, unchanged, runtime.now())
        remember_hosts(runtime, [fetched for _, fetched in group])
        return found

    for name, count in store(runtime.connection).items():
        counts[name] += count


def _unchanged(runtime: Runtime, state: FeedState, fetched: Fetched) -> UnchangedPoll | None:
    """The poll, if it found the feed as it was: the bulk of all polls, stored many at a time."""
    if fetched.outcome not in ("ok", "not_modified"):
        return None
    changes = PollChanges("not_modified", identity_policy=state.identity_policy)
    update = next_poll(state, fetched, changes, runtime.now(), runtime.chance())
    if update.url != state.url or notices(state, update):
        return None
    return UnchangedPoll(state.feed_id, update, fetched.status, len(fetched.body), fetched.elapsed_ms)


def _store(runtime: Runtime, state: FeedState, fetched: Fetched, parsed: ParsedFeed | None) -> dict[str, int]:
    now, connection = runtime.now(), runtime.connection
    outcome, detail = fetched.outcome, fetched.detail
    if parsed is not None:
        outcome, detail = parsed.outcome, parsed.detail
    elif outcome == "ok":
        outcome = "not_modified"
    entries = parsed.entries if parsed else ()
    policy = detect_policy(entries, state.identity_policy)
    identified = entry_keys(entries, policy)
    names = sorted({name for item in identified for name in names_of(item)})
    known = frozenset(known_entries(connection, state.feed_id, names)) if names else frozenset()
    taken, left = select_for_poll(identified, known)
    new = sum(1 for item in taken if not names_of(item) & known)
    newest = newest_entry_at(connection, state.feed_id) if identified and not known and state.last_ok_at else None
    gap = coverage_gap(identified, known, newest, state.last_ok_at, now)
    changes = PollChanges(outcome, len(entries), new, left, gap is not None, _sha256(fetched.body), policy)
    update = next_poll(state, fetched, changes, now, runtime.chance())
    stored = record_poll(
        connection,
        state.feed_id,
        update,
        now,
        outcome,
        detail,
        fetched.status,
        len(fetched.body),
        fetched.elapsed_ms,
        taken,
        (gap.from_at, gap.to_at) if gap else None,
        state.last_ok_at is None,
        len(entries),
    )
    for notice in notices(state, update):
        logger.warning("feed %s: %s", state.url, notice)
    failed = outcome not in NO_FAULT
    if failed:
        logger.warning("feed %s: %s%s", state.url, outcome, f" ({detail})" if detail else "")
    return {
        "failed": int(failed),
        "entries_seen": len(entries),
        "entries_new": stored.new,
        "entries_changed": stored.changed,
    }


def judge_polls(runtime: Runtime, batches_polled: list[list[int]]) -> dict[str, int]:
    """Raise DealwireError where most feeds of a run failed: then it is our network or our doing, not theirs."""
    feeds = list_feeds(runtime.connection)
    polled = [known for known in feeds if known.active and any(within([known.feed_id], b) for b in batches_polled)]
    failed = [known for known in polled if known.failure_count and known.last_outcome not in NO_FAULT]
    counts = {"feeds": len(polled), "failed": len(failed)}
    if len(failed) >= RED_FEEDS and len(failed) > RED_SHARE * len(polled):
        outcomes = sorted({f"{urlsplit(k.feed.url).hostname}: {k.last_outcome}" for k in failed})
        raise DealwireError(f"{len(failed)} of {len(polled)} feeds failed: {'; '.join(outcomes[:10])}")
    return counts
