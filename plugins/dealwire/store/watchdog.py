"""Ends analysts' queries that run, or hold their transaction open, for too long.

An analyst's own timeouts are only defaults that the role can lift, so somebody else has to look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from dealwire.errors import StoreError
from dealwire.store.database import Connection, fetch_all

LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was ended: its server process, what it was doing, and for how long."""

    pid: int
    state: str
    seconds: float


def end_runaways(
    connection: Connection, seconds: float = LONGEST_SECONDS, role: str = "dealwire_analyst"
) -> list[Ended]:
    """End the role's sessions in this database that are busy or in one transaction for longer than that."""
    rows = fetch_all(connection, "watchdog_end", {"role": role, "seconds": seconds})
    return [Ended(row.pid, row.state, row.seconds) for row in rows if row.ended]


def watch(
    open_connection: Callable[[], Connection],
    stop: threading.Event,
    tell: Callable[[Ended], None],
    *,
    seconds: float = LONGEST_SECONDS,
    pause: float = 5.0,
) -> None:
    """Look every `pause` seconds until told to stop; a lost connection is opened again at the next look."""
    connection: Connection | None = None
    while not stop.wait(pause):
        try:
            connection = connection or open_connection()
            for ended in end_runaways(connection, seconds):
                tell(ended)
        except StoreError:
            if connection is not None:
                connection.close()
            connection = None
    if connection is not None:
        connection.close()
