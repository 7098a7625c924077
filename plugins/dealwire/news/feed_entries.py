"""From whatever a feed said to an Entry: cut, cleaned, with an absolute link and a date that is right or None."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dealwire.feed_model import Entry
from dealwire.news.clean_text import clean_line
from dealwire.news.feed_dates import ReadDate, read_date
from dealwire.news.html_text import plain_line, plain_text, safe_html
from dealwire.news.urls import absolute_url

MAX_TITLE = 1_000
MAX_AUTHOR = 500
MAX_AUTHORS = 20
MAX_ID = 2_048
MAX_SUMMARY = 20_000
MAX_CONTENT = 1_000_000


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An item as its format gave it; strings are untrusted."""

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content_html: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    summary_is_text: bool = False


def make_entry(raw: RawEntry, base: str | None, language: str | None, now: datetime | None) -> Entry:
    flags: list[str] = []
    link = _link(raw.link, base, flags)
    published = read_date(raw.published, language, now)
    updated = read_date(raw.updated, language, now)
    flags += published.flags if raw.published else updated.flags
    if not raw.published and updated.at:
        published = ReadDate(updated.at)
        flags.append("date_from_updated")
    _flag_cuts(raw, flags)
    return Entry(
        id=clean_line(raw.id, MAX_ID) or None,
        link=link,
        title=plain_line(raw.title, MAX_TITLE),
        summary=_summary(raw),
        content_html=safe_html(raw.content_html[:MAX_CONTENT]) if raw.content_html.strip() else None,
        authors=_authors(raw.authors),
        published_at=published.at,
        updated_at=updated.at,
        published_raw=clean_line(raw.published or raw.updated, 100) or None,
        flags=tuple(dict.fromkeys(flags)),
    )


def _link(link: str, base: str | None, flags: list[str]) -> str | None:
    link = link.strip()
    if not link:
        flags.append("link_missing")
        return None
    absolute = absolute_url(link, base)
    if absolute is None:
        flags.append("link_too_long" if len(link) > 2048 else "link_not_http")
    return absolute


def _summary(raw: RawEntry) -> str:
    text = raw.summary[: 4 * MAX_SUMMARY]
    return clean_line(text, MAX_SUMMARY) if raw.summary_is_text else plain_text(text, MAX_SUMMARY)


def _authors(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (plain_line(name[: 4 * MAX_AUTHOR], MAX_AUTHOR) for name in list(names)[:MAX_AUTHORS])
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _flag_cuts(raw: RawEntry, flags: list[str]) -> None:
    cuts = (
        ("title_cut", len(raw.title) > MAX_TITLE),
        ("summary_cut", len(raw.summary) > 4 * MAX_SUMMARY),
        ("content_cut", len(raw.content_html) > MAX_CONTENT),
        ("authors_cut", len(raw.authors) > MAX_AUTHORS or any(len(name) >= MAX_AUTHOR for name in raw.authors)),
    )
    flags.extend(name for name, was_cut in cuts if was_cut)


def entry_text(entry: Entry, limit: int) -> str:
    """The plain text that the feed itself carries for this entry: its full content, else its summary."""
    text = plain_text(entry.content_html, limit) if entry.content_html else ""
    return text if len(text) >= len(entry.summary) else entry.summary[:limit]
