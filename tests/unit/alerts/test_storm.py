"""How many messages a channel gets, whatever comes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from alert_samples import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwire.alert_model import AlertEvent, ChannelState, Delivery
from dealwire.alerts.storm import Limits, next_attempt, plan

LIMITS = Limits()


def waiting(count: int, event: AlertEvent = "new", first: int = 0, message_id: UUID | None = None) -> list[Delivery]:
    return [Delivery(UUID(int=number), event, {}, NOW, 0, message_id, False) for number in range(first, first + count)]


def state(alerts: int = 0, singles: int = 0, digests: int = 0, *, is_open: bool = False) -> ChannelState:
    return ChannelState("c", 0, None, is_open, alerts, singles, digests)


@pytest.mark.parametrize(
    ("count", "before", "messages", "hold"),
    [
        (0, state(), [], False),
        (5, state(5), [1, 1, 1, 1, 1], False),
        (6, state(6), [6], False),
        (1, state(6, singles=5), [1], False),
        (1, state(7, singles=5, digests=1), [], False),
        (2, state(9, digests=1), [1, 1], False),
        (100, state(100), [100], False),
        (101, state(101), [], True),
        (1, state(1, is_open=True), [], True),
    ],
)
def test_singles_then_one_digest_then_a_question(
    count: int, before: ChannelState, messages: list[int], hold: bool
) -> None:
    planned = plan(waiting(count), before, LIMITS)
    assert [len(message.alert_ids) for message in planned.messages] == messages
    assert planned.hold is hold


def test_notices_and_messages_under_way_pass_a_storm() -> None:
    under_way = waiting(1, first=5, message_id=UUID(int=5)) + waiting(3, first=6, message_id=UUID(int=99))
    planned = plan(waiting(1, "notice", first=1) + under_way + waiting(200, first=20), state(300), LIMITS)
    assert planned.hold
    assert [(len(m.alert_ids), m.message_id, m.digest) for m in planned.messages] == [
        (1, None, False),
        (1, UUID(int=5), False),
        (3, UUID(int=99), True),
    ]


def test_a_digest_under_way_is_the_digest_of_its_window() -> None:
    under_way = waiting(3, message_id=UUID(int=99))
    assert len(plan(under_way + waiting(6, first=10), state(9), LIMITS).messages) == 1
    assert len(plan(under_way + waiting(5, first=10), state(8), LIMITS).messages) == 6


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), max_size=40))
def test_no_ten_minutes_hold_more_than_six_messages(arrivals: list[tuple[int, int]]) -> None:
    """Whatever arrives when, and nothing is lost: each alert is sent, held or still waiting."""
    sent: list[tuple[int, bool]] = []
    created: list[int] = []
    queue: list[Delivery] = []
    clock = delivered = held = 0
    for count, seconds in arrivals:
        clock += seconds
        queue += waiting(count, first=len(created))
        created += [clock] * count
        since = clock - 600
        singles = sum(at > since and not digest for at, digest in sent)
        digests = sum(at > since and digest for at, digest in sent)
        planned = plan(queue, state(sum(at > since for at in created), singles, digests), LIMITS)
        gone = {alert_id for message in planned.messages for alert_id in message.alert_ids}
        sent += [(clock, message.digest) for message in planned.messages]
        delivered += len(gone)
        held += len(queue) if planned.hold else 0
        queue = [] if planned.hold else [delivery for delivery in queue if delivery.alert_id not in gone]
        assert sum(at > since for at, _ in sent) <= LIMITS.singles + 1
    assert delivered + held + len(queue) == len(created)


@pytest.mark.parametrize(
    ("failures", "asked", "seconds"),
    [(0, None, 60), (1, None, 120), (5, None, 1920), (6, None, 3600), (99, None, 3600), (0, 30, 60), (0, 7200, 7200),
     (0, 10**9, 86_400), (0, -5, 60)],
)  # fmt: skip
def test_the_next_attempt(failures: int, asked: float | None, seconds: int) -> None:
    assert next_attempt(failures, NOW, asked) == NOW + timedelta(seconds=seconds)
