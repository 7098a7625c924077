"""Notices to operators: a channel that fails or died is told on another one, a storm on the channel itself. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dealwire.alert_model import ChannelState, Failure, QueuedAlert
from dealwire.alerts.payload import NOTICE_SCHEMA
from dealwire.alerts.storm import Limits


def circuit_notice(
    channel: str, state: ChannelState, example: Mapping[str, Any], now: datetime, limits: Limits
) -> list[QueuedAlert]:
    """The one message that a storm sends: alerts are held, a person decides."""
    if state.circuit_open:
        return []
    details = {
        "channel": channel,
        "limit": limits.circuit,
        "minutes": int(limits.window.total_seconds() // 60),
        "n": state.recent_alerts,
    }
    return [_notice("circuit_open", channel, now, details, example, (channel,))]


def failure_notices(
    channel: str,
    others: Sequence[str],
    state: ChannelState,
    failure: Failure,
    oldest: datetime,
    example: Mapping[str, Any],
    now: datetime,
    limits: Limits,
) -> list[QueuedAlert]:
    """Once when a channel has failed for an hour and once when it is dead, each time it fails anew."""
    since = state.failing_since or now
    details = {
        "channel": channel,
        "since": since.strftime("%Y-%m-%d %H:%M UTC"),
        "hours": int(limits.give_up_after.total_seconds() // 3600),
        "error": failure.error,
    }
    if oldest <= failure.give_up_before:
        return [_notice("channel_dead", channel, since, details, example, others)] if others else []
    if now - since >= limits.tell_after and others:
        return [_notice("channel_failing", channel, since, details, example, others)]
    return []


def lateness_notice(
    run_id: str, needed_by: str, language: str, now: datetime, channels: Sequence[str]
) -> list[QueuedAlert]:
    """A run of ingestion that is not done in time, once a run and on every channel."""
    details = {"run": run_id, "needed_by": needed_by, "channel": ""}
    notice = _notice("ingestion_late", run_id, now, details, {"language": language}, channels)
    return [dataclasses.replace(notice, event_key=f"ingestion_late:{run_id}")] if channels else []


def _notice(
    notice: str,
    channel: str,
    since: datetime,
    details: Mapping[str, Any],
    example: Mapping[str, Any],
    receivers: Sequence[str],
) -> QueuedAlert:
    payload = {
        "schema": NOTICE_SCHEMA,
        "event": "notice",
        "notice": notice,
        "language": example["language"],
        "occurred_at": since.isoformat(),
        "details": dict(details),
    }
    return QueuedAlert(None, None, None, "notice", f"{notice}:{channel}:{since.isoformat()}", payload, tuple(receivers))
