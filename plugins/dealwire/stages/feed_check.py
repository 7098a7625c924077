"""Fetch each feed of a registry once and say which work; nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from dealwire.feed_model import Feed, Fetched, ParsedFeed
from dealwire.news.fetch import Fetcher
from dealwire.news.publishers import sites_of
from dealwire.news.reading import Parsers
from dealwire.news.urls import site
from dealwire.settings import Settings
from dealwire.stages.fetching import fetch_policy

TOLD_EVERY = 20


async def check_feeds(feeds: Sequence[Feed], settings: Settings, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """A result a feed, in order: outcome, entries, date of the newest, and what differs from what is expected."""
    answered = 0

    async def get(url: str) -> Fetched:
        nonlocal answered
        found = await fetcher.get(url)
        answered += 1
        if answered % TOLD_EVERY == 0:
            say(f"{answered} of {len(feeds)} answered")
        return found

    async with Fetcher(fetch_policy(settings)) as fetcher:
        fetched = await asyncio.gather(*(get(feed.url) for feed in feeds))
    good = [number for number, one in enumerate(fetched) if one.outcome == "ok"]
    with Parsers() as parsers:
        sources = [(fetched[n].body, fetched[n].headers.get("content-type"), feeds[n].url) for n in good]
        parsed = dict(zip(good, await asyncio.to_thread(parsers.parse_feeds, sources), strict=True))
    results = []
    for number, (feed, one) in enumerate(zip(feeds, fetched, strict=True)):
        found = parsed.get(number)
        result: dict[str, Any] = {
            "url": feed.url,
            "title": feed.title,
            "outcome": found.outcome if found else one.outcome,
            "detail": found.detail if found else one.detail,
            "moved_to": one.permanent_url,
            "unexpected": [],
        }
        if found:
            dates = [entry.published_at for entry in found.entries if entry.published_at]
            result |= {"entries": len(found.entries), "newest_at": max(dates).isoformat() if dates else None}
            result["unexpected"] = _unexpected(feed, found)
        results.append(result)
    return results


def _unexpected(feed: Feed, found: ParsedFeed) -> list[str]:
    """What differs from the registry, in the words of analytics.feed_health."""
    notes = []
    if found.language and feed.language and found.language[:2].lower() != feed.language[:2].lower():
        notes.append(f"says its language is {found.language}, the registry says {feed.language}")
    if feed.expected_entries and len(found.entries) < feed.expected_entries:
        notes.append(f"lists {len(found.entries)} entries, {feed.expected_entries} are expected")
    sites = sites_of(found)
    if feed.site_url and sites and site(feed.site_url) not in sites:
        notes.append(f"leads to {sites[0]}, the registry names {feed.site_url}")
    return notes
