"""The feed registry as OPML: read with nested outlines, written back, wrong lines named.

Every attribute that says what is expected of a feed is plain OPML, so any reader can open the file: `language`,
`category`, `publisher`, `official`, `expectedEntries`, `expectedPerDay`. An
outline without xmlUrl is a folder; its text is the category of the feeds in it that name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from lxml import etree

from dealwire.errors import DealwireError
from dealwire.feed_model import Feed
from dealwire.news.clean_text import clean_line
from dealwire.news.urls import absolute_url, site

_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


class RegistryError(DealwireError):
    """A registry file cannot be read; the message names the file and the line."""

    exit_code = 2


def read_opml(path: Path) -> list[Feed]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RegistryError(f"{path}: {error.strerror}") from error
    return parse_opml(data, str(path))


def parse_opml(data: bytes, name: str) -> list[Feed]:
    """The feeds of an OPML document; `name` stands in messages. A feed listed twice is refused, naming both lines."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RegistryError(f"{name}:{error.lineno}: not well-formed XML: {error.msg}") from error
    if root.tag != "opml":
        raise RegistryError(f"{name}:{root.sourceline}: the root element is <{root.tag}>, not <opml>")
    lines: dict[str, int] = {}
    feeds = []
    for outline, folder in _feed_outlines(root):
        feed = _feed(outline, folder, name)
        if feed.url in lines:
            raise RegistryError(f"{name}:{outline.sourceline}: {feed.url} is listed already in line {lines[feed.url]}")
        lines[feed.url] = outline.sourceline
        feeds.append(feed)
    return feeds


def _feed_outlines(element: etree._Element, folder: str | None = None) -> Iterator[tuple[etree._Element, str | None]]:
    for child in element.iterchildren("body", "outline"):
        if child.tag == "outline" and "xmlUrl" in child.attrib:
            yield child, folder
        yield from _feed_outlines(child, child.get("text") or child.get("title") or folder)


def _feed(outline: etree._Element, folder: str | None, name: str) -> Feed:
    where = f"{name}:{outline.sourceline}"
    url = absolute_url(outline.get("xmlUrl") or "")
    if url is None:
        raise RegistryError(f"{where}: xmlUrl={outline.get('xmlUrl')!r} is not an http(s) address")
    site_url = outline.get("htmlUrl") or None
    title = clean_line(outline.get("title") or outline.get("text") or url, 300)
    return Feed(
        url=url,
        title=title,
        publisher=clean_line(outline.get("publisher") or "", 200) or site(site_url or url) or urlsplit(url).netloc,
        site_url=absolute_url(site_url) if site_url else None,
        language=_language(outline, where),
        category=outline.get("category") or folder,
        official=_truth(outline, "official", where),
        expected_entries=_count(outline, "expectedEntries", where),
        expected_per_day=_count(outline, "expectedPerDay", where),
    )


def _language(outline: etree._Element, where: str) -> str | None:
    text = (outline.get("language") or "").strip().lower()
    if text and not re.fullmatch(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*", text):
        raise RegistryError(f"{where}: language={text!r} is no language code such as fr or en-gb")
    return re.split("[-_]", text)[0] or None


def _truth(outline: etree._Element, attribute: str, where: str) -> bool:
    text = (outline.get(attribute) or "").strip().lower()
    if text not in _TRUTH:
        raise RegistryError(f"{where}: {attribute}={text!r} is neither true nor false")
    return _TRUTH[text]


def _count(outline: etree._Element, attribute: str, where: str) -> int | None:
    text = (outline.get(attribute) or "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise RegistryError(f"{where}: {attribute}={text!r} is not a whole number above 0")
    return int(text)


def _attributes(feed: Feed) -> Iterator[tuple[str, str]]:
    yield "text", feed.title
    yield "title", feed.title
    yield "type", "rss"
    yield "xmlUrl", feed.url
    if feed.site_url:
        yield "htmlUrl", feed.site_url
    yield "publisher", feed.publisher
    if feed.language:
        yield "language", feed.language
    if feed.category:
        yield "category", feed.category
    yield "official", str(feed.official).lower()
    if feed.expected_entries:
        yield "expectedEntries", str(feed.expected_entries)
    if feed.expected_per_day:
        yield "expectedPerDay", str(feed.expected_per_day)


def write_opml(feeds: Iterable[Feed], title: str = "Dealwire feeds") -> str:
    """OPML 2.0 that `read_opml` reads back to the same feeds, grouped in folders by category."""
    folders: dict[str, list[Feed]] = {}
    for feed in feeds:
        folders.setdefault(feed.category or "", []).append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_text(title)}</title></head>",
        "  <body>",
    ]
    for category in sorted(folders):
        if category:
            lines.append(f"    <outline text={quoteattr(category)}>")
        for feed in folders[category]:
            attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in _attributes(feed))
            lines.append(f"      <outline {attributes} />")
        if category:
            lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
