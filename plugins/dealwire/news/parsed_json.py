"""Parsed feeds and pages as JSON values and back, for the way from a parser's child and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dealwire.feed_model import Entry, ParsedFeed, ParsedPage


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def feed_to_json(feed: ParsedFeed) -> dict[str, Any]:
    return {
        "outcome": feed.outcome,
        "detail": feed.detail,
        "feed": {"title": feed.title, "link": feed.link, "language": feed.language},
        "entries": [entry_to_json(entry) for entry in feed.entries],
        "older": list(feed.older),
    }


def entry_to_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content_html,
        "authors": list(entry.authors),
        "published_at": _iso(entry.published_at),
        "updated_at": _iso(entry.updated_at),
        "published_raw": entry.published_raw,
        "flags": list(entry.flags),
    }


def feed_from_json(data: Mapping[str, Any]) -> ParsedFeed:
    channel = data["feed"]
    return ParsedFeed(
        data["outcome"],
        data["detail"],
        channel["title"],
        channel["link"],
        channel["language"],
        tuple(entry_from_json(entry) for entry in data["entries"]),
        tuple(data["older"]),
    )


def entry_from_json(data: Mapping[str, Any]) -> Entry:
    return Entry(
        id=data["id"],
        link=data["link"],
        title=data["title"],
        summary=data["summary"],
        content_html=data["content_html"],
        authors=tuple(data["authors"]),
        published_at=_moment(data["published_at"]),
        updated_at=_moment(data["updated_at"]),
        published_raw=data["published_raw"],
        flags=tuple(data["flags"]),
    )


def page_to_json(page: ParsedPage) -> dict[str, Any]:
    return {
        "outcome": page.outcome,
        "detail": page.detail,
        "title": page.title,
        "text": page.text,
        "published_at": _iso(page.published_at),
        "published_source": page.published_source,
        "authors": list(page.authors),
        "language": page.language,
        "canonical_url": page.canonical_url,
        "opt_outs": list(page.opt_outs),
    }


def page_from_json(data: Mapping[str, Any]) -> ParsedPage:
    return ParsedPage(
        outcome=data["outcome"],
        detail=data["detail"],
        title=data["title"],
        text=data["text"],
        published_at=_moment(data["published_at"]),
        published_source=data["published_source"],
        authors=tuple(data["authors"]),
        language=data["language"],
        canonical_url=data["canonical_url"],
        opt_outs=tuple(data["opt_outs"]),
    )
