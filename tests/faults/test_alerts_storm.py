"""Too much, too old, or no longer true: L5, L11, L12."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alert_database import put_deal, queue_alerts, send_alerts
from alert_samples import NOW, change, deal
from receivers import Answer, Receiver, receiver

from dealwire.alerts.channels import open_channels
from dealwire.deal_model import DealChange
from dealwire.store.alerts import health, release_channel
from dealwire.store.database import Connection, transaction


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def queue_deals(connection: Connection, first: int, last: int, at: datetime, address: str) -> None:
    put_deal(connection, first, last)
    with transaction(connection):
        for deal_id in range(first, last + 1):
            fresh = deal(amount=Decimal(deal_id * 10**9), first_reported_at=at, last_reported_at=at)
            queue_alerts(connection, change(fresh, deal_id=deal_id), at, [address])


def send_at(connection: Connection, address: str, at: datetime) -> None:
    send_alerts(connection, open_channels([address], now=lambda: at), lambda: at)


@pytest.mark.fault("L5")
def test_a_thousand_deals_at_once_are_one_question_to_the_operator(connection: Connection, hook: Receiver) -> None:
    address = hook.webhook()
    queue_deals(connection, 1, 1000, NOW, address)
    for minute in range(30):
        send_at(connection, address, NOW + timedelta(minutes=minute))
    (only,) = [request.document for request in hook.requests]
    assert (only["notice"], only["details"]["n"]) == ("circuit_open", 1000)
    (line,) = health(connection)
    assert (line.state, line.held, line.undelivered) == ("circuit_open", 1000, 0)
    later = NOW + timedelta(hours=1)
    assert release_channel(connection, "webhook-1", later) == 1000
    send_at(connection, address, later)
    assert len(hook.requests) == 2
    assert len(hook.requests[1].document["alerts"]) == 1000
    assert health(connection)[0].state == "ok"


@pytest.mark.fault("L5")
def test_a_thousand_deals_over_ten_minutes_are_at_most_ten_messages(connection: Connection, hook: Receiver) -> None:
    address = hook.webhook()
    for step in range(20):
        at = NOW + timedelta(seconds=30 * step)
        queue_deals(connection, step * 50 + 1, step * 50 + 50, at, address)
        send_at(connection, address, at)
    assert len(hook.requests) <= 10
    told = sum(
        len(request.document.get("alerts", [1])) for request in hook.requests if "notice" not in request.document
    )
    assert told + health(connection)[0].held == 1000


@pytest.mark.fault("L5")
def test_more_than_five_are_a_digest_and_the_next_ones_wait(connection: Connection, hook: Receiver) -> None:
    address = hook.webhook()
    queue_deals(connection, 1, 5, NOW, address)
    send_at(connection, address, NOW)
    assert len(hook.requests) == 5
    queue_deals(connection, 6, 8, NOW, address)
    send_at(connection, address, NOW + timedelta(minutes=1))
    assert [alert["deal"]["deal_id"] for alert in hook.requests[-1].document["alerts"]] == [6, 7, 8]
    queue_deals(connection, 9, 10, NOW + timedelta(minutes=2), address)
    send_at(connection, address, NOW + timedelta(minutes=3))
    assert len(hook.requests) == 6
    send_at(connection, address, NOW + timedelta(minutes=11))
    assert [request.document["deal"]["deal_id"] for request in hook.requests[6:]] == [9, 10]


@pytest.mark.fault("L5")
def test_a_digest_that_failed_comes_again_with_the_same_contents_and_key(
    connection: Connection, hook: Receiver
) -> None:
    address = hook.webhook()
    hook.answer = lambda request: Answer(503)
    queue_deals(connection, 1, 7, NOW, address)
    send_at(connection, address, NOW)
    queue_deals(connection, 8, 8, NOW, address)
    hook.answer = lambda request: Answer()
    send_at(connection, address, NOW + timedelta(minutes=1))
    first, second, third = hook.requests
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert third.document["deal"]["deal_id"] == 8


def test_an_operator_can_drop_a_storm(connection: Connection, hook: Receiver) -> None:
    address = hook.webhook()
    queue_deals(connection, 1, 101, NOW, address)
    send_at(connection, address, NOW)
    assert release_channel(connection, "webhook-1", NOW, discard=True) == 101
    queue_deals(connection, 102, 102, NOW + timedelta(seconds=1), address)
    send_at(connection, address, NOW + timedelta(minutes=1))
    assert [request.document.get("deal", {}).get("deal_id") for request in hook.requests] == [None, 102]


@pytest.mark.fault("L11")
@pytest.mark.parametrize(("hours", "alerts"), [(0, 1), (23, 1), (25, 0), (2000, 0)])
def test_old_news_of_a_new_feed_never_alerts(connection: Connection, hours: int, alerts: int) -> None:
    put_deal(connection, 1)
    reported = NOW - timedelta(hours=hours)
    found = change(deal(first_reported_at=reported, last_reported_at=reported))
    assert queue_alerts(connection, found) == alerts
    again = change(deal(first_reported_at=reported, source_count=9), found.after, version=2)
    assert queue_alerts(connection, again) == 0


def withdrawal(told: DealChange, **values: object) -> DealChange:
    gone = deal(source_count=0) if "merged_into" not in values else told.after
    return change(gone, told.after, version=told.version + 1, cause="retracted", **values)


@pytest.mark.fault("L12")
@pytest.mark.parametrize("values", [{}, {"merged_into": 2}], ids=["retracted", "merged"])
def test_a_queued_alert_of_a_withdrawn_deal_is_cancelled(
    connection: Connection, hook: Receiver, values: dict[str, object]
) -> None:
    put_deal(connection, 1, 2)
    queue_alerts(connection, change(), NOW, [hook.webhook()])
    assert queue_alerts(connection, withdrawal(change(), **values), NOW, [hook.webhook()]) == 0
    send_at(connection, hook.webhook(), NOW)
    assert hook.requests == []
    assert health(connection)[0].undelivered == 0


@pytest.mark.fault("L12")
@pytest.mark.parametrize("values", [{}, {"merged_into": 2}], ids=["retracted", "merged"])
def test_a_sent_alert_of_a_withdrawn_deal_is_corrected_once_where_it_was_told(
    connection: Connection, hook: Receiver, values: dict[str, object]
) -> None:
    with receiver() as down:
        put_deal(connection, 1, 2)
        down.answer = lambda request: Answer(503)
        addresses = [f"up={hook.webhook()}", f"down={down.webhook()}"]
        queue_alerts(connection, change(), NOW, addresses)
        channels = open_channels(addresses, now=lambda: NOW)
        send_alerts(connection, channels, lambda: NOW)
        assert queue_alerts(connection, withdrawal(change(), **values), NOW, addresses) == 1
        assert queue_alerts(connection, withdrawal(change(), **values), NOW, addresses) == 0
        later = NOW + timedelta(hours=1)
        down.answer = lambda request: Answer()
        send_alerts(connection, channels, lambda: later)
        told = [request.document for request in hook.requests]
        assert [document["event"] for document in told] == ["new", "correction"]
        assert told[1]["merged_into"] == values.get("merged_into")
        assert len(down.requests) == 1


@pytest.mark.fault("L12")
def test_what_may_have_arrived_is_corrected_too(connection: Connection, hook: Receiver) -> None:
    put_deal(connection, 1)
    queue_alerts(connection, change(), NOW, [hook.webhook()])
    hook.answer = lambda request: Answer(reset=True)
    send_at(connection, hook.webhook(), NOW)
    assert queue_alerts(connection, withdrawal(change()), NOW, [hook.webhook()]) == 1
    hook.answer = lambda request: Answer()
    send_at(connection, hook.webhook(), NOW + timedelta(hours=1))
    assert [request.document["event"] for request in hook.requests] == ["new", "correction"]


@pytest.mark.fault("L11")
def test_the_news_of_an_outage_is_not_old(connection: Connection) -> None:
    put_deal(connection, 1, 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH f AS (INSERT INTO news.feed (url, title, publisher, next_poll_at, created_at) "
            "VALUES ('https://a.example/f', 'a', 'a', now(), now()) RETURNING feed_id) "
            "INSERT INTO news.feed_fetch (feed_id, fetched_at, outcome, next_poll_at) "
            "SELECT f.feed_id, t, 'ok', t FROM f, unnest(%s::timestamptz[]) AS t",
            ([NOW - timedelta(days=3), NOW - timedelta(minutes=5)],),
        )
    missed, older = (NOW - timedelta(days=days) for days in (3.5, 5))
    assert queue_alerts(connection, change(deal(first_reported_at=missed))) == 1
    assert queue_alerts(connection, change(deal(first_reported_at=older), deal_id=2)) == 0


def test_a_rule_on_countries_knows_where_organisations_are(connection: Connection, tmp_path: Path) -> None:
    put_deal(connection, 1, 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deal.organisation (organisation_id, name, type, country) VALUES ('aws', 'AWS', 'x', 'US')"
        )
    for deal_id, (country, alerts) in enumerate([("FR", 0), ("US", 1)], 1):
        rules = tmp_path / f"{country}.toml"
        rules.write_text(f'[[rule]]\nid = "here"\ncountries = ["{country}"]\nroles = ["provider"]\n', "utf-8")
        assert queue_alerts(connection, change(deal_id=deal_id), alert_rules=rules) == alerts
