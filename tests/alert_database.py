"""Deals as rows, as far as the outbox refers to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from alert_samples import NOW

from dealwire.alerts.delivery import Channel
from dealwire.alerts.send import Sent, send_due
from dealwire.alerts.storm import Limits
from dealwire.deal_model import DealChange
from dealwire.runtime import Runtime
from dealwire.settings import Settings, load_settings
from dealwire.stages import alerting
from dealwire.store.alerts import Outbox
from dealwire.store.database import Connection

SETTINGS = load_settings({}, Path(__file__).resolve().parent)
UNLIMITED = Limits(singles=10**9, circuit=10**9)

_PUT = """INSERT INTO deal.deal (deal_id, kind, status, confidence, headline, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT id, 'compute_contract', 'announced', 0.9, 'deal ' || id, now(), now()
FROM generate_series(%s::bigint, %s::bigint) AS id"""


def put_deal(connection: Connection, first: int, last: int | None = None) -> None:
    """Write the deals from `first` to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT, (first, last or first))


def settings(addresses: Sequence[str], **values: object) -> Settings:
    """Settings with these channels."""
    return dataclasses.replace(SETTINGS, alert_urls=tuple(addresses), **values)  # type: ignore[arg-type]


def queue_alerts(
    connection: Connection, change: DealChange, now: datetime = NOW, addresses: Sequence[str] = (), **values: object
) -> int:
    """Queue a change as the pipeline does."""
    runtime = Runtime(settings(addresses, **values), connection, lambda: now)
    return alerting.queue_alerts(runtime, change, now)


def send_alerts(
    connection: Connection, channels: Sequence[Channel], now: Callable[[], datetime], limits: Limits | None = None
) -> Sent:
    """Send what is due."""
    return send_due(Outbox(connection), channels, now, limits)
