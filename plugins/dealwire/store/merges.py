"""Two deals that are one: the merged one keeps its row and its reports, and points to the other."""

from __future__ import annotations

from datetime import datetime

from psycopg2.extras import Json

from dealwire.deal_model import Cause, DealChange
from dealwire.errors import NotFoundError, UsageError
from dealwire.store.database import Connection, Row, atomic, execute, fetch_one
from dealwire.store.records import record_from_json
from dealwire.store.sources import load_sources


@atomic
def mark_merged(
    connection: Connection, deal_id: int, into: int, now: datetime, *, judgement_id: int | None = None
) -> DealChange:
    """Let a deal be another one, which becomes stale: it has to be folded from the reports of both."""
    rows = {key: _lock(connection, key) for key in sorted({deal_id, into})}
    target = rows[into].merged_into or into
    if rows[deal_id].merged_into is not None:
        raise UsageError(f"deal {deal_id} is merged into deal {rows[deal_id].merged_into} already")
    if target == deal_id:
        raise UsageError(f"deal {deal_id} cannot be merged into itself")
    before = rows[deal_id]
    execute(connection, "deal_merge", {"deal_id": deal_id, "into": target, "now": now})
    _add_version(connection, before, {"merged_into": target}, "merged", now, judgement_id)
    execute(connection, "deal_mark_stale", {"ids": [target]})
    record = record_from_json(before.record)
    sources = load_sources(connection, deal_id)
    return DealChange(deal_id, before.version + 1, "merged", record, record, sources, now, merged_into=target)


@atomic
def undo_merge(connection: Connection, deal_id: int, now: datetime, *, judgement_id: int | None = None) -> None:
    """Let a merged deal stand by itself again; both become stale."""
    before = _lock(connection, deal_id)
    if before.merged_into is None:
        raise UsageError(f"deal {deal_id} is not merged into another")
    execute(connection, "deal_unmerge", {"deal_id": deal_id, "into": before.merged_into, "now": now})
    _add_version(connection, before, {"merged_into": None}, "split", now, judgement_id)
    execute(connection, "deal_mark_stale", {"ids": [before.merged_into]})


def heir_of(connection: Connection, deal_id: int) -> int | None:
    """The one deal that took all reports of a deal that has none left."""
    row = fetch_one(connection, "deal_heir", {"deal_id": deal_id})
    return None if row is None else int(row.deal_id)


def _lock(connection: Connection, deal_id: int) -> Row:
    row = fetch_one(connection, "deal_lock", {"deal_id": deal_id})
    if row is None:
        raise NotFoundError(f"no deal has the number {deal_id}")
    return row


def _add_version(
    connection: Connection,
    before: Row,
    extra: dict[str, int | None],
    cause: Cause,
    now: datetime,
    judgement_id: int | None,
) -> None:
    values = {
        "deal_id": before.deal_id,
        "version": before.version + 1,
        "now": now,
        "valid_at": now,
        "cause": cause,
        "mention_id": None,
        "judgement_id": judgement_id,
        "record": Json(before.record | extra),
    }
    execute(connection, "deal_version_add", values)
