"""What was fetched is kept, compressed, for DEALWIRE_KEEP_RAW_DAYS; stages/replaying.py reads it again."""

from __future__ import annotations

from collections.abc import Iterable

from dealwire.context import Runtime
from dealwire.feed_model import Fetched
from dealwire.store.raw import RawDocument, keep_raw


def keep_fetched(runtime: Runtime, fetched: Iterable[tuple[int, int | None, Fetched]]) -> None:
    """Inside the caller's transaction: keep what came whole, with its feed and, for a page, its entry."""
    if not runtime.settings.keep_raw_days:
        return
    documents = [
        RawDocument(feed_id, entry_id, one.final_url or one.url, one.headers.get("content-type"), one.body)
        for feed_id, entry_id, one in fetched
        if one.outcome == "ok" and one.body
    ]
    keep_raw(runtime.connection, documents, runtime.now())
