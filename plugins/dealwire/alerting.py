"""Alerts on the database: the alert stage and the store connected, for the pipeline, the DAGs and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dealwire.alerts.delivery import Channel
from dealwire.alerts.matching import NO_COUNTRIES, withdrawn
from dealwire.alerts.outbox import corrections, events_for
from dealwire.alerts.rules import Rule
from dealwire.alerts.send import Sent, send_due
from dealwire.alerts.storm import Limits
from dealwire.deal_model import DealChange
from dealwire.store.alerts import Outbox, cancel_deal, last_alerts, queue
from dealwire.store.database import Connection, atomic


@atomic
def queue_alerts(
    connection: Connection,
    change: DealChange,
    rules: Sequence[Rule],
    channels: Sequence[str],
    now: datetime,
    *,
    country_of: Mapping[str, str] = NO_COUNTRIES,
    last_run_at: datetime | None = None,
) -> int:
    """Queue what a change is worth, in the transaction that writes the deal; how many alerts are new.

    `channels` are names (alerts.channels.channel_names). `last_run_at` is when feeds were last polled before now, so
    that the news of an outage is not taken for old; `country_of` gives an organisation's country.
    """
    if withdrawn(change):
        told = cancel_deal(connection, change.deal_id, now)
        return queue(connection, corrections(change, told, rules), now)
    last = last_alerts(connection, change.deal_id)
    alerts = events_for(change, rules, channels, last, now, country_of=country_of, last_run_at=last_run_at)
    return queue(connection, alerts, now)


def send_alerts(
    connection: Connection,
    channels: Sequence[Channel],
    now: Callable[[], datetime],
    limits: Limits | None = None,
    lease_seconds: float = 120.0,
) -> Sent:
    """Send everything that is due. The connection must be outside a transaction."""
    return send_due(Outbox(connection, lease_seconds), channels, now, limits)
