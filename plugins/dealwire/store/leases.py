"""Leases: rows with a token that never comes again. Whoever slept while another took over is refused by its token.

A lease is of a kind of work on a range of ids. It ends when it is given back, when its time is over, or when the
connection that took it is gone: a killed worker's work can be taken up at once, a frozen one's after five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from dealwire.errors import LeaseLost
from dealwire.store.database import Connection, atomic, execute, fetch_one, fetch_value
from dealwire.store.operation import take_turns

LEASE_SECONDS = 300.0
EVERYTHING = (0, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do some work alone. `token` is higher than that of any holder before."""

    name: str
    holder: str
    token: int
    first_id: int
    last_id: int


@atomic
def acquire_lease(
    connection: Connection,
    name: str,
    holder: str,
    seconds: float = LEASE_SECONDS,
    ids: tuple[int, int] = EVERYTHING,
) -> Lease | None:
    """The lease on these ids, or None while another's on any of them is in force. PostgreSQL's clock decides."""
    values = {"name": name, "holder": holder, "seconds": seconds, "first_id": ids[0], "last_id": ids[1]}
    take_turns(connection, f"lease {name}")
    if fetch_one(connection, "lease_in_force", values) is not None:
        return None
    token = int(fetch_value(connection, "lease_take", values))
    return Lease(name, holder, token, *ids)


def renew_lease(connection: Connection, lease: Lease, seconds: float = LEASE_SECONDS) -> None:
    """Keep it for longer; inside a transaction, also keep it from being taken before that transaction ends.

    A holder that slept past its end may go on only if nobody took over; else LeaseLost.
    """
    if not execute(connection, "lease_renew", {"token": lease.token, "seconds": seconds}):
        raise _lost(connection, lease)


def release_lease(connection: Connection, lease: Lease) -> None:
    """Give it back; nothing happens where it is lost already."""
    execute(connection, "lease_release", {"token": lease.token})


def check_lease(connection: Connection, lease: Lease) -> None:
    """Inside a transaction that relies on the lease: nobody can take it before that transaction ends."""
    if fetch_one(connection, "lease_check", {"token": lease.token}) is None:
        raise _lost(connection, lease)


def lease_holder(connection: Connection, name: str, ids: tuple[int, int] = EVERYTHING) -> str | None:
    """Who holds a lease on any of these ids."""
    row = fetch_one(connection, "lease_holder", {"name": name, "first_id": ids[0], "last_id": ids[1]})
    return None if row is None else str(row.holder)


def _lost(connection: Connection, lease: Lease) -> LeaseLost:
    other = lease_holder(connection, lease.name, (lease.first_id, lease.last_id)) or "another worker, which is done"
    return LeaseLost(
        f"the lease {lease.name} {lease.first_id}-{lease.last_id} was taken over by {other}: nothing more of this "
        "batch is stored here"
    )
