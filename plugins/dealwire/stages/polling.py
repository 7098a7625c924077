"""poll: feeds that are due → their new entries. A feed that is dead, slow or broken is recorded and delays no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from dealwire.context import Runtime
from dealwire.errors import DealwireError, NotFoundError
from dealwire.feed_model import FeedState, Fetched
from dealwire.news.fetch import Fetcher
from dealwire.news.poll import body_sha256
from dealwire.news.reading import Parsers
from dealwire.news.registry import read_opml
from dealwire.news.schedule import validators
from dealwire.stages.batches import add, batches, within
from dealwire.stages.fetching import fetch_policy, hold_hosts
from dealwire.stages.gap_filling import fill_gaps
from dealwire.stages.leasing import alone
from dealwire.stages.poll_storing import NO_FAULT, store_group
from dealwire.store.feeds import due_feed_ids, list_feeds, load_feed_states, sync_feeds
from dealwire.store.operation import record_run

SMALLEST_BATCH = 25
TOGETHER, BYTES_TOGETHER = 64, 16 << 20  # feeds that are parsed and stored at once, and what of them waits in memory
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


@alone("poll")
def poll_feeds(runtime: Runtime, batch: list[int]) -> dict[str, int]:
    """Fetch a batch's feeds and store what is new, a group of polls a transaction. A batch of one is polled at once."""
    started = runtime.now()
    due = due_feed_ids(runtime.connection, started)
    feed_ids = [batch[0]] if batch[0] == batch[1] else within(due, batch)
    states = load_feed_states(runtime.connection, feed_ids)
    counts = {"feeds": len(states), "failed": 0, "entries_seen": 0, "entries_new": 0, "entries_changed": 0, "gaps": 0}
    with Parsers() as parsers:
        asyncio.run(_poll(runtime, states, parsers, counts))
    record_run(runtime.connection, "poll", started, runtime.now(), counts)
    return counts


async def _poll(runtime: Runtime, states: Sequence[FeedState], parsers: Parsers, counts: dict[str, int]) -> None:
    async with Fetcher(fetch_policy(runtime.settings)) as fetcher:
        hold_hosts(runtime, fetcher, [state.url for state in states])
        # One group is stored while the next is parsed; the connection is only ever used by one of them at a time.
        storing = asyncio.create_task(asyncio.sleep(0, Counter[str]()))
        async for group in _fetched(fetcher, states, runtime.now()):
            to_parse = [(state, fetched) for state, fetched in group if _is_new_body(state, fetched)]
            sources = [(f.body, f.headers.get("content-type"), f.final_url or f.url) for _, f in to_parse]
            parsed = await asyncio.to_thread(parsers.parse_feeds, sources, runtime.now())
            by_feed = {state.feed_id: found for (state, _), found in zip(to_parse, parsed, strict=True)}
            add(counts, await storing)
            storing = asyncio.create_task(asyncio.to_thread(store_group, runtime, group, by_feed))
        add(counts, await storing)
        if counts["gaps"]:
            counts["gap_entries"] = await fill_gaps(runtime, fetcher, parsers, [state.feed_id for state in states])


async def _fetched(
    fetcher: Fetcher, states: Sequence[FeedState], now: datetime
) -> AsyncIterator[list[tuple[FeedState, Fetched]]]:
    """Fetches as they end, in groups of what is ready; a slow feed keeps nobody waiting.

    While more bytes wait than a group takes, nothing more is fetched: memory does not grow with the number of feeds.
    """
    done: asyncio.Queue[tuple[FeedState, Fetched]] = asyncio.Queue()
    waiting = 0

    async def fetch(state: FeedState) -> None:
        nonlocal waiting
        etag, last_modified = validators(state, now)
        fetched = await fetcher.get(state.url, etag=etag, last_modified=last_modified)
        waiting += len(fetched.body)
        if waiting > BYTES_TOGETHER:
            fetcher.pause()
        await done.put((state, fetched))

    tasks = [asyncio.create_task(fetch(state)) for state in states]
    try:
        left = len(tasks)
        while left:
            group = [await done.get()]
            size = len(group[0][1].body)
            while len(group) < TOGETHER and size < BYTES_TOGETHER and not done.empty():
                group.append(done.get_nowait())
                size += len(group[-1][1].body)
            left -= len(group)
            waiting -= size
            if waiting <= BYTES_TOGETHER:
                fetcher.resume()
            yield group
    finally:
        for task in tasks:
            task.cancel()


def _is_new_body(state: FeedState, fetched: Fetched) -> bool:
    return fetched.outcome == "ok" and body_sha256(fetched.body) != state.body_sha256


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
