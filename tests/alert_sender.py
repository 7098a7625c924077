"""Senders as processes that die by kill -9: started with a database, addresses, and where each of them dies.

    python alert_sender.py DSN '["dealwire+http://…"]' '["after_send", "0.05", "never"]'

Each entry of the last list is one sender, one after the other: it dies at that point of its first message, or after
that many seconds, or never; senders in a list of their own run at once. The output is a line a sender: `killed` or
`ended`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from dealwire.alerts.channels import open_channels
from dealwire.alerts.delivery import Channel, Outcome, Outgoing
from dealwire.alerts.send import send_due
from dealwire.alerts.storm import Limits
from dealwire.store.alerts import Outbox
from dealwire.store.database import connect

LEASE_SECONDS = 0.4
UNLIMITED = Limits(singles=10**9, circuit=10**9)


def die() -> None:
    """As kill -9 does it."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingOutbox(Outbox):
    """The outbox, with a point where the process dies."""

    point = "never"

    def begin(self, *args: Any, **kwargs: Any) -> Any:
        if self.point == "before_begin":
            die()
        begun = super().begin(*args, **kwargs)
        if self.point == "after_begin":
            die()
        return begun

    def complete(self, *args: Any, **kwargs: Any) -> None:
        super().complete(*args, **kwargs)
        if self.point == "after_complete":
            die()


def _dying(channel: Channel, point: str) -> Channel:
    def deliver(message: Outgoing) -> Outcome:
        outcome = channel.deliver(message)
        if point == "after_send":
            die()
        return outcome

    return replace(channel, deliver=deliver)


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def send(dsn: str, addresses: list[str], point: str) -> None:
    """One sender's life."""
    channels = [_dying(channel, point) for channel in open_channels(addresses, now=now)]
    connection = connect(dsn)
    outbox = DyingOutbox(connection, LEASE_SECONDS)
    outbox.point = point
    send_due(outbox, channels, now, UNLIMITED)
    connection.close()


def main(dsn: str, addresses: list[str], points: list[str | list[str]]) -> None:
    """Every sender in a process of its own, the next when the lease of a dead one is over; a list runs at once."""
    for group in points:
        together = [group] if isinstance(group, str) else group
        children = [(_start(dsn, addresses, point), point) for point in together]
        ends = [_end(child, point) for child, point in children]
        print("\n".join(ends), flush=True)
        if "killed" in ends:
            time.sleep(LEASE_SECONDS)


def _start(dsn: str, addresses: list[str], point: str) -> int:
    child = os.fork()
    if child == 0:
        send(dsn, addresses, point)
        os._exit(0)
    return child


def _end(child: int, point: str) -> str:
    if point[0].isdigit():
        time.sleep(float(point))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a sender failed at {point}")
    return "killed" if os.WIFSIGNALED(status) else "ended"


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3]))
