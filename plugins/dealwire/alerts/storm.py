"""What a channel is sent now: single messages, one digest, or nothing but a question to the operator. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dealwire.alert_model import ChannelState, Delivery


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a channel bears within a window, and how long retries go on."""

    singles: int = 5
    circuit: int = 100
    window: timedelta = timedelta(minutes=10)
    give_up_after: timedelta = timedelta(hours=72)
    tell_after: timedelta = timedelta(hours=1)
    batch: int = 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """One message: the alerts in it, and its id where an earlier attempt gave it one."""

    alert_ids: tuple[UUID, ...]
    message_id: UUID | None
    digest: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The messages to send, in order; `hold` asks to open the circuit for everything not yet tried."""

    messages: tuple[Planned, ...]
    hold: bool


def plan(waiting: Sequence[Delivery], state: ChannelState, limits: Limits) -> Plan:
    """Decide for one channel. Notices always go; a message that was tried keeps its contents and its id."""
    notices = [_single(d) for d in waiting if d.event == "notice" and d.message_id is None]
    tried = _tried(waiting)
    fresh = [d for d in waiting if d.message_id is None and d.event != "notice"]
    hold = bool(fresh) and (state.circuit_open or state.recent_alerts > limits.circuit)
    return Plan(tuple(notices + tried + ([] if hold else _fresh(fresh, tried, state, limits))), hold)


def _single(delivery: Delivery) -> Planned:
    return Planned((delivery.alert_id,), None, digest=False)


def _tried(waiting: Sequence[Delivery]) -> list[Planned]:
    grouped: dict[UUID, list[UUID]] = {}
    for delivery in waiting:
        if delivery.message_id is not None:
            grouped.setdefault(delivery.message_id, []).append(delivery.alert_id)
    return [Planned(tuple(ids), message_id, digest=ids != [message_id]) for message_id, ids in grouped.items()]


def _fresh(fresh: Sequence[Delivery], tried: Sequence[Planned], state: ChannelState, limits: Limits) -> list[Planned]:
    """Singles while the window has room for all of them; else one digest a window; else they wait for the next."""
    digests = state.recent_digests + sum(message.digest for message in tried)
    room = limits.singles - state.recent_singles - sum(not message.digest for message in tried)
    if len(fresh) <= room:
        return [_single(delivery) for delivery in fresh]
    return [] if digests else [Planned(tuple(delivery.alert_id for delivery in fresh), None, digest=True)]


def next_attempt(failures: int, now: datetime, retry_after: float | None) -> datetime:
    """One minute, doubled up to an hour; a receiver's own Retry-After is obeyed where it is longer (at most a day)."""
    backoff = min(60.0 * 2 ** min(failures, 6), 3600.0)
    asked = 0.0 if retry_after is None else min(max(retry_after, 0.0), 86_400.0)
    return now + timedelta(seconds=max(backoff, asked))
