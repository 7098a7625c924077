"""From a changed deal to a sent message, on the real outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from alert_database import put_deal, queue_alerts, send_alerts
from alert_samples import NOW, change, deal

from dealwire.alerts.channels import open_channels
from dealwire.store.alerts import health
from dealwire.store.database import Connection, transaction


def test_a_new_deal_is_logged_once(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    put_deal(connection, 1)
    with transaction(connection):
        assert queue_alerts(connection, change()) == 1
    channels = open_channels([], now=lambda: NOW)
    assert send_alerts(connection, channels, lambda: NOW).messages == 1
    assert send_alerts(connection, channels, lambda: NOW).messages == 0
    assert queue_alerts(connection, change()) == 0
    lines = [record.getMessage() for record in caplog.records if "OpenAI buys" in record.getMessage()]
    assert lines == ["alert: $38bn over 7 years: OpenAI buys compute from Amazon Web Services"]
    assert [(row.channel, row.state, row.sent_last_day) for row in health(connection)] == [("log", "ok", 0)]


def test_a_rolled_back_deal_alerts_nobody(connection: Connection) -> None:
    put_deal(connection, 1)
    with pytest.raises(RuntimeError), transaction(connection):
        queue_alerts(connection, change())
        raise RuntimeError
    assert send_alerts(connection, open_channels([], now=lambda: NOW), lambda: NOW).messages == 0


def test_a_changed_value_tells_what_it_was(connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    put_deal(connection, 1)
    later: datetime = NOW + timedelta(hours=1)
    grown = deal(amount=Decimal(50_000_000_000), last_reported_at=later)
    queue_alerts(connection, change())
    assert queue_alerts(connection, change(grown, change().after, version=2), later) == 1
    send_alerts(connection, open_channels([], now=lambda: later), lambda: later)
    assert caplog.records[-1].getMessage().startswith("alert: $50bn over 7 years (was $38bn): OpenAI buys")
