"""replay: a better page reader reads again what was fetched and kept, without the network."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from dealwire.context import Runtime
from dealwire.feed_model import ArticleReading, Fetched, ParsedPage, StoredEntry
from dealwire.news.near_duplicates import signature
from dealwire.news.reading import Parsers
from dealwire.stages.reading import SAME_STORY_DAYS, Copies, choose_reading, feed_text_of
from dealwire.store.database import transaction
from dealwire.store.news import load_entries, store_reading
from dealwire.store.operation import take_turns
from dealwire.store.raw import KeptPage, kept_pages_since, load_kept_pages

READ_TOGETHER = 50


def replay(runtime: Runtime, since: str, *, apply: bool = True) -> dict[str, int]:
    """Read the kept pages fetched since a day again; texts that changed wait for extraction.

    Without `apply` they are only counted. An article stays the article it is, also where its page now states another
    address of its own.
    """
    begin = datetime.combine(date.fromisoformat(since), time(), UTC)
    ids = kept_pages_since(runtime.connection, begin)
    counts = {"pages": len(ids), "unreadable": 0, "changed": 0}
    copies = Copies(runtime, runtime.now() - timedelta(days=SAME_STORY_DAYS))
    with Parsers() as parsers:
        for first in range(0, len(ids), READ_TOGETHER):
            pages = load_kept_pages(runtime.connection, ids[first : first + READ_TOGETHER])
            readings = parsers.parse_pages([(page.body, page.content_type, page.url) for page in pages])
            _replay_group(runtime, pages, readings, copies, counts, apply=apply)
            runtime.say(f"read {min(first + READ_TOGETHER, len(ids))} of {len(ids)} kept pages again: {counts}")
    return counts


def _replay_group(
    runtime: Runtime,
    pages: Sequence[KeptPage],
    readings: Sequence[ParsedPage],
    copies: Copies,
    counts: dict[str, int],
    *,
    apply: bool,
) -> None:
    with transaction(runtime.connection):
        take_turns(runtime.connection, "read")
        copies.refresh()
        entries = {entry.entry_id: entry for entry in load_entries(runtime.connection, [p.entry_id for p in pages])}
        for page, parsed in zip(pages, readings, strict=True):
            if parsed.outcome != "ok" or not parsed.text:
                counts["unreadable"] += 1
                continue
            reading = _reading(entries[page.entry_id], page, parsed)
            if (reading.title, reading.text) == (page.title, page.text):
                continue
            counts["changed"] += 1
            if apply:
                _store(runtime, page, reading, copies)


def _reading(entry: StoredEntry, page: KeptPage, parsed: ParsedPage) -> ArticleReading:
    headers = {"content-type": page.content_type} if page.content_type else {}
    fetched = Fetched("ok", None, page.url, page.url, None, 200, headers, page.body, 0, None)
    reading = choose_reading(entry, fetched, parsed, feed_text_of(entry))
    return dataclasses.replace(reading, url=page.article_url)


def _store(runtime: Runtime, page: KeptPage, reading: ArticleReading, copies: Copies) -> None:
    signed = signature(f"{reading.title}\n\n{reading.text}")
    original = copies.original_of(signed)
    stored = store_reading(runtime.connection, page.entry_id, reading, signed, original, runtime.now())
    copies.add(stored.article_id, signed)
