"""Where what a feed no longer lists may still stand, and what of it belongs into a gap. Pure.

A feed names older pages of itself (RFC 5005 `prev-archive`, or `next` of a paged feed), WordPress has them under
`?paged=2`, and publishers list the news of two days in a news sitemap that robots.txt names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from dealwire.feed_model import Entry, Gap, ParsedFeed
from dealwire.news.urls import absolute_url, same_site

MOST_OLDER = 3
MOST_SITEMAPS = 4
MARGIN = timedelta(minutes=1)  # dates of entries at the edges of a gap are cut to minutes here and there

_LINK = re.compile(rb"<(?:[\w-]+:)?link\b[^>]{0,3000}>")
_ATTRIBUTE = re.compile(rb"""\b(rel|href)\s*=\s*(?:"([^"]{0,2048})"|'([^']{0,2048})')""")
_WORDPRESS = re.compile(rb"<generator[^>]{0,200}>\s*https?://(?:www\.)?wordpress\.org/", re.IGNORECASE)
_START = 20_000  # bytes at a document's start in which a channel's own links stand
_NEWS_SITEMAP = re.compile(r"news|actu|nachricht|notic|aktuell", re.IGNORECASE)


def older_pages(body: bytes, url: str | None) -> tuple[str, ...]:
    """Addresses of older pages that the feed names, or that its software is known to have; on its own site only."""
    start = body[:_START]
    if url is None or not (b"prev-archive" in start or b"next" in start or b"wordpress.org" in start):
        return ()
    found = [href for rel, href in _links(start) if rel in ("prev-archive", "next")]
    if not found and _WORDPRESS.search(start):
        found = [f"{url}{'&' if urlsplit(url).query else '?'}paged=2"]
    absolute = [absolute_url(href, url) for href in found]
    return tuple(dict.fromkeys(one for one in absolute if one and one != url and same_site(one, url)))[:MOST_OLDER]


def _links(start: bytes) -> list[tuple[str, str]]:
    links = []
    for tag in _LINK.findall(start):
        values = {name: (a or b).decode("utf-8", "replace") for name, a, b in _ATTRIBUTE.findall(tag)}
        links.append((values.get(b"rel", "").strip().lower(), values.get(b"href", "").replace("&amp;", "&")))
    return links


def next_page(url: str, parsed: ParsedFeed) -> str | None:
    """The page after an older page: the one it names, or the next number where pages are numbered."""
    numbered = re.search(r"([?&]paged=)(\d{1,2})$", url)
    if numbered:
        return f"{url[: numbered.start(2)]}{int(numbered[2]) + 1}"
    return next((one for one in parsed.older if one != url), None)


def likely_sitemaps(urls: Sequence[str], feed_url: str) -> tuple[str, ...]:
    """Of a robots.txt's sitemaps those that may list news, on the feed's own site; named like news first."""
    own = [absolute for url in urls if (absolute := absolute_url(url, feed_url)) and same_site(absolute, feed_url)]
    return tuple(sorted(dict.fromkeys(own), key=lambda url: _NEWS_SITEMAP.search(url) is None))[:MOST_SITEMAPS]


def indexed_sitemaps(body: bytes) -> tuple[str, ...]:
    """The news sitemaps that a sitemap index names. Runs where parsers run."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if root is None or etree.QName(root).localname != "sitemapindex":
        return ()
    named = [(url.text or "").strip() for url in root.iter("{*}loc")]
    return tuple(url for url in named[:5_000] if _NEWS_SITEMAP.search(url))[:MOST_SITEMAPS]


def of_gap(entries: Sequence[Entry], gap: Gap) -> list[Entry]:
    """The entries that came within the gap; without a date nothing says so."""
    begin, end = gap.from_at - MARGIN, gap.to_at + MARGIN
    return [entry for entry in entries if entry.published_at and begin <= entry.published_at <= end]


def reaches_back(entries: Sequence[Entry], gap: Gap) -> bool:
    """Whether the list goes back to the last moment that is certainly covered."""
    return any(entry.published_at and entry.published_at <= gap.from_at + MARGIN for entry in entries)


def before(moment: datetime, entries: Sequence[Entry]) -> bool:
    """Whether all dated entries are older than this, so that going further back is of no use."""
    dates = [entry.published_at for entry in entries if entry.published_at]
    return bool(dates) and max(dates) < moment
