"""Feed bytes to entries: RSS, Atom, RDF, JSON Feed and news sitemaps. Pure, and run in a child process by `reading`.

feedparser is the reference for the XML formats; `plain_feeds` goes first where it reads the same. What neither does is
done around them: entities are refused before (`xml_guard`), dates and links read after (`feed_entries`), markup
becomes plain text or passes nh3.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from dealwire.feed_model import ParsedFeed
from dealwire.news.archives import older_pages
from dealwire.news.clean_text import clean_line
from dealwire.news.feed_entries import RawEntry, make_entry
from dealwire.news.feed_formats import RawFeed, from_json, from_sitemap
from dealwire.news.feed_kinds import json_feed, kind_of
from dealwire.news.fetch_policy import MAX_FEED_BYTES
from dealwire.news.html_text import plain_line
from dealwire.news.plain_feeds import read_plain
from dealwire.news.urls import absolute_url
from dealwire.news.xml_guard import cut_authors, entity_fault, is_cut_off, to_utf8, up_to_last_item


def parse_feed(
    body: bytes,
    *,
    content_type: str | None = None,
    url: str | None = None,
    now: datetime | None = None,
    max_bytes: int = MAX_FEED_BYTES,
) -> ParsedFeed:
    """Read a feed. `outcome` is `ok`, `truncated` (complete entries taken) or the class of the fault.

    `url` resolves relative links; `now` refuses dates more than a day ahead.
    """
    if not body.strip():
        return _fault("empty", "no content")
    if len(body) > max_bytes:
        return _fault("too_large", f"more than {max_bytes} bytes")
    body = to_utf8(body)
    kind = kind_of(body)
    if kind == "json":
        data = json_feed(body)
        return _feed(from_json(data), url, now) if data else _fault("not_a_feed", "JSON that is no JSON Feed")
    if kind not in ("xml", "sitemap"):
        return _fault("not_a_feed", kind)
    refused = entity_fault(body)
    if refused:
        return _fault("xml_entities_forbidden", refused)
    if kind == "sitemap":
        listed = from_sitemap(body)
        return _feed(listed, url, now) if listed else _fault("not_a_feed", "sitemap without news")
    return _xml(body, content_type, url, now)


def _fault(outcome: str, detail: str) -> ParsedFeed:
    return ParsedFeed(outcome, detail, None, None, None, ())


def _feed(
    raw: RawFeed,
    url: str | None,
    now: datetime | None,
    outcome: str = "ok",
    detail: str | None = None,
    older: tuple[str, ...] = (),
) -> ParsedFeed:
    language = clean_line(raw.language, 40).lower().replace("_", "-").split("-")[0] or None
    base = absolute_url(raw.link, url) or url
    return ParsedFeed(
        outcome=outcome,
        detail=clean_line(detail, 300) if detail else None,
        title=plain_line(raw.title, 300) or None,
        link=absolute_url(raw.link, url) if raw.link.strip() else None,
        language=language,
        entries=tuple(make_entry(entry, url or base, language, now) for entry in raw.entries),
        older=older,
    )


def _xml(body: bytes, content_type: str | None, url: str | None, now: datetime | None) -> ParsedFeed:
    older = older_pages(body, url)
    plain = read_plain(body, content_type)
    if plain is not None:
        return _feed(plain, url, now, older=older)
    outcome, detail = "ok", None
    if is_cut_off(body):
        outcome, detail = "truncated", "the document ends before its root element does"
        body = up_to_last_item(body)
    raw, version, fault = read_by_feedparser(cut_authors(body), content_type, url)
    if not (raw.entries or version or raw.title or raw.link):
        return _fault(outcome if outcome != "ok" else "not_a_feed", detail or "XML of another kind")
    if fault and outcome == "ok":
        detail = f"ill-formed: {fault}"
    return _feed(raw, url, now, outcome, detail, older)


def read_by_feedparser(body: bytes, content_type: str | None, url: str | None) -> tuple[RawFeed, str, str | None]:
    """The feed as feedparser reads it, the version it saw, and what it found wrong with the XML."""
    import feedparser  # not needed for most feeds, and slow to load

    headers = {"content-type": content_type or "application/xml"}
    if url:
        headers["content-location"] = url
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    channel = parsed.feed
    raw = RawFeed(
        _string(channel, "title"),
        _string(channel, "link"),
        _string(channel, "language"),
        [_raw_entry(entry) for entry in parsed.entries],
    )
    return raw, parsed.get("version") or "", str(parsed.get("bozo_exception")) if parsed.get("bozo") else None


def _string(data: Any, name: str) -> str:
    # dict.get, because feedparser's own get answers `updated` with `published` and warns.
    value = dict.get(data, name)
    return value if isinstance(value, str) else ""


def _raw_entry(entry: Any) -> RawEntry:
    contents = [part for part in dict.get(entry, "content") or () if isinstance(part, dict)]
    full = max((_string(part, "value") for part in contents), key=len, default="")
    return RawEntry(
        id=_string(entry, "id"),
        link=_string(entry, "feedburner_origlink") or _string(entry, "link"),
        title=_string(entry, "title"),
        summary=_string(entry, "summary") or full,
        content_html=full,
        authors=_authors(entry),
        published=_string(entry, "published") or _string(entry, "created"),
        updated=_string(entry, "updated"),
    )


def _authors(entry: Any) -> tuple[str, ...]:
    listed = [_string(person, "name") for person in dict.get(entry, "authors") or () if isinstance(person, dict)]
    names = tuple(name for name in listed if name)
    return names or ((_string(entry, "author"),) if _string(entry, "author") else ())
