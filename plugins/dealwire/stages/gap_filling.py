"""After a gap: ask older pages of the feed, then the publisher's news sitemap, for what came and went unseen.

Politely: within the same session as the polls, so in each host's turn, at most ten requests a gap, and once a gap.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from dealwire.context import Runtime
from dealwire.feed_model import Entry, ParsedFeed
from dealwire.news.archives import before, likely_sitemaps, next_page, of_gap, reaches_back
from dealwire.news.fetch import Fetcher
from dealwire.news.identity import entry_keys
from dealwire.news.reading import Parsers
from dealwire.news.robots import sitemaps
from dealwire.stages.fetching import known_robots, remember_robots
from dealwire.stages.leasing import hold_lease
from dealwire.store.database import transaction
from dealwire.store.gaps import Filling, OpenGap, record_filling, untried_gaps

logger = logging.getLogger("dealwire")
GAPS_A_RUN = 10
MOST_PAGES = 5
MOST_SITEMAPS = 5
MOST_ENTRIES = 1_000


async def fill_gaps(runtime: Runtime, fetcher: Fetcher, parsers: Parsers, feed_ids: Sequence[int]) -> int:
    """Ask for what is missing of these feeds' gaps; how many entries were found that we did not have."""
    found = 0
    gaps = untried_gaps(runtime.connection, feed_ids, GAPS_A_RUN)
    known = known_robots(runtime, [gap.url for gap in gaps]) if gaps else {}
    fetcher.robots.update(known)
    for gap in gaps:
        search = _Search(runtime, fetcher, parsers, gap)
        await search.older_pages()
        if not search.closed:
            await search.news_sitemaps()
        found += await asyncio.to_thread(_store, runtime, gap, search)
    remember_robots(runtime, fetcher.robots, known)
    return found


class _Search:
    """What was asked for one gap, and the entries of the gap that came of it."""

    def __init__(self, runtime: Runtime, fetcher: Fetcher, parsers: Parsers, gap: OpenGap) -> None:
        self._runtime, self._fetcher, self._parsers, self._gap = runtime, fetcher, parsers, gap
        self.tried: list[str] = []
        self.entries: list[Entry] = []
        self.closed = False

    async def older_pages(self) -> None:
        """Back through the feed's own older pages until one reaches what we had."""
        waiting, asked = list(self._gap.gap.archive_urls), 0
        while waiting and asked < MOST_PAGES and not self.closed:
            url, asked = waiting.pop(0), asked + 1
            parsed = await self._ask("older page", url)
            following = next_page(url, parsed) if parsed and parsed.entries else None
            if parsed and following and not before(self._gap.gap.from_at, parsed.entries):
                waiting.append(following)

    async def news_sitemaps(self) -> None:
        rules = await self._fetcher.robots_of(self._gap.url)
        waiting, asked = list(likely_sitemaps(sitemaps(rules), self._gap.url)) if rules else [], 0
        if not waiting:
            self.tried.append("robots.txt: no sitemap of the feed's site")
        while waiting and asked < MOST_SITEMAPS and not self.closed:
            url, asked = waiting.pop(0), asked + 1
            fetched = await self._fetcher.get(url)
            if fetched.outcome == "ok" and b"<sitemapindex" in fetched.body[:5_000]:
                inner = await asyncio.to_thread(self._parsers.indexed_sitemaps, fetched.body)
                self.tried.append(f"sitemap index {url}: {len(inner)} for news")
                waiting += [one for one in likely_sitemaps(inner, self._gap.url) if one not in waiting]
            else:
                await self._read(
                    "news sitemap", url, fetched.outcome, fetched.body, fetched.headers.get("content-type")
                )

    async def _ask(self, what: str, url: str) -> ParsedFeed | None:
        fetched = await self._fetcher.get(url)
        return await self._read(what, url, fetched.outcome, fetched.body, fetched.headers.get("content-type"))

    async def _read(self, what: str, url: str, outcome: str, body: bytes, kind: str | None) -> ParsedFeed | None:
        if outcome != "ok":
            self.tried.append(f"{what} {url}: {outcome}")
            return None
        (parsed,) = await asyncio.to_thread(self._parsers.parse_feeds, [(body, kind, url)], self._runtime.now())
        ours = of_gap(parsed.entries, self._gap.gap)
        if parsed.outcome == "ok":
            self.tried.append(f"{what} {url}: {len(parsed.entries)} entries, {len(ours)} of the gap")
        else:
            self.tried.append(f"{what} {url}: {parsed.outcome}")
        self.entries = [*self.entries, *ours][:MOST_ENTRIES]
        self.closed = self.closed or reaches_back(parsed.entries, self._gap.gap)
        return parsed


def _store(runtime: Runtime, gap: OpenGap, search: _Search) -> int:
    entries = tuple(entry_keys(search.entries, gap.identity_policy))
    filling = Filling(tuple(search.tried), entries, search.closed)
    with transaction(runtime.connection):
        hold_lease(runtime)
        found = record_filling(runtime.connection, gap, filling, runtime.now())
    state = "closed" if search.closed else "open"
    logger.warning(
        "feed %s: %d entries found for its gap, which is %s: %s", gap.url, found, state, "; ".join(search.tried)
    )
    return found
