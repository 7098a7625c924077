"""Alerts on their way to people, as plain values shared by the alert stage, the store and the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

AlertEvent = Literal["new", "value_changed", "status_changed", "disputed", "correction", "notice"]
Payload = Mapping[str, Any]  # JSON; alerts/webhook.schema.json describes it


@dataclass(frozen=True, slots=True)
class LastAlert:
    """What a rule last told about a deal: the baseline that later changes are measured against."""

    rule_id: str
    event: AlertEvent
    payload: Payload


@dataclass(frozen=True, slots=True)
class QueuedAlert:
    """An alert to be written to the outbox, with its channels. `event_key` makes it unique for deal and rule."""

    deal_id: int | None
    deal_version: int | None
    rule_id: str | None
    event: AlertEvent
    event_key: str
    payload: Payload
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert waiting for one channel. `message_id` is set once an attempt was made, alone or in a digest."""

    alert_id: UUID
    event: AlertEvent
    payload: Payload
    queued_at: datetime
    attempts: int
    message_id: UUID | None
    possible_repeat: bool


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel that this sender holds, and what it was sent in the storm window."""

    channel: str
    failures: int
    failing_since: datetime | None
    circuit_open: bool
    recent_alerts: int
    recent_singles: int
    recent_digests: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt failed. `pause` stops the whole channel until `next_attempt_at`, which is None at the end."""

    error: str
    next_attempt_at: datetime
    give_up_before: datetime
    pause: bool
    unsure: bool
