"""What the service knows of its own work: runs, turns, and the canonical dump. Leases are in leases.py."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg2.extras import Json

from dealwire.errors import StoreError
from dealwire.store.database import Connection, execute, fetch_all, fetch_one, fetch_value

Stage = Literal["poll", "read", "extract", "resolve", "select", "send", "maintain"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a stage did in one run."""

    run_id: int
    started_at: datetime
    ended_at: datetime
    counts: Mapping[str, Any]


def record_run(
    connection: Connection, stage: Stage, started_at: datetime, ended_at: datetime, counts: Mapping[str, Any]
) -> int:
    """Keep what a stage did; returns the run's id."""
    values = {"stage": stage, "started_at": started_at, "ended_at": ended_at, "counts": Json(dict(counts))}
    return int(fetch_value(connection, "run_record", values))


def last_run(connection: Connection, stage: Stage) -> Run | None:
    """The latest run of a stage; None where it never ran."""
    row = fetch_one(connection, "run_latest", {"stage": stage})
    return None if row is None else Run(row.run_id, row.started_at, row.ended_at, row.counts)


def take_turns(connection: Connection, name: str) -> None:
    """Inside a transaction: wait for all others at this work, and be the only one until the transaction ends.

    A holder that froze is cut off by the server after a minute, and what it had not committed is undone.
    """
    if connection.autocommit:
        raise StoreError(f"taking turns at {name} needs a transaction")
    execute(connection, "turn_name", {"name": name})
    fetch_one(connection, "turn_take", {"name": name})


DUMPS = ("dump_feeds", "dump_entries", "dump_articles", "dump_mentions", "dump_deals", "dump_judgements", "dump_alerts")


def canonical_dump(connection: Connection) -> list[str]:
    """All that is stored, as sorted lines without generated ids and times: equal where two histories ended alike."""
    return [f"{name}\t{row.line}" for name in DUMPS for row in fetch_all(connection, name)]


def canonical_hash(connection: Connection) -> str:
    """The dump in one value."""
    return hashlib.sha256("\n".join(canonical_dump(connection)).encode()).hexdigest()
