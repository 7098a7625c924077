"""The alert outbox in PostgreSQL. Queueing belongs to the caller's transaction; `Outbox` is what senders work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from dealwire.alert_model import ChannelState, Delivery, Failure, LastAlert, QueuedAlert
from dealwire.errors import LeaseLost, NotFoundError
from dealwire.store.database import Connection, Row, atomic, execute, fetch_all, fetch_one, fetch_value


@atomic
def save_rules(connection: Connection, definitions: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """Record the rules of the rules file as they are now; rules that went are kept and marked."""
    for rule_id, definition in sorted(definitions.items()):
        execute(connection, "alert_save_rule", {"rule_id": rule_id, "definition": Json(definition), "now": now})
    execute(connection, "alert_retire_rules", {"kept": sorted(definitions), "now": now})


def last_alerts(connection: Connection, deal_id: int) -> dict[str, LastAlert]:
    """What each rule last told of a deal."""
    rows = fetch_all(connection, "alert_last", {"deal_id": deal_id})
    return {row.rule_id: LastAlert(row.rule_id, row.event, row.payload) for row in rows}


def last_look(connection: Connection, now: datetime) -> datetime | None:
    """When feeds were last looked at before this run, where that is longer ago than a day: the end of an outage."""
    looked_at: datetime | None = fetch_value(connection, "alert_last_look", {"now": now})
    return looked_at if looked_at is not None and looked_at < now - timedelta(days=1) else None


def countries_of(connection: Connection, organisation_ids: Sequence[str]) -> dict[str, str]:
    """The countries of organisations, where they are known."""
    rows = fetch_all(connection, "alert_countries", {"ids": sorted(set(organisation_ids))})
    return {row.organisation_id: row.country for row in rows}


@atomic
def queue(connection: Connection, alerts: Sequence[QueuedAlert], now: datetime) -> int:
    """Write alerts to the outbox; how many were not there yet."""
    new = 0
    for alert in alerts:
        channels = sorted(set(alert.channels))
        if alert.rule_id is not None:
            execute(connection, "alert_name_rule", {"rule_id": alert.rule_id, "now": now})
        execute(connection, "alert_name_channels", {"channels": channels})
        values = {
            "deal_id": alert.deal_id,
            "deal_version": alert.deal_version,
            "rule_id": alert.rule_id,
            "event": alert.event,
            "event_key": alert.event_key,
            "payload": Json(alert.payload),
            "channels": channels,
            "now": now,
        }
        new += fetch_value(connection, "alert_insert", values)
    return new


@atomic
def cancel_deal(connection: Connection, deal_id: int, now: datetime) -> dict[tuple[str, str], LastAlert]:
    """Take back a withdrawn deal's waiting alerts; by rule and channel, what was told already."""
    execute(connection, "alert_cancel_waiting", {"deal_id": deal_id})
    told = fetch_all(connection, "alert_told", {"deal_id": deal_id})
    execute(connection, "alert_cancel", {"deal_id": deal_id, "now": now})
    return {(row.rule_id, row.channel): LastAlert(row.rule_id, row.event, row.payload) for row in told}


def health(connection: Connection) -> list[Row]:
    """Channels with what is stuck in them (the columns of analytics.alert_health)."""
    return fetch_all(connection, "alert_health")


def recent_alerts(connection: Connection, since: datetime, limit: int = 500) -> list[Row]:
    """The newest alerts, with the state of their deliveries."""
    return fetch_all(connection, "alert_recent", {"since": since, "limit": limit})


def count_due(connection: Connection, now: datetime) -> int:
    """How many deliveries could go out now."""
    return int(fetch_value(connection, "alert_count_due", {"now": now}))


@atomic
def release_channel(connection: Connection, channel: str, now: datetime, *, discard: bool = False) -> int:
    """An operator's answer to a storm or a dead channel: send (or drop) what it held; how many alerts."""
    if not execute(connection, "alert_close_circuit", {"channel": channel, "now": now}):
        raise NotFoundError(
            f"no alert was ever queued for a channel named {channel!r}; `dealwire alerts list` names them"
        )
    execute(connection, "alert_unpause", {"channel": channel})
    if discard:
        return execute(connection, "alert_discard_held", {"channel": channel})
    revived = execute(connection, "alert_revive", {"channel": channel, "now": now})
    return revived + execute(connection, "alert_release_held", {"channel": channel, "now": now})


class Outbox:
    """The outbox as one sender sees it. Every step is a transaction of its own; none is open while a message travels.

    A step under a lease that another sender took over raises LeaseLost and changes nothing.
    """

    def __init__(self, connection: Connection, lease_seconds: float = 120.0) -> None:
        self._connection = connection
        self._lease = timedelta(seconds=lease_seconds)

    def register(self, channels: Sequence[str]) -> None:
        """Tell which channels are configured; others keep their alerts and are shown as not configured."""
        execute(self._connection, "alert_register_channels", {"channels": list(channels)})

    def lease(self, channels: Sequence[str], token: UUID, now: datetime) -> str | None:
        """Take one of these channels that has something due; None where there is none to take."""
        return _lease(self._connection, list(channels), token, now, self._lease)

    def state(self, channel: str, since: datetime) -> ChannelState:
        """What was sent to a channel since the start of the storm window."""
        row = fetch_one(self._connection, "alert_channel_state", {"channel": channel, "since": since})
        return ChannelState(**row._asdict())

    def waiting(self, channel: str, now: datetime, limit: int) -> list[Delivery]:
        """What is due, in order."""
        rows = fetch_all(self._connection, "alert_waiting", {"channel": channel, "now": now, "limit": limit})
        return [_delivery(row) for row in rows]

    def begin(
        self, channel: str, token: UUID, message_id: UUID, alert_ids: Sequence[UUID], now: datetime
    ) -> list[Delivery]:
        """Mark a message as being sent, before it is; the alerts that are really in it."""
        return _begin(self._connection, self._held(channel, token, now), message_id, alert_ids)

    def complete(self, channel: str, token: UUID, message_id: UUID, now: datetime) -> None:
        """Record that a message arrived."""
        _complete(self._connection, self._held(channel, token, now), message_id)

    def fail(
        self,
        channel: str,
        token: UUID,
        message_id: UUID,
        failure: Failure,
        now: datetime,
        notices: Sequence[QueuedAlert],
    ) -> int:
        """Record that a message did not arrive, with notices to other channels; how many alerts were given up."""
        return _fail(self._connection, self._held(channel, token, now), message_id, failure, notices)

    def hold(self, channel: str, token: UUID, now: datetime, notices: Sequence[QueuedAlert]) -> int:
        """Open the circuit of a channel: hold what waits, and ask the operator."""
        return _hold(self._connection, self._held(channel, token, now), notices)

    def release(self, channel: str, token: UUID) -> None:
        """Give the channel back."""
        execute(self._connection, "alert_release_lease", {"channel": channel, "token": _uuid(token)})

    def _held(self, channel: str, token: UUID, now: datetime) -> dict[str, Any]:
        return {"channel": channel, "token": _uuid(token), "now": now, "lease": self._lease}


def _uuid(value: UUID) -> str:
    return str(value)


def _delivery(row: Row) -> Delivery:
    message_id = None if row.message_id is None else UUID(str(row.message_id))
    values = row._asdict() | {"alert_id": UUID(str(row.alert_id)), "message_id": message_id}
    return Delivery(**values)


@atomic
def _lease(connection: Connection, channels: list[str], token: UUID, now: datetime, lease: timedelta) -> str | None:
    parameters = {"channels": channels, "token": _uuid(token), "now": now, "lease": lease}
    channel: str | None = fetch_value(connection, "alert_lease_channel", parameters)
    if channel is not None:
        execute(connection, "alert_requeue_interrupted", {"channel": channel})
    return channel


def _renew(connection: Connection, held: Mapping[str, Any]) -> None:
    if fetch_value(connection, "alert_renew_lease", held) is None:
        raise LeaseLost(f"another sender took over channel {held['channel']}; nothing of this step was recorded")


@atomic
def _begin(
    connection: Connection, held: Mapping[str, Any], message_id: UUID, alert_ids: Sequence[UUID]
) -> list[Delivery]:
    _renew(connection, held)
    parameters = {"channel": held["channel"], "message_id": _uuid(message_id)}
    ids = "{" + ",".join(_uuid(alert_id) for alert_id in alert_ids) + "}"
    rows = fetch_all(connection, "alert_begin", parameters | {"alert_ids": ids})
    found = {delivery.alert_id: delivery for delivery in map(_delivery, rows)}
    return [found[alert_id] for alert_id in alert_ids if alert_id in found]


@atomic
def _complete(connection: Connection, held: Mapping[str, Any], message_id: UUID) -> None:
    _renew(connection, held)
    parameters = {"channel": held["channel"], "message_id": _uuid(message_id), "now": held["now"]}
    execute(connection, "alert_complete", parameters)
    execute(connection, "alert_channel_worked", parameters)


@atomic
def _fail(
    connection: Connection,
    held: Mapping[str, Any],
    message_id: UUID,
    failure: Failure,
    notices: Sequence[QueuedAlert],
) -> int:
    _renew(connection, held)
    parameters = {
        "channel": held["channel"],
        "message_id": _uuid(message_id),
        "now": held["now"],
        "error": failure.error,
        "unsure": failure.unsure,
        "next_attempt_at": failure.next_attempt_at,
        "give_up_before": failure.give_up_before,
        "whole_channel": failure.pause,
        "pause": failure.pause,
    }
    execute(connection, "alert_retry", parameters)
    dead = execute(connection, "alert_give_up", parameters)
    execute(connection, "alert_channel_failed", parameters)
    queue(connection, notices, held["now"])
    return dead


@atomic
def _hold(connection: Connection, held: Mapping[str, Any], notices: Sequence[QueuedAlert]) -> int:
    _renew(connection, held)
    count = execute(connection, "alert_hold", {"channel": held["channel"]})
    if execute(connection, "alert_open_circuit", {"channel": held["channel"], "now": held["now"]}):
        queue(connection, notices, held["now"])
    return count
