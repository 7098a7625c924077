"""When to poll a feed again, and what its counters become. Pure: `now` and `jitter` (0 to 1) are arguments.

A feed that brings news is asked more often, a quiet one less often, a failing one ever less often but at least daily,
and none is ever given up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dealwire.feed_model import FeedState, FeedUpdate, Fetched
from dealwire.news.response_headers import max_age

MIN_INTERVAL = 600
MAX_INTERVAL = 6 * 3_600
MAX_BACKOFF = 86_400
GONE_INTERVAL = 7 * 86_400
FULL_GET_AFTER = timedelta(hours=24)
SOON = 300
MOVED_AFTER_SIGHTINGS = 3
NOTICE_AFTER = 3

_NO_FAULT = frozenset({"ok", "not_modified"})


@dataclass(frozen=True, slots=True)
class PollChanges:
    """What one poll brought. `outcome` is the parser's where something was parsed, else the fetch's.

    `entries_left` are new ones that did not fit into this poll; `gap` says that the feed rolled over.
    """

    outcome: str
    entries_seen: int = 0
    entries_new: int = 0
    entries_left: int = 0
    gap: bool = False
    body_sha256: str | None = None
    identity_policy: str = "guid"


def validators(state: FeedState, now: datetime) -> tuple[str | None, str | None]:
    """ETag and Last-Modified to send; none once a day, because some servers answer 304 although the feed changed."""
    if state.last_full_get_at is None or now - state.last_full_get_at >= FULL_GET_AFTER:
        return None, None
    return state.etag, state.last_modified


def next_poll(state: FeedState, fetched: Fetched, changes: PollChanges, now: datetime, jitter: float) -> FeedUpdate:
    """The feed's row after this poll."""
    update = _unchanged(state)
    if fetched.outcome == "held":
        return replace(update, next_poll_at=now + timedelta(seconds=fetched.retry_after or SOON))
    if changes.outcome == "gone" or fetched.outcome == "gone":
        gone = replace(update, gone_at=state.gone_at or now, failure_count=state.failure_count + 1)
        return replace(gone, next_poll_at=now + timedelta(seconds=GONE_INTERVAL * (0.9 + 0.1 * jitter)))
    if changes.outcome not in _NO_FAULT:
        return _after_fault(update, fetched, changes, now, jitter)
    return _after_success(update, state, fetched, changes, now, jitter)


def _unchanged(state: FeedState) -> FeedUpdate:
    return FeedUpdate(
        url=state.url,
        etag=state.etag,
        last_modified=state.last_modified,
        body_sha256=state.body_sha256,
        identity_policy=state.identity_policy,
        interval_seconds=state.interval_seconds,
        next_poll_at=state.next_poll_at,
        last_ok_at=state.last_ok_at,
        last_full_get_at=state.last_full_get_at,
        failure_count=state.failure_count,
        empty_count=state.empty_count,
        not_a_feed_count=state.not_a_feed_count,
        moved_url=state.moved_url,
        moved_seen_count=state.moved_seen_count,
        moved_seen_on=state.moved_seen_on,
        gone_at=state.gone_at,
        sites=state.sites,
        held_at=state.held_at,
        held_reason=state.held_reason,
        stated_language=state.stated_language,
        last_entries_seen=state.last_entries_seen,
    )


def backoff_seconds(interval: int, failures: int, jitter: float) -> float:
    """interval x 2^failures, at most a day, less up to a tenth so that those that failed together spread out."""
    return min(interval * 2.0 ** min(failures, 20), MAX_BACKOFF) * (1.0 - 0.1 * jitter)


def _after_fault(
    update: FeedUpdate, fetched: Fetched, changes: PollChanges, now: datetime, jitter: float
) -> FeedUpdate:
    """Validators stay as they were, so the next good answer is taken whole."""
    failures = update.failure_count + 1
    seconds = backoff_seconds(update.interval_seconds, failures, jitter)
    if changes.outcome == "truncated":
        seconds = min(seconds, SOON * 2.0 ** min(failures, 10), MAX_BACKOFF)
    if fetched.retry_after is not None:
        seconds = max(fetched.retry_after, min(seconds, MAX_BACKOFF))
    return replace(
        update,
        failure_count=failures,
        not_a_feed_count=update.not_a_feed_count + (changes.outcome == "not_a_feed"),
        identity_policy=changes.identity_policy if changes.entries_seen else update.identity_policy,
        next_poll_at=now + timedelta(seconds=seconds),
    )


def _after_success(
    update: FeedUpdate, state: FeedState, fetched: Fetched, changes: PollChanges, now: datetime, jitter: float
) -> FeedUpdate:
    interval = adapted_interval(state.interval_seconds, changes)
    wait = max(float(interval), float(max_age(fetched.headers)))
    if changes.entries_left:
        wait = float(SOON)
    update = replace(
        update,
        interval_seconds=interval,
        next_poll_at=now + timedelta(seconds=min(wait, MAX_BACKOFF) * (1.0 - 0.1 * jitter)),
        last_ok_at=now,
        failure_count=0,
        not_a_feed_count=0,
        gone_at=None,
    )
    update = _with_moved(update, state, fetched, now)
    if changes.outcome == "not_modified":
        asked_whole = validators(state, now) == (None, None) or fetched.status == 200
        still_empty = state.empty_count + 1 if state.empty_count else 0
        return replace(update, last_full_get_at=now if asked_whole else state.last_full_get_at, empty_count=still_empty)
    whole = not changes.entries_left
    return replace(
        update,
        etag=fetched.headers.get("etag") if whole else None,
        last_modified=fetched.headers.get("last-modified") if whole else None,
        body_sha256=changes.body_sha256 if whole else None,
        identity_policy=changes.identity_policy,
        last_full_get_at=now if fetched.status == 200 else state.last_full_get_at,
        empty_count=0 if changes.entries_seen else state.empty_count + 1,
    )


def adapted_interval(interval: int, changes: PollChanges) -> int:
    """Shorter while a poll brings much that is new (by half after a gap), longer while it brings nothing."""
    if changes.gap or (changes.entries_new * 2 >= max(changes.entries_seen, 1) and changes.entries_seen > 1):
        factor = 0.5
    elif changes.entries_new * 4 >= max(changes.entries_seen, 1):
        factor = 0.8
    elif changes.entries_new:
        factor = 1.0
    else:
        factor = 1.2
    return int(min(max(interval * factor, MIN_INTERVAL), max(MAX_INTERVAL, interval if factor < 1 else 0)))


def _with_moved(update: FeedUpdate, state: FeedState, fetched: Fetched, now: datetime) -> FeedUpdate:
    """Learn a permanent redirect after three equal sightings on three days, each with a good feed behind it."""
    target = fetched.permanent_url
    if target is None or target == state.url:
        return replace(update, moved_url=None, moved_seen_count=0, moved_seen_on=None)
    if target != state.moved_url:
        return replace(update, moved_url=target, moved_seen_count=1, moved_seen_on=now.date())
    if state.moved_seen_on is not None and now.date() <= state.moved_seen_on:
        return update
    count = state.moved_seen_count + 1
    if count >= MOVED_AFTER_SIGHTINGS:
        return replace(update, url=target, moved_url=None, moved_seen_count=0, moved_seen_on=None)
    return replace(update, moved_seen_count=count, moved_seen_on=now.date())


def notices(state: FeedState, update: FeedUpdate) -> tuple[str, ...]:
    """What an operator is to hear about once: the feed is gone, went empty, became something else, or moved."""
    found = []
    if update.gone_at and not state.gone_at:
        found.append("gone")
    if update.empty_count == NOTICE_AFTER and state.empty_count < NOTICE_AFTER:
        found.append("went_empty")
    if update.not_a_feed_count == NOTICE_AFTER and state.not_a_feed_count < NOTICE_AFTER:
        found.append("not_a_feed")
    if update.url != state.url:
        found.append("moved")
    return tuple(found)
