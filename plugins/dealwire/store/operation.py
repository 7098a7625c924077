"""What the service knows of its own work: runs, and leases that keep two workers from doing the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg2.extras import Json

from dealwire.errors import LeaseLost, StoreError
from dealwire.store.database import Connection, execute, fetch_all, fetch_one, fetch_value

Stage = Literal["poll", "read", "extract", "resolve", "select", "send", "maintain"]
LEASE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do some work alone, until it expires. `token` is higher than that of any holder before."""

    name: str
    holder: str
    token: int


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


def acquire_lease(connection: Connection, name: str, holder: str, seconds: float = LEASE_SECONDS) -> Lease | None:
    """The lease, or None while another holder's is in force. PostgreSQL's clock decides, not ours."""
    token = fetch_value(connection, "lease_acquire", {"name": name, "holder": holder, "seconds": seconds})
    return None if token is None else Lease(name, holder, int(token))


def renew_lease(connection: Connection, lease: Lease, seconds: float = LEASE_SECONDS) -> None:
    """Keep it for longer. A holder that slept past its end may go on only if nobody took over."""
    if not execute(connection, "lease_renew", {"name": lease.name, "token": lease.token, "seconds": seconds}):
        raise _lost(connection, lease)


def release_lease(connection: Connection, lease: Lease) -> None:
    """Give it back; nothing happens where it is lost already."""
    execute(connection, "lease_release", {"name": lease.name, "token": lease.token})


def check_lease(connection: Connection, lease: Lease) -> None:
    """Call inside each transaction that relies on the lease: nobody can take it before that transaction ends."""
    if fetch_one(connection, "lease_check", {"name": lease.name, "token": lease.token}) is None:
        raise _lost(connection, lease)


def lease_holder(connection: Connection, name: str) -> str | None:
    """Who holds it, or held it last."""
    row = fetch_one(connection, "lease_holder", {"name": name})
    return None if row is None else str(row.holder)


def take_turns(connection: Connection, name: str) -> None:
    """Inside a transaction: wait for all others at this work, and be the only one until the transaction ends.

    A holder that froze is cut off by the server after a minute, and what it had not committed is undone.
    """
    if connection.autocommit:
        raise StoreError(f"taking turns at {name} needs a transaction")
    execute(connection, "turn_name", {"name": name})
    fetch_one(connection, "turn_take", {"name": name})


def _lost(connection: Connection, lease: Lease) -> LeaseLost:
    return LeaseLost(
        f"lease {lease.name} was taken over by {lease_holder(connection, lease.name)}: this batch is not stored, "
        "the other worker does it"
    )


DUMPS = ("dump_feeds", "dump_entries", "dump_articles", "dump_mentions", "dump_deals", "dump_judgements", "dump_alerts")


def canonical_dump(connection: Connection) -> list[str]:
    """All that is stored, as sorted lines without generated ids and times: equal where two histories ended alike."""
    return [f"{name}\t{row.line}" for name in DUMPS for row in fetch_all(connection, name)]


def canonical_hash(connection: Connection) -> str:
    """The dump in one value."""
    return hashlib.sha256("\n".join(canonical_dump(connection)).encode()).hexdigest()
