"""Is this feed still its publisher's? Pure.

A domain that is sold keeps its feed address and gets other content. Items whose links, and a channel whose own link,
lead to none of the sites that the feed ever pointed to are held for a human instead of being taken for news.
"""

from __future__ import annotations

from collections.abc import Sequence

from dealwire.feed_model import ParsedFeed
from dealwire.news.urls import site

ENOUGH_ITEMS = 3
MOST_SITES = 100  # an aggregator leads to ever new ones; by its own site it is known all the same


def sites_of(parsed: ParsedFeed) -> list[str]:
    """The sites that this poll's channel and entries lead to, in their order."""
    urls = [parsed.link, *(entry.link for entry in parsed.entries)]
    return list(dict.fromkeys(found for url in urls if url and (found := site(url))))


def joined_sites(before: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    """All sites known of a feed, at most 100: the first ones stay, because they are its own."""
    return tuple(dict.fromkeys((*before, *found)))[:MOST_SITES]


def is_other_publisher(parsed: ParsedFeed, found: Sequence[str], sites: frozenset[str]) -> bool:
    """Whether nothing in this poll, which leads to `found`, leads to a site that the feed led to before.

    False while too little is known: no site from before, or hardly an entry with a link.
    """
    linked = sum(1 for entry in parsed.entries if entry.link)
    return linked >= ENOUGH_ITEMS and bool(sites) and sites.isdisjoint(found)
