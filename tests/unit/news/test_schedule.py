from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dealwire.feed_model import FeedState, FeedUpdate, Fetched
from dealwire.news.schedule import PollChanges, adapted_interval, backoff_seconds, next_poll, notices, validators

NOW = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)
STATE = FeedState(
    feed_id=1, url="https://e.example.com/feed", title="T", publisher="P", language=None, official=False,
    expected_entries=None, etag='"a"', last_modified=None, body_sha256="h", identity_policy="guid",
    interval_seconds=3_600, next_poll_at=NOW, last_polled_at=NOW, last_ok_at=NOW - timedelta(hours=1),
    last_full_get_at=NOW - timedelta(hours=1), failure_count=0, empty_count=0, not_a_feed_count=0, moved_url=None,
    moved_seen_count=0, moved_seen_on=None, gone_at=None, created_at=NOW,
)  # fmt: skip


def fetched(outcome: str = "ok", status: int | None = 200, **changes: object) -> Fetched:
    plain = Fetched(outcome, None, STATE.url, STATE.url, None, status, {"etag": '"b"'}, b"x", 5, None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def after(
    state: FeedState, answer: Fetched, changes: PollChanges, now: datetime = NOW, jitter: float = 0.0
) -> FeedUpdate:
    return next_poll(state, answer, changes, now, jitter)


def merged(state: FeedState, update: FeedUpdate) -> FeedState:
    names = FeedUpdate.__slots__  # type: ignore[attr-defined]
    return replace(state, **{name: getattr(update, name) for name in names})


def test_success_stores_validators_and_resets_counters() -> None:
    state = replace(STATE, failure_count=7, not_a_feed_count=2, gone_at=NOW)
    update = after(state, fetched(), PollChanges("ok", 20, 1, body_sha256="new"))
    assert (update.etag, update.body_sha256, update.failure_count, update.gone_at) == ('"b"', "new", 0, None)
    assert update.last_ok_at == update.last_full_get_at == NOW


def test_a_fault_keeps_validators_and_backs_off() -> None:
    update = after(STATE, fetched("connect_error", None), PollChanges("connect_error"))
    assert (update.etag, update.failure_count) == ('"a"', 1)
    assert update.next_poll_at == NOW + timedelta(hours=2)


def test_never_given_up() -> None:
    state = replace(STATE, failure_count=1_000)
    for jitter in (0.0, 0.5, 0.999):
        update = after(state, fetched("http_500", 500), PollChanges("http_500"), jitter=jitter)
        assert NOW + timedelta(hours=21) < update.next_poll_at <= NOW + timedelta(hours=24)


@pytest.mark.parametrize("failures", [1, 2, 5, 50, 10**6])
def test_backoff_is_bounded(failures: int) -> None:
    assert 0 < backoff_seconds(3_600, failures, 0.3) <= 86_400


def test_the_interval_follows_the_news() -> None:
    assert adapted_interval(3_600, PollChanges("ok", 20, 15)) == 1_800
    assert adapted_interval(3_600, PollChanges("ok", 20, 0)) == 4_320
    assert adapted_interval(3_600, PollChanges("ok", 20, 20, gap=True)) == 1_800
    assert adapted_interval(600, PollChanges("ok", 20, 20)) == 600
    assert adapted_interval(21_600, PollChanges("ok", 20, 0)) == 21_600


def test_cache_control_is_obeyed() -> None:
    answer = fetched(headers={"cache-control": "public, max-age=14400"})
    assert after(STATE, answer, PollChanges("ok", 20, 15)).next_poll_at == NOW + timedelta(hours=4)


def test_what_was_left_over_is_fetched_soon_and_whole() -> None:
    update = after(STATE, fetched(), PollChanges("ok", 9_000, 5_000, entries_left=4_000, body_sha256="new"))
    assert (update.etag, update.body_sha256) == (None, None)
    assert update.next_poll_at == NOW + timedelta(minutes=5)


def test_held_changes_nothing_but_the_time() -> None:
    update = after(STATE, fetched("held", None, retry_after=90.0), PollChanges("held"))
    assert update.next_poll_at == NOW + timedelta(seconds=90)
    assert (update.failure_count, update.etag) == (0, '"a"')


def test_once_a_day_without_validators() -> None:
    assert validators(STATE, NOW) == ('"a"', None)
    assert validators(STATE, NOW + timedelta(hours=23)) == (None, None)


def test_operators_hear_of_it_once() -> None:
    state = STATE
    heard = []
    for _ in range(5):
        update = after(state, fetched(), PollChanges("ok", 0, 0))
        heard.append(notices(state, update))
        state = merged(state, update)
    assert heard == [(), (), ("went_empty",), (), ()]
