"""JSON Feed and news sitemaps: the two formats that feedparser does not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from dealwire.news.feed_entries import RawEntry

_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed's own title, link and language and its items, all untrusted."""

    title: str
    link: str
    language: str
    entries: list[RawEntry]


def _text(data: Mapping[str, object], *names: str) -> str:
    for name in names:
        value = data.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def from_json(data: Mapping[str, object]) -> RawFeed:
    items = data.get("items")
    entries = [_json_entry(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return RawFeed(_text(data, "title"), _text(data, "home_page_url"), _text(data, "language"), entries)


def _json_entry(item: Mapping[str, object]) -> RawEntry:
    listed = item.get("authors")
    people = [person for person in listed if isinstance(person, dict)] if isinstance(listed, list) else []
    single = item.get("author")
    people += [single] if isinstance(single, dict) else []
    content = _text(item, "content_html")
    return RawEntry(
        id=_text(item, "id"),
        link=_text(item, "url", "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary", "content_text") or content,
        content_html=content,
        authors=tuple(_text(person, "name") for person in people),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        summary_is_text=bool(_text(item, "summary", "content_text")),
    )


def from_sitemap(body: bytes) -> RawFeed | None:
    """The news entries of a sitemap; None where it lists no news (an index, or pages without titles)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    entries = []
    language = ""
    for url in root.iter("{*}url") if root is not None else ():
        title = url.findtext(f"{{{_NEWS}}}news/{{{_NEWS}}}title")
        if title:
            link = (url.findtext("{*}loc") or "").strip()
            published = url.findtext(f"{{{_NEWS}}}news/{{{_NEWS}}}publication_date") or ""
            language = language or url.findtext(f".//{{{_NEWS}}}language") or ""
            entries.append(RawEntry(id=link, link=link, title=title, published=published))
    return RawFeed("", "", language.strip(), entries) if entries else None
