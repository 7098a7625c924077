"""Entries and the articles they lead to; with the registry (feeds.py) and polls (polls.py), all that news stores."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dealwire.errors import NotFoundError
from dealwire.feed_model import ArticleReading, Entry, StoredEntry
from dealwire.model import Article
from dealwire.store.database import Connection, Row, atomic, execute, fetch_all, fetch_one, fetch_value
from dealwire.store.entries import EntryCounts
from dealwire.store.feeds import (
    FeedHealth,
    SyncCounts,
    add_feed,
    due_feed_ids,
    list_feeds,
    load_feed_states,
    remove_feed,
    sync_feeds,
)
from dealwire.store.polls import known_entries, record_poll

__all__ = [
    "EntryCounts",
    "FeedHealth",
    "LoadedArticle",
    "Signature",
    "StoredArticle",
    "SyncCounts",
    "add_feed",
    "due_feed_ids",
    "known_entries",
    "list_feeds",
    "load_articles",
    "load_entries",
    "load_feed_states",
    "mark_entry_failed",
    "recent_signatures",
    "record_poll",
    "remove_feed",
    "store_reading",
    "sync_feeds",
    "unextracted_articles",
    "unread_entry_ids",
]

_WORTH = {"headline": 1, "feed": 2, "page": 3}


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """Where a reading ended: `new_version` False means the text was known, or worse than what we have."""

    article_id: int
    version: int
    new_version: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """An article's text in short, for finding copies."""

    article_id: int
    story_id: int | None
    minhash: bytes


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """An article as the extractor reads it, with what goes with its reports."""

    article_id: int
    version: int
    story_id: int | None
    publisher: str
    official: bool
    article: Article


def unread_entry_ids(connection: Connection, now: datetime, limit: int | None = None) -> list[int]:
    """Entries waiting to be read, the longest waiting first."""
    return [row.entry_id for row in fetch_all(connection, "entry_unread", {"now": now, "limit": limit})]


def load_entries(connection: Connection, ids: Sequence[int]) -> list[StoredEntry]:
    """Entries with what their feed states, by id."""
    return [_stored_entry(row) for row in fetch_all(connection, "entry_load", {"ids": list(ids)})]


def _stored_entry(row: Row) -> StoredEntry:
    entry = Entry(
        id=row.guid,
        link=row.link,
        title=row.title,
        summary=row.summary,
        content_html=row.content_html,
        authors=tuple(row.authors),
        published_at=row.published_at,
        updated_at=row.updated_at,
        published_raw=row.published_raw,
        flags=tuple(row.flags),
    )
    return StoredEntry(
        row.entry_id,
        row.feed_id,
        row.publisher,
        row.official,
        row.language,
        row.article_id,
        row.read_attempts,
        row.first_seen_at,
        entry,
    )


@atomic
def store_reading(
    connection: Connection,
    entry_id: int,
    reading: ArticleReading,
    minhash: bytes | None,
    story_of: int | None,
    now: datetime,
) -> StoredArticle:
    """Store what an entry's article says. One address is one article; the same text makes no new version, and a
    worse one (the feed's, where we have the page's) changes nothing. `story_of` names an article with the same text.
    An article that its publisher takes back, or stands by again, has its deals folded anew.
    """
    key = {"url_sha256": hashlib.sha256(reading.url.encode()).hexdigest()}
    values: dict[str, Any] = key | {
        "url": reading.url,
        "publisher": reading.publisher,
        "official": reading.official,
        "language": reading.language,
        "published_at": reading.published_at,
        "published_source": reading.published_source,
        "title": reading.title,
        "text": reading.text,
        "text_sha256": hashlib.sha256(f"{reading.title}\n\n{reading.text}".encode()).hexdigest(),
        "text_source": reading.text_source,
        "page_outcome": reading.page_outcome,
        "page_detail": reading.page_detail,
        "authors": list(reading.authors),
        "minhash": minhash,
        "opt_outs": list(reading.opt_outs),
        "retracted": reading.retracted,
        "now": now,
    }
    execute(connection, "article_claim", values)
    there = fetch_one(connection, "article_lock", key)
    values |= {"article_id": there.article_id, "version": there.current_version}
    better = _WORTH[reading.text_source] - _WORTH.get(there.text_source, 0)
    new_version = bool(there.text_sha256 != values["text_sha256"] and better >= 0)
    if new_version:
        values |= {"version": there.current_version + 1, "story_id": _story(connection, there, story_of, now)}
        execute(connection, "article_version_supersede", values)
        execute(connection, "article_version_add", values)
        execute(connection, "article_update", values)
    elif better > 0:
        execute(connection, "article_version_better_source", values)
    if execute(connection, "article_retraction", values):
        execute(connection, "article_deals_stale", values)
    if reading.text_source == "page":
        execute(connection, "article_opt_outs", values)
    detail = reading.page_detail if reading.page_outcome != "ok" else None
    if not execute(
        connection,
        "entry_read",
        {"entry_id": entry_id, "article_id": there.article_id, "detail": detail or reading.page_outcome},
    ):
        raise NotFoundError(f"no entry has the id {entry_id}")
    return StoredArticle(there.article_id, values["version"], new_version)


def _story(connection: Connection, article: Row, story_of: int | None, now: datetime) -> int:
    """The copied article's story; else its own. An article that shares its story with others stays there."""
    if (
        story_of is not None
        and story_of != article.article_id
        and (article.story_id is None or article.story_size == 1)
    ):
        story = fetch_value(connection, "article_story", {"article_id": story_of})
        if story is not None:
            return int(story)
    if article.story_id is not None:
        return int(article.story_id)
    return int(fetch_value(connection, "story_add", {"now": now}))


def mark_entry_failed(
    connection: Connection, entry_id: int, detail: str, next_read_at: datetime | None, now: datetime
) -> None:
    """The entry could not be read: again at `next_read_at`, or never."""
    parameters = {"entry_id": entry_id, "detail": detail, "next_read_at": next_read_at, "now": now}
    if not execute(connection, "entry_failed", parameters):
        raise NotFoundError(f"no entry has the id {entry_id}")


def recent_signatures(connection: Connection, since: datetime) -> list[Signature]:
    """The signatures of articles first seen since then, oldest first."""
    rows = fetch_all(connection, "article_signatures", {"since": since})
    return [Signature(row.article_id, row.story_id, bytes(row.minhash)) for row in rows]


def unextracted_articles(connection: Connection, extractor_version: str, limit: int | None = None) -> list[int]:
    """Articles whose current text this extractor has not read: never read ones first, then newest first."""
    parameters = {"extractor_version": extractor_version, "limit": limit}
    return [row.article_id for row in fetch_all(connection, "article_unextracted", parameters)]


def load_articles(connection: Connection, ids: Sequence[int]) -> list[LoadedArticle]:
    """Articles with their current text, by id."""
    return [_loaded_article(row) for row in fetch_all(connection, "article_load", {"ids": list(ids)})]


def _loaded_article(row: Row) -> LoadedArticle:
    article = Article(
        id=str(row.article_id),
        title=row.title,
        text=row.text,
        published=row.published_at.date() if row.published_at else None,
        lang=row.language,
        url=row.url,
    )
    return LoadedArticle(row.article_id, row.version, row.story_id, row.publisher, row.official, article)


def mark_unextracted(connection: Connection, since: datetime, before: datetime | None = None) -> int:
    """Have articles first seen since then (and before a moment) read again by the extractor; how many."""
    return execute(connection, "article_mark_unextracted", {"since": since, "before": before})
