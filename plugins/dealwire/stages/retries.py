"""When to ask the model again about an article that it did not read. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from dealwire.chat.protocol import Failure

SOON, LATER, NEXT_DAY = timedelta(hours=1), timedelta(hours=6), timedelta(days=1)
LONGEST = timedelta(days=1)
ARTICLES_FAULT = ("broken_answer", "refused", "too_large")  # the same question will hardly end otherwise
TRIES, TRIES_OF_ITS_OWN_FAULT = 6, 2
AFTER_MIDNIGHT = time(0, 5, tzinfo=UTC)


def retry_time(failure: Failure, cause: str, attempts: int, now: datetime) -> datetime | None:
    """`attempts` counts this one. None: not again, unless model, prompt or text change."""
    if cause == "budget":
        return datetime.combine(now.astimezone(UTC).date() + NEXT_DAY, AFTER_MIDNIGHT)
    if cause in ("paused", "out_of_time"):
        return now + max(SOON, timedelta(seconds=min(failure.retry_after or 0, LONGEST.total_seconds())))
    if failure.reason == "key_refused":  # somebody has to act first
        return now + LATER
    if failure.reason in ARTICLES_FAULT:
        return now + NEXT_DAY if attempts < TRIES_OF_ITS_OWN_FAULT else None
    if failure.reason == "rate_limited":
        return now + max(SOON, timedelta(seconds=min(failure.retry_after or 0, LONGEST.total_seconds())))
    return now + min(LONGEST, SOON * 2 ** (attempts - 1)) if attempts < TRIES else None
