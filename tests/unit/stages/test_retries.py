"""When the model is asked again about an article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dealwire.chat.protocol import Failure, Reason
from dealwire.stages.retries import TRIES, retry_time

NOW = datetime(2026, 11, 25, 23, 50, tzinfo=UTC)


def after(reason: Reason, cause: str | None = None, attempts: int = 1, patience: float | None = None) -> object:
    at = retry_time(Failure(reason, "", patience), cause or reason, attempts, NOW)
    return at and at - NOW


def test_a_spent_budget_is_full_again_the_next_day() -> None:
    assert after("rate_limited", "budget", 40) == timedelta(minutes=15)


@pytest.mark.parametrize("reason", ["timeout", "unreachable", "server_error"])
def test_a_server_is_given_longer_each_time_and_then_up(reason: Reason) -> None:
    waits = [after(reason, attempts=attempts) for attempts in range(1, TRIES + 2)]
    assert waits == [*(timedelta(hours=2**n) for n in range(TRIES - 1)), None, None]


@pytest.mark.parametrize("reason", ["broken_answer", "refused", "too_large"])
def test_an_article_that_is_at_fault_gets_a_second_chance(reason: Reason) -> None:
    assert (after(reason), after(reason, attempts=2)) == (timedelta(days=1), None)


def test_the_patience_that_a_server_asks_for_is_had_within_reason() -> None:
    assert after("rate_limited", patience=60) == timedelta(hours=1)
    assert after("rate_limited", patience=7200, attempts=50) == timedelta(hours=2)
    assert after("rate_limited", patience=10**9) == timedelta(days=1)
    assert after("rate_limited", "paused", patience=10_800) == timedelta(hours=3)
    assert after("timeout", "out_of_time") == timedelta(hours=1)


def test_a_refused_key_waits_for_a_person_however_long() -> None:
    assert after("key_refused", attempts=100) == timedelta(hours=6)
