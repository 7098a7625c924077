"""The usual case of a reading, many at a time: an article that nobody knew, with a text like no other.

All else (a known address, a copy of another text) goes one by one through news.store_reading, which ends alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.feed_model import ArticleReading
from dealwire.store.database import Connection, atomic, execute_values, fetch_all


@dataclass(frozen=True, slots=True)
class NewReading:
    """What an entry's article says, with the signature of its text."""

    entry_id: int
    reading: ArticleReading
    minhash: bytes

    @property
    def url_sha256(self) -> str:
        return _sha256(self.reading.url)


@atomic
def store_new(connection: Connection, readings: Sequence[NewReading], now: datetime) -> dict[int, int]:
    """Store readings of different addresses; entry -> article of those whose address was new, and of no others."""
    if not readings:
        return {}
    ordered = sorted(readings, key=lambda one: one.url_sha256)
    stories = [
        row.story_id for row in fetch_all(connection, "new_article_stories", {"now": now, "count": len(ordered)})
    ]
    rows = [_article(one, story, now) for one, story in zip(ordered, stories, strict=True)]
    ids = {row.url_sha256: row.article_id for row in execute_values(connection, "new_article_add", rows)}
    added = [(ids[one.url_sha256], one) for one in ordered if one.url_sha256 in ids]
    execute_values(connection, "new_article_version_add", [_version(*pair, now) for pair in added])
    entries = sorted((one.entry_id, article_id, _detail(one.reading)) for article_id, one in added)
    execute_values(connection, "new_article_entries", entries)
    return {one.entry_id: article_id for article_id, one in added}


def _article(one: NewReading, story_id: int, now: datetime) -> tuple[object, ...]:
    reading = one.reading
    return (
        reading.url, one.url_sha256, reading.publisher, reading.official, reading.language, reading.published_at,
        reading.published_source, 1, story_id, one.minhash, now, now if reading.retracted else None,
        list(reading.opt_outs) if reading.text_source == "page" else [],
    )  # fmt: skip


def _version(article_id: int, one: NewReading, now: datetime) -> tuple[object, ...]:
    reading = one.reading
    return (
        article_id, 1, reading.title, reading.text, _sha256(f"{reading.title}\n\n{reading.text}"), reading.text_source,
        reading.page_outcome, reading.page_detail, list(reading.authors), now,
    )  # fmt: skip


def _detail(reading: ArticleReading) -> str:
    return (reading.page_detail if reading.page_outcome != "ok" else None) or reading.page_outcome


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
