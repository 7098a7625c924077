"""The stages as the DAGs and the command line run them: select, send, digest, health."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from alert_database import put_deal, queue_alerts, settings
from alert_samples import COMPUTE, NOW, change, deal
from receivers import Answer, receiver

from dealwire.context import Runtime
from dealwire.errors import DealwireError, SettingsError
from dealwire.stages.alerting import alerts_are_due, queue_digest, send_alerts
from dealwire.store.alerts import release_channel
from dealwire.store.database import Connection
from dealwire.store.deals import write_deal


def runtime(connection: Connection, addresses: list[str], now: datetime, allow: str = "") -> Runtime:
    return Runtime(settings(addresses, allow_net=frozenset({allow})), connection, lambda: now)


def test_twice_of_everything_sends_nothing_twice(connection: Connection) -> None:
    with receiver() as hook:
        addresses = [hook.webhook()]
        change_of_deal = write_deal(connection, None, COMPUTE, "reported", [], [], NOW, NOW)
        assert change_of_deal is not None
        for hours in (0, 1, 30):
            at = NOW + timedelta(hours=hours)
            assert queue_alerts(connection, change_of_deal, at, addresses) == (1 if hours == 0 else 0)
            run = runtime(connection, addresses, at, hook.address)
            assert alerts_are_due(run) is (hours == 0)
            assert send_alerts(run)["messages"] == (1 if hours == 0 else 0)
        assert len(hook.requests) == 1


@pytest.mark.fault("L10")
def test_a_private_address_is_refused_unless_it_is_named(connection: Connection) -> None:
    with receiver() as hook:
        addresses = [hook.webhook(), f"json://{hook.address}/in"]
        put_deal(connection, 1)
        queue_alerts(connection, change(), NOW, addresses)
        assert send_alerts(runtime(connection, addresses, NOW))["failed"] == 2
        assert hook.requests == []
        later = NOW + timedelta(hours=1)
        assert send_alerts(runtime(connection, addresses, later, hook.address))["messages"] == 2


@pytest.mark.fault("L1")
def test_the_run_is_red_while_a_channel_is_dead(connection: Connection) -> None:
    with receiver() as hook:
        addresses = [hook.webhook()]
        put_deal(connection, 1)
        queue_alerts(connection, change(), NOW, addresses)
        hook.answer = lambda request: Answer(500)
        late = runtime(connection, addresses, NOW + timedelta(hours=73), hook.address)
        for _ in range(2):
            with pytest.raises(DealwireError, match="alerts for webhook-1 were given up after 72 hours"):
                send_alerts(late)
        hook.answer = lambda request: Answer()
        release_channel(connection, "webhook-1", late.now())
        assert send_alerts(late)["messages"] == 1


@pytest.mark.fault("L8")
def test_a_wrong_channel_stops_the_stage_before_anything_is_sent(connection: Connection) -> None:
    with receiver() as hook:
        put_deal(connection, 1)
        queue_alerts(connection, change(), NOW, [hook.webhook()])
        with pytest.raises(SettingsError, match=r"alert channel slack-1 \(slack://\*\*\*\)"):
            send_alerts(runtime(connection, [hook.webhook(), "slack://wr0ng"], NOW, hook.address))
        assert hook.requests == []


def test_the_digest_of_a_day_is_sent_once(connection: Connection) -> None:
    with receiver() as hook:
        addresses = [hook.webhook()]
        for billions in (2, 9):
            record = deal(amount=Decimal(billions * 10**9), headline=f"deal of {billions}")
            write_deal(connection, None, record, "reported", [], [], NOW, NOW)
        morning = runtime(connection, addresses, NOW + timedelta(hours=16), hook.address)
        for _ in range(2):
            queue_digest(morning)
            send_alerts(morning)
        (request,) = hook.requests
        assert (request.document["notice"], request.document["day"]) == ("daily", "2025-11-03")
        assert sorted(alert["deal"]["amount"] for alert in request.document["alerts"]) == [2 * 10**9, 9 * 10**9]
