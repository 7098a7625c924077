"""The history of deals as a stream of changes, as alerts were offered them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dealwire.deal_model import DealChange, Source
from dealwire.store.database import Connection, fetch_all
from dealwire.store.records import record_from_json
from dealwire.store.sources import load_sources


def changes_between(connection: Connection, since: datetime, until: datetime) -> Iterator[DealChange]:
    """Every version recorded from `since` until before `until`, in order. Sources are those that stand today."""
    sources: dict[int, tuple[Source, ...]] = {}
    for row in fetch_all(connection, "changes_between", {"since": since, "until": until}):
        if row.deal_id not in sources:
            sources[row.deal_id] = load_sources(connection, row.deal_id)
        yield DealChange(
            deal_id=row.deal_id,
            version=row.version,
            cause=row.cause,
            before=record_from_json(row.before) if row.before else None,
            after=record_from_json(row.record),
            sources=sources[row.deal_id],
            changed_at=row.recorded_at,
            merged_into=row.merged_into,
        )
