"""Senders that die, race or lose PostgreSQL: L3, L4. Processes, kill -9 and receivers are real."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from alert_database import UNLIMITED, put_deal, queue_alerts, send_alerts
from alert_samples import NOW, change
from receivers import Answer, Mailbox, Receiver, mailbox, receiver

from dealwire.alerts.channels import open_channels
from dealwire.alerts.delivery import Outcome, Outgoing
from dealwire.errors import LeaseLost, StoreError
from dealwire.store.alerts import Outbox, health
from dealwire.store.database import Connection, connect

SENDER = Path(__file__).resolve().parents[1] / "alert_sender.py"
SAFE = ["before_begin", "after_complete"]
IN_DOUBT = ["after_begin", "after_send"]


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def queue_deals(connection: Connection, count: int, addresses: list[str]) -> None:
    put_deal(connection, 1, count)
    for deal_id in range(1, count + 1):
        queue_alerts(connection, change(deal_id=deal_id), NOW, addresses)


def run_senders(dsn: str, addresses: list[str], points: list[str] | list[list[str]]) -> list[str]:
    command = [sys.executable, str(SENDER), dsn, json.dumps(addresses), json.dumps(points)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.split()


@pytest.mark.fault("L3")
def test_a_kill_loses_nothing_and_repeats_at_most_the_message_in_doubt(
    connection: Connection, database_url: str, hook: Receiver
) -> None:
    queue_deals(connection, 6, [hook.webhook()])
    points = ["before_begin", "after_complete", "after_begin", "after_send"]
    assert run_senders(database_url, [hook.webhook()], [*points, "never"]) == ["killed"] * 4 + ["ended"]
    documents = [request.document for request in hook.requests]
    # after_complete sent 1; after_begin left 2 in doubt, unsent; after_send sent 2 and left it in doubt; the rest is 6
    assert [document["deal"]["deal_id"] for document in documents] == [1, 2, 2, 3, 4, 5, 6]
    assert [document["possible_repeat"] for document in documents] == [False, True, True] + [False] * 4
    assert all(request.headers["Idempotency-Key"] == request.document["alert_id"] for request in hook.requests)
    assert documents[1]["alert_id"] == documents[2]["alert_id"]


@pytest.mark.fault("L3")
def test_mail_says_that_it_may_be_a_repeat(connection: Connection, database_url: str, mail: Mailbox) -> None:
    queue_deals(connection, 1, [mail.address])
    assert run_senders(database_url, [mail.address], ["after_send", "never"]) == ["killed", "ended"]
    first, second = mail.messages
    assert str(second["Subject"]) == f"[Possible repeat] {first['Subject']}"
    assert "you may have this message already" in second.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.fault("L3")
def test_many_kills_at_any_moment_lose_nothing(connection: Connection, database_url: str, hook: Receiver) -> None:
    count, kills = 100, 6
    queue_deals(connection, count, [hook.webhook()])
    hook.answer = lambda request: Answer(slow=0.005)
    chance = random.Random(6)
    points = [chance.choice([*SAFE, *IN_DOUBT, f"{chance.uniform(0.05, 0.25):.3f}"]) for _ in range(kills)]
    ended = run_senders(database_url, [hook.webhook()], [*points, "never"])
    arrived = Counter(request.headers["Idempotency-Key"] for request in hook.requests)
    repeats = sum(arrived.values()) - len(arrived)
    assert len(arrived) == count
    assert repeats <= ended.count("killed")
    marked = {request.document["alert_id"] for request in hook.requests if request.document["possible_repeat"]}
    assert {key for key, times in arrived.items() if times > 1} <= marked
    assert len(marked) <= kills


@pytest.mark.fault("L3")
def test_postgresql_that_breaks_while_a_message_travels_repeats_it_once(
    connection: Connection, database_url: str, hook: Receiver
) -> None:
    queue_deals(connection, 2, [hook.webhook()])
    (channel,) = open_channels([hook.webhook()], now=lambda: NOW)
    sender = connect(database_url)
    backend = sender.info.backend_pid

    def deliver(message: Outgoing) -> Outcome:
        outcome = channel.deliver(message)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
        return outcome

    with pytest.raises(StoreError):
        send_alerts(sender, [replace(channel, deliver=deliver)], lambda: NOW, UNLIMITED)
    later = NOW.replace(hour=20)
    assert send_alerts(connection, [channel], lambda: later, UNLIMITED).possible_repeats == 1
    assert [request.document["deal"]["deal_id"] for request in hook.requests] == [1, 1, 2]
    assert [request.document["possible_repeat"] for request in hook.requests] == [False, True, False]


@pytest.mark.fault("L3", "B12")
def test_a_sender_that_was_asleep_records_nothing_over_another(connection: Connection, hook: Receiver) -> None:
    queue_deals(connection, 1, [hook.webhook()])
    outbox = Outbox(connection, lease_seconds=60)
    sleeper, other = uuid4(), uuid4()
    assert outbox.lease(["webhook-1"], sleeper, NOW) == "webhook-1"
    (delivery,) = outbox.waiting("webhook-1", NOW, 10)
    outbox.begin("webhook-1", sleeper, delivery.alert_id, [delivery.alert_id], NOW)
    later = NOW.replace(hour=20)
    assert outbox.lease(["webhook-1"], other, later) is None  # a clock that runs ahead takes nothing over
    with connection.cursor() as cursor:
        cursor.execute("UPDATE alert.channel SET leased_until = now()")  # as two minutes later
    assert outbox.lease(["webhook-1"], other, later) == "webhook-1"
    with pytest.raises(LeaseLost):
        outbox.complete("webhook-1", sleeper, delivery.alert_id, later)
    assert [d.possible_repeat for d in outbox.waiting("webhook-1", later, 10)] == [True]


@pytest.mark.fault("L4")
@pytest.mark.parametrize(("rows", "receivers"), [(250, 4), (100, 1)])
def test_four_senders_at_once_send_each_alert_once(
    connection: Connection, database_url: str, hook: Receiver, rows: int, receivers: int
) -> None:
    addresses = [hook.webhook(path=f"/{number}") for number in range(receivers)]
    queue_deals(connection, rows, addresses)
    assert run_senders(database_url, addresses, [["never"] * 4]) == ["ended"] * 4
    arrived = Counter((request.path, request.headers["Idempotency-Key"]) for request in hook.requests)
    assert set(arrived.values()) == {1}
    assert len(arrived) == rows * receivers
    for path in {request.path for request in hook.requests}:
        order = [request.document["deal"]["deal_id"] for request in hook.requests if request.path == path]
        assert order == sorted(order)
    assert {(row.undelivered, row.dead) for row in health(connection)} == {(0, 0)}


def test_an_alert_is_not_visible_before_its_deal(connection: Connection, database_url: str, hook: Receiver) -> None:
    writer = psycopg2.connect(database_url)
    with writer.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deal.deal (deal_id, kind, status, confidence, headline, created_at, updated_at) "
            "OVERRIDING SYSTEM VALUE VALUES (1, 'power', 'announced', 1, 'x', now(), now())"
        )
    queue_alerts(writer, change(), NOW, [hook.webhook()])
    channels = open_channels([hook.webhook()], now=lambda: NOW)
    assert send_alerts(connection, channels, lambda: NOW).messages == 0
    writer.commit()
    assert send_alerts(connection, channels, lambda: NOW).messages == 1
    writer.close()
