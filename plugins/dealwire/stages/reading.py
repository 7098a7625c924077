"""read: entries → articles. A page that cannot be read falls back to the feed's own text, and the row says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from dealwire.context import Runtime
from dealwire.feed_model import ArticleReading, Fetched, ParsedPage, StoredEntry
from dealwire.news.fetch import Fetcher
from dealwire.news.html_text import plain_text
from dealwire.news.identity import is_retraction
from dealwire.news.near_duplicates import Index, signature
from dealwire.news.opt_outs import header_opt_outs
from dealwire.news.page_walls import url_wall
from dealwire.news.reading import Parsers
from dealwire.news.urls import canonical_url
from dealwire.stages.batches import batches, within
from dealwire.stages.fetching import (
    fetch_policy,
    hold_hosts,
    known_robots,
    remember_hosts,
    remember_robots,
    remember_tdm,
    unknown_tdm,
)
from dealwire.stages.keeping import keep_fetched
from dealwire.stages.leasing import alone, hold_lease
from dealwire.store.database import transaction
from dealwire.store.new_articles import NewReading, store_new
from dealwire.store.news import (
    load_entries,
    mark_entry_failed,
    recent_signatures,
    store_reading,
    unread_entry_ids,
)
from dealwire.store.operation import record_run, take_turns

SMALLEST_BATCH = 50
READ_TOGETHER = 50
SAME_STORY_DAYS = 30
SHORTEST_FEED_TEXT = 300  # characters; below, the feed gives a teaser and no article
LONGEST_TEXT = 200_000
MOST_ATTEMPTS = 3
RETRY_MINUTES = 30
TEMPORARY = (
    "connect_error",
    "deadline",
    "held",
    "truncated",
    "http_429",
    "http_500",
    "http_502",
    "http_503",
    "http_504",
)
NO_PAGE = ParsedPage("not_fetched", None, None, None, None, None, (), None, None)


class Copies:
    """Signatures of recent articles, other tasks' among them, to see that a text is a copy of one."""

    def __init__(self, runtime: Runtime, since: datetime) -> None:
        self._runtime = runtime
        self._since = since
        self._index = Index()
        self._known: set[int] = set()

    def refresh(self) -> None:
        """Take up what was stored since the last look; the margin is for clocks that differ."""
        now = self._runtime.now()
        recent = recent_signatures(self._runtime.connection, self._since)
        new = [(known.article_id, known.minhash) for known in recent if known.article_id not in self._known]
        self._known.update(article_id for article_id, _ in new)
        self._index.extend(new)
        self._since = now - timedelta(minutes=10)

    def add(self, article_id: int, signed: bytes) -> None:
        if article_id not in self._known:
            self._known.add(article_id)
            self._index.add(article_id, signed)

    def original_of(self, signed: bytes) -> int | None:
        """The article that this text is a copy of."""
        found = self._index.matches(signed)
        return found[0][1] if found else None


def find_unread_entries(runtime: Runtime) -> list[list[int]]:
    """Batches of entries whose page was not read yet."""
    return batches(unread_entry_ids(runtime.connection, runtime.now()), SMALLEST_BATCH)


@alone("read")
def read_entries(runtime: Runtime, batch: list[int]) -> dict[str, int]:
    """Read the pages of a batch's entries and store them as articles."""
    started = runtime.now()
    entry_ids = within(unread_entry_ids(runtime.connection, started), batch)
    counts = {"entries": len(entry_ids), "articles_new": 0, "from_feed": 0, "put_off": 0}
    copies = Copies(runtime, started - timedelta(days=SAME_STORY_DAYS))
    with Parsers() as parsers:
        for begin in range(0, len(entry_ids), READ_TOGETHER):
            entries = load_entries(runtime.connection, entry_ids[begin : begin + READ_TOGETHER])
            fetched = asyncio.run(_fetch(runtime, entries))
            ready = [entry for entry in entries if fetched[entry.entry_id].outcome == "ok"]
            bodies = [fetched[entry.entry_id] for entry in ready]
            pages = parsers.parse_pages([(f.body, f.headers.get("content-type"), f.final_url or f.url) for f in bodies])
            parsed = {entry.entry_id: page for entry, page in zip(ready, pages, strict=True)}
            with transaction(runtime.connection):
                hold_lease(runtime)
                take_turns(runtime.connection, "read")  # two tasks that store copies at once would each see none
                copies.refresh()
                keep_fetched(runtime, [(entry.feed_id, entry.entry_id, fetched[entry.entry_id]) for entry in ready])
                readings = _readings(runtime, entries, fetched, parsed, counts)
                _store(runtime, readings, copies, counts)
    record_run(runtime.connection, "read", started, runtime.now(), counts)
    return counts


async def _fetch(runtime: Runtime, entries: Sequence[StoredEntry]) -> dict[int, Fetched]:
    links = [entry.entry.link for entry in entries if entry.entry.link and not url_wall(entry.entry.link)]
    robots = known_robots(runtime, links)
    async with Fetcher(fetch_policy(runtime.settings), robots=robots) as fetcher:
        hold_hosts(runtime, fetcher, links)
        pages = [_fetch_page(fetcher, entry.entry.link) for entry in entries]
        reservations = [fetcher.get(address, kind="tdm") for address in unknown_tdm(runtime, links)]
        answers = await asyncio.gather(*pages, *reservations)  # a host's pages have their turn first
        remember_robots(runtime, fetcher.robots, robots)
    found = answers[: len(entries)]
    remember_tdm(runtime, answers[len(entries) :])
    remember_hosts(runtime, found)
    return {entry.entry_id: one for entry, one in zip(entries, found, strict=True)}


async def _fetch_page(fetcher: Fetcher, link: str | None) -> Fetched:
    if link is None:
        return Fetched("no_link", "the entry links to no page", "", None, None, None, {}, b"", 0, None)
    wall = url_wall(link)
    if wall is not None:
        return Fetched(*wall, link, None, None, None, {}, b"", 0, None)
    return await fetcher.get(link, kind="page")


def _readings(
    runtime: Runtime,
    entries: Sequence[StoredEntry],
    fetched: Mapping[int, Fetched],
    parsed: Mapping[int, ParsedPage],
    counts: dict[str, int],
) -> list[NewReading]:
    """What each entry's article says. An entry whose page may yet come is put off."""
    now, readings = runtime.now(), []
    for entry in entries:
        one, feed_text = fetched[entry.entry_id], feed_text_of(entry)
        again = one.outcome in TEMPORARY and entry.read_attempts + 1 < MOST_ATTEMPTS
        if again and len(feed_text) < SHORTEST_FEED_TEXT:
            at = now + timedelta(minutes=RETRY_MINUTES * 2**entry.read_attempts)
            reason = f"{one.outcome}: {one.detail or ''}"[:300]
            mark_entry_failed(runtime.connection, entry.entry_id, reason, at, now)
            counts["put_off"] += 1
            continue
        reading = choose_reading(entry, one, parsed.get(entry.entry_id, NO_PAGE), feed_text)
        counts["from_feed"] += reading.text_source != "page"
        readings.append(NewReading(entry.entry_id, reading, signature(f"{reading.title}\n\n{reading.text}")))
    return readings


def _store(runtime: Runtime, readings: Sequence[NewReading], copies: Copies, counts: dict[str, int]) -> None:
    """Those that are new in address and text at once, and the others, in their order, one by one."""
    now, connection = runtime.now(), runtime.connection
    alone = [one for one, is_alone in zip(readings, _alone(readings, copies), strict=True) if is_alone]
    stored = store_new(connection, alone, now)
    for one in alone:
        if one.entry_id in stored:
            copies.add(stored[one.entry_id], one.minhash)
    counts["articles_new"] += len(stored)
    for one in readings:
        if one.entry_id not in stored:
            original = copies.original_of(one.minhash)
            done = store_reading(connection, one.entry_id, one.reading, one.minhash, original, now)
            copies.add(done.article_id, one.minhash)
            counts["articles_new"] += done.new_version


def _alone(readings: Sequence[NewReading], copies: Copies) -> Iterator[bool]:
    """For each reading whether it is no copy of what is stored or stands before it, nor of the same address."""
    before, addresses = Index(), set[str]()
    for place, one in enumerate(readings):
        copy = copies.original_of(one.minhash) is not None or bool(before.matches(one.minhash))
        yield not copy and one.reading.url not in addresses
        before.add(place, one.minhash)
        addresses.add(one.reading.url)


def feed_text_of(entry: StoredEntry) -> str:
    """The feed's own text of the entry: its full content where it carries one, else its summary."""
    return plain_text(entry.entry.content_html or entry.entry.summary, LONGEST_TEXT)


def choose_reading(entry: StoredEntry, fetched: Fetched, page: ParsedPage, feed_text: str) -> ArticleReading:
    """The page's text where there is one; else the feed's, with the reason why the page was no good."""
    item = entry.entry
    link = item.link and canonical_url(item.link)
    address = page.canonical_url or (canonical_url(fetched.final_url) if fetched.final_url else None) or link
    from_page = page.outcome == "ok" and bool(page.text)
    outcome, detail = (fetched.outcome, fetched.detail) if fetched.outcome != "ok" else (page.outcome, page.detail)
    source = "page" if from_page else "feed" if len(feed_text) >= SHORTEST_FEED_TEXT else "headline"
    published, where = page.published_at, page.published_source
    if item.published_at and (published is None or where == "htmldate"):
        published, where = item.published_at, "feed"
    return ArticleReading(
        url=address or f"urn:dealwire:entry:{entry.entry_id}",
        publisher=entry.publisher,
        official=entry.official,
        language=(page.language if from_page else None) or entry.language,
        title=(page.title if from_page else None) or item.title,
        text=(page.text if from_page else None) or feed_text,
        text_source=source,
        page_outcome="ok" if from_page else outcome if outcome != "ok" else "empty",
        page_detail=None if from_page else detail,
        authors=page.authors or item.authors,
        published_at=published,
        published_source=where,
        opt_outs=tuple(dict.fromkeys((*header_opt_outs(fetched.headers), *page.opt_outs))),
        retracted=is_retraction(item.title) or is_retraction((page.title if from_page else None) or ""),
    )
