"""Receivers that fail: L1, L2, L7, L10. The clock is the test's; servers and database are real."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from alert_database import UNLIMITED, put_deal, queue_alerts, send_alerts
from alert_samples import NOW, change
from receivers import Answer, Mailbox, Receiver, free_port, mailbox, receiver

from dealwire.alerts.channels import open_channels
from dealwire.store.alerts import health, release_channel
from dealwire.store.database import Connection


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def queue_deals(connection: Connection, count: int, addresses: list[str], first: int = 1) -> None:
    put_deal(connection, first, first + count - 1)
    for deal_id in range(first, first + count):
        queue_alerts(connection, change(deal_id=deal_id), NOW, addresses)


@pytest.mark.fault("L1")
@pytest.mark.parametrize("answer", [Answer(500), Answer(503), Answer(reset=True), Answer(slow=1)], ids=str)
def test_a_receiver_that_is_down_is_tried_for_72_hours_and_told_elsewhere(
    connection: Connection, clock: Clock, hook: Receiver, answer: Answer
) -> None:
    with receiver() as other:
        addresses = [f"down={hook.webhook()}", f"up={other.webhook()}"]
        hook.answer = lambda request: answer
        channels = open_channels(addresses[:1], now=clock, seconds=0.15) + open_channels(addresses[1:], now=clock)
        queue_deals(connection, 1, addresses)
        other.requests.clear()
        times = []
        while (clock.at - NOW) < timedelta(hours=90):
            before = len(hook.requests)
            send_alerts(connection, channels, clock)
            times += [clock.at] * (len(hook.requests) - before)
            state = {row.channel: row for row in health(connection)}["down"]
            if state.dead:
                break
            assert state.paused_until > clock.at
            clock.at = state.paused_until if len(times) < 9 else clock.at + timedelta(hours=8)
        waits = [(later - earlier).total_seconds() / 60 for earlier, later in itertools.pairwise(times)]
        assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
        assert timedelta(hours=72) <= times[-1] - NOW <= timedelta(hours=82)
        assert [row.state for row in health(connection)] == ["dead", "ok"]
        told = [request.document for request in other.requests]
        assert [document.get("notice") for document in told] == [None, "channel_failing", "channel_dead"]
        assert all(document["details"]["channel"] == "down" for document in told[1:])


@pytest.mark.fault("L1")
def test_a_dead_channel_that_is_repaired_sends_what_it_gave_up(
    connection: Connection, clock: Clock, hook: Receiver
) -> None:
    hook.answer = lambda request: Answer(500)
    channels = open_channels([hook.webhook()], now=clock)
    queue_deals(connection, 1, [hook.webhook()])
    clock.at += timedelta(hours=80)
    assert send_alerts(connection, channels, clock).dead == 1
    hook.answer = lambda request: Answer()
    assert send_alerts(connection, channels, clock).messages == 0
    assert release_channel(connection, "webhook-1", clock()) == 1
    assert send_alerts(connection, channels, clock).messages == 1
    assert [row.state for row in health(connection)] == ["ok"]


@pytest.mark.fault("L1")
def test_queueing_never_waits_for_a_receiver(connection: Connection, clock: Clock) -> None:
    put_deal(connection, 1)
    nobody = f"dealwire+http://:0123456789abcdef@127.0.0.1:{free_port()}/"
    assert queue_alerts(connection, change(), NOW, [nobody]) == 1
    sent = send_alerts(connection, open_channels([nobody], now=clock), clock)
    assert (sent.failed, sent.possible_repeats) == (1, 0)
    assert "no connection" in health(connection)[0].last_error


@pytest.mark.fault("L2")
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed_and_the_order_is_kept(
    connection: Connection, clock: Clock, hook: Receiver, form: str
) -> None:
    until = NOW + timedelta(minutes=10)
    header = "600" if form == "seconds" else until.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    hook.answer = lambda request: Answer(429, {"Retry-After": header})
    channels = open_channels([hook.webhook()], now=clock)
    queue_deals(connection, 3, [hook.webhook()])
    send_alerts(connection, channels, clock)
    assert len(hook.requests) == 1
    for minutes in (1, 5, 9):
        clock.at = NOW + timedelta(minutes=minutes)
        send_alerts(connection, channels, clock)
    assert len(hook.requests) == 1
    hook.answer = lambda request: Answer()
    clock.at = until
    send_alerts(connection, channels, clock)
    assert [request.document["deal"]["deal_id"] for request in hook.requests] == [1, 1, 2, 3]
    assert len({request.headers["Idempotency-Key"] for request in hook.requests}) == 3


@pytest.mark.fault("L2")
@pytest.mark.parametrize("header", ["-5", "soon", "Mon, 01 Jan 1990 00:00:00 GMT", "9" * 30, ""])
def test_a_senseless_retry_after_leaves_our_own_back_off(
    connection: Connection, clock: Clock, hook: Receiver, header: str
) -> None:
    hook.answer = lambda request: Answer(429, {"Retry-After": header})
    queue_deals(connection, 1, [hook.webhook()])
    send_alerts(connection, open_channels([hook.webhook()], now=clock), clock)
    assert health(connection)[0].paused_until == NOW + timedelta(minutes=1)


@pytest.mark.fault("L2")
def test_a_retry_after_of_years_is_a_day(connection: Connection, clock: Clock, hook: Receiver) -> None:
    hook.answer = lambda request: Answer(503, {"Retry-After": "315360000"})
    queue_deals(connection, 1, [hook.webhook()])
    send_alerts(connection, open_channels([hook.webhook()], now=clock), clock)
    assert health(connection)[0].paused_until == NOW + timedelta(days=1)


@pytest.mark.fault("L2")
def test_retry_after_is_obeyed_for_apprise_too(connection: Connection, clock: Clock, hook: Receiver) -> None:
    hook.answer = lambda request: Answer(429, {"Retry-After": "1800"})
    address = f"json://{hook.address}/in"
    queue_deals(connection, 1, [address])
    send_alerts(connection, open_channels([address], now=clock), clock)
    assert health(connection)[0].paused_until == NOW + timedelta(minutes=30)
    assert health(connection)[0].last_error == "HTTP 429"


def test_a_message_that_one_receiver_refuses_does_not_stop_the_others(
    connection: Connection, clock: Clock, hook: Receiver
) -> None:
    hook.answer = lambda request: Answer(400 if request.document["deal"]["deal_id"] == 1 else 200)
    queue_deals(connection, 3, [hook.webhook()])
    sent = send_alerts(connection, open_channels([hook.webhook()], now=clock), clock)
    assert (sent.messages, sent.failed) == (2, 1)


@pytest.mark.fault("L7")
def test_only_the_channel_that_failed_is_tried_again(
    connection: Connection, clock: Clock, hook: Receiver, mail: Mailbox
) -> None:
    addresses = [hook.webhook(), mail.address]
    mail.refuse = "451 later"
    queue_deals(connection, 1, addresses)
    channels = open_channels(addresses, now=clock)
    first = send_alerts(connection, channels, clock)
    assert (first.messages, first.failed) == (1, 1)
    mail.refuse = None
    clock.at += timedelta(minutes=1)
    second = send_alerts(connection, channels, clock)
    assert (second.messages, second.failed) == (1, 0)
    assert (len(hook.requests), len(mail.raw)) == (1, 1)


@pytest.mark.fault("L10")
@pytest.mark.parametrize("form", ["webhook", "json"])
def test_a_redirect_of_a_receiver_is_not_followed(
    connection: Connection, clock: Clock, hook: Receiver, form: str
) -> None:
    with receiver() as inner:
        target = f"http://{inner.address}/latest/meta-data/"
        hook.answer = lambda request: Answer(307, {"Location": target})
        address = hook.webhook() if form == "webhook" else f"json://{hook.address}/in"
        queue_deals(connection, 1, [address])
        sent = send_alerts(connection, open_channels([address], now=clock), clock)
        assert (sent.messages, sent.failed, len(hook.requests), inner.requests) == (0, 1, 1, [])
        assert "redirects" in health(connection)[0].last_error


@pytest.mark.fault("L10")
@pytest.mark.parametrize("form", ["webhook", "json", "mail"])
def test_an_address_that_the_guard_refuses_gets_nothing(
    connection: Connection, clock: Clock, hook: Receiver, mail: Mailbox, form: str
) -> None:
    address = {"webhook": hook.webhook(), "json": f"json://{hook.address}/in", "mail": mail.address}[form]
    asked = []

    def guard(host: str, port: int) -> bool:
        asked.append((host, port))
        return False

    queue_deals(connection, 1, [address])
    sent = send_alerts(connection, open_channels([address], now=clock, is_allowed=guard), clock)
    assert (sent.failed, hook.requests, mail.raw) == (1, [], [])
    assert asked[0] == ("127.0.0.1", mail.port if form == "mail" else hook.port)


@pytest.mark.fault("L10")
def test_each_address_of_a_receivers_name_is_checked(connection: Connection, clock: Clock, hook: Receiver) -> None:
    address = hook.webhook().replace("127.0.0.1", "localhost")
    queue_deals(connection, 1, [address])
    channels = open_channels([address], now=clock, is_allowed=lambda host, port: host == "localhost")
    assert send_alerts(connection, channels, clock, UNLIMITED).failed == 1
    assert hook.requests == []


def test_the_environments_proxy_and_passwords_are_not_used(
    connection: Connection, clock: Clock, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        addresses = [f"json://{hook.address}/in", hook.webhook()]
        queue_deals(connection, 1, addresses)
        assert send_alerts(connection, open_channels(addresses, now=clock), clock).messages == 2
        assert proxy.requests == []
