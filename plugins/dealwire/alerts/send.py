"""Sending what is due: take a channel | plan | begin | deliver | record, one message at a time.

Before a message travels, `begin` commits that it is being sent; after it, its end is recorded. A sender that dies in
between leaves exactly that message in doubt: the next one sends it again, marked as a possible repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from dealwire.alert_model import ChannelState, Delivery, Failure, QueuedAlert
from dealwire.alerts.delivery import Channel, Outcome, Outgoing
from dealwire.alerts.notices import circuit_notice, failure_notices
from dealwire.alerts.storm import Limits, Planned, next_attempt, plan
from dealwire.errors import LeaseLost, StoreError

logger = logging.getLogger(__name__)


class Outbox(Protocol):
    """The store's side (store.alerts.Outbox), each call one transaction."""

    def register(self, channels: Sequence[str]) -> None: ...
    def lease(self, channels: Sequence[str], token: UUID, now: datetime) -> str | None: ...
    def state(self, channel: str, since: datetime) -> ChannelState: ...
    def waiting(self, channel: str, now: datetime, limit: int) -> list[Delivery]: ...
    def begin(
        self, channel: str, token: UUID, message_id: UUID, alert_ids: Sequence[UUID], now: datetime
    ) -> list[Delivery]: ...
    def complete(self, channel: str, token: UUID, message_id: UUID, now: datetime) -> None: ...
    def fail(
        self,
        channel: str,
        token: UUID,
        message_id: UUID,
        failure: Failure,
        now: datetime,
        notices: Sequence[QueuedAlert],
    ) -> int: ...
    def hold(self, channel: str, token: UUID, now: datetime, notices: Sequence[QueuedAlert]) -> int: ...
    def release(self, channel: str, token: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did: messages sent (and digests and possible repeats among them), failed, alerts given up and held."""

    messages: int = 0
    alerts: int = 0
    digests: int = 0
    possible_repeats: int = 0
    failed: int = 0
    dead: int = 0
    held: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one sender works with on one channel."""

    outbox: Outbox
    channel: Channel
    token: UUID
    now: Callable[[], datetime]
    limits: Limits
    others: tuple[str, ...]


def send_due(
    outbox: Outbox,
    channels: Sequence[Channel],
    now: Callable[[], datetime],
    limits: Limits | None = None,
    elsewhere: Sequence[str] = (),
) -> Sent:
    """Send everything that is due, channel by channel. Safe to run in several processes at once.

    Channels `elsewhere` are configured too, and sent by whoever has their addresses.
    """
    limits = limits or Limits()
    by_name = {channel.name: channel for channel in channels}
    outbox.register([*by_name, *elsewhere])
    total = Sent()
    todo = dict(by_name)
    while todo:
        token = uuid4()
        name = outbox.lease(list(todo), token, now())
        if name is None:
            break
        others = tuple(other for other in by_name if other != name)
        done = _send_channel(_Desk(outbox, todo.pop(name), token, now, limits, others))
        total += done
        if done.failed:  # there may be a notice of it on another channel now
            todo |= {other: by_name[other] for other in others}
    return total


def _send_channel(desk: _Desk) -> Sent:
    name = desk.channel.name
    total = Sent()
    try:
        while True:
            done, go_on = _send_planned(desk)
            total += done
            if not go_on:
                break
        desk.outbox.release(name, desk.token)
    except LeaseLost as lost:
        logger.warning("%s", lost)
    except BaseException:
        with suppress(StoreError):  # somebody else may go on at once, if PostgreSQL is there
            desk.outbox.release(name, desk.token)
        raise
    return total


def _send_planned(desk: _Desk) -> tuple[Sent, bool]:
    """One plan for one channel; whether to look for more."""
    now, name = desk.now(), desk.channel.name
    waiting = desk.outbox.waiting(name, now, desk.limits.batch)
    state = desk.outbox.state(name, now - desk.limits.window)
    planned = plan(waiting, state, desk.limits)
    total = Sent()
    if planned.hold:
        notices = circuit_notice(name, state, waiting[0].payload, now, desk.limits)
        held = desk.outbox.hold(name, desk.token, now, notices)
        total += Sent(held=held)
    for message in planned.messages:
        sent, go_on = _send_one(desk, message, state)
        total += sent
        if not go_on:
            return total, False
    return total, bool(planned.messages) or planned.hold


def _send_one(desk: _Desk, planned: Planned, state: ChannelState) -> tuple[Sent, bool]:
    """One message; whether the channel bears another one."""
    name = desk.channel.name
    message_id = planned.message_id or (uuid4() if planned.digest else planned.alert_ids[0])
    begun = desk.outbox.begin(name, desk.token, message_id, planned.alert_ids, desk.now())
    if not begun:
        return Sent(), True  # cancelled in the meantime
    message = Outgoing(
        message_id,
        tuple(delivery.alert_id for delivery in begun),
        tuple(delivery.payload for delivery in begun),
        planned.digest,
        any(delivery.possible_repeat for delivery in begun),
    )
    outcome = _deliver(desk.channel, message)
    if outcome.ending == "sent":
        desk.outbox.complete(name, desk.token, message_id, desk.now())
        return Sent(1, len(begun), int(planned.digest), int(message.possible_repeat)), True
    return _record_failure(desk, message_id, begun, outcome, state)


def _record_failure(
    desk: _Desk, message_id: UUID, begun: Sequence[Delivery], outcome: Outcome, state: ChannelState
) -> tuple[Sent, bool]:
    now, name = desk.now(), desk.channel.name
    pause = outcome.ending != "refused"
    failures = max(state.failures, begun[0].attempts - 1) if pause else begun[0].attempts - 1
    failure = Failure(
        error=outcome.detail,
        next_attempt_at=next_attempt(failures, now, outcome.retry_after),
        give_up_before=now - desk.limits.give_up_after,
        pause=pause,
        unsure=outcome.ending == "unsure",
    )
    oldest = min(delivery.queued_at for delivery in begun)
    notices = failure_notices(name, desk.others, state, failure, oldest, begun[0].payload, now, desk.limits)
    dead = desk.outbox.fail(name, desk.token, message_id, failure, now, notices)
    logger.warning(
        "alert channel %s: %s; next attempt at %s", name, outcome.detail, failure.next_attempt_at.isoformat()
    )
    if dead:
        logger.error("alert channel %s: %d alerts were given up", name, dead)
    return Sent(failed=1, dead=dead), not pause


def _deliver(channel: Channel, message: Outgoing) -> Outcome:
    """A delivery that raises is a failed one; what it raised may hold the address, so only its class is told."""
    try:
        return channel.deliver(message)
    except Exception as error:
        return Outcome("unsure", f"{type(error).__name__} while sending")
