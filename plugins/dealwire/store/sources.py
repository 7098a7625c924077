"""Where a deal was reported, as alerts and the page show it."""

from __future__ import annotations

from dealwire.deal_model import Source
from dealwire.store.database import Connection, fetch_all


def load_sources(connection: Connection, deal_id: int) -> tuple[Source, ...]:
    """The deal's live articles, the earliest first, each with the sentence that says most."""
    rows = sorted(fetch_all(connection, "deal_sources", {"deal_id": deal_id}), key=lambda row: (row.at, row.url))
    return tuple(
        Source(row.publisher, row.title, row.url, row.language, row.published_at, row.official, row.quote)
        for row in rows
    )
