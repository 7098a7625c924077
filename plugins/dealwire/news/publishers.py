"""Is this feed still its publisher's? Pure.

A domain that is sold keeps its feed address and gets other content. Items whose links, and a channel whose own link,
lead to none of the sites that the feed ever pointed to are held for a human instead of being taken for news.
"""

from __future__ import annotations

from collections.abc import Iterable

from dealwire.feed_model import ParsedFeed
from dealwire.news.urls import site

ENOUGH_ITEMS = 3


def known_sites(urls: Iterable[str | None]) -> frozenset[str]:
    """The registrable sites of these addresses."""
    return frozenset(found for url in urls if url and (found := site(url)))


def is_other_publisher(parsed: ParsedFeed, sites: frozenset[str]) -> bool:
    """Whether nothing in this poll leads to a site that the feed led to before; False while too little is known."""
    linked = [site(entry.link) for entry in parsed.entries if entry.link]
    if len(linked) < ENOUGH_ITEMS or not sites:
        return False
    own = known_sites([parsed.link])
    return not (own & sites) and not any(found in sites for found in linked)
