"""What the records of the work say: is news fetched, do feeds answer, are alerts sent, is the data sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dealwire.cli.findings import Finding
from dealwire.settings import Settings
from dealwire.store.database import Connection, Row, fetch_one

LATE = timedelta(hours=3)
MANY_FAILING, FEW = 0.3, 5


def look_at_work(connection: Connection, settings: Settings, now: datetime) -> Iterator[Finding]:
    """A finding for each of them."""
    seen = fetch_one(connection, "doctor_look")
    yield _ingestion(seen, now)
    yield _feeds(seen)
    if seen.dead_channels:
        told = f"alerts for {seen.dead_channels} were given up: repair the receiver, then `dealwire alerts release`"
        yield Finding("deliveries", "problem", told)
    if seen.violated_checks:
        told = f"violated when last checked: {seen.violated_checks}; the log of maintain.check_data names rows"
        yield Finding("data", "problem", told)
    if settings.database_url and seen.superuser:
        told = (
            f"DATABASE_URL logs in as the superuser {seen.username}: `dealwire db url --pipeline` gives the address of "
            "a role that may read and write rows and nothing else"
        )
        yield Finding("role", "warning", told)


def _ingestion(seen: Row, now: datetime) -> Finding:
    if seen.polled_at is None:
        return Finding("ingestion", "ok", "no feed was polled yet")
    when = f"{seen.polled_at:%Y-%m-%d %H:%M} UTC"
    if seen.polled_at < now - LATE:
        told = f"nothing was polled since {when}: does the scheduler run, and is the DAG ingest_news paused or red?"
        return Finding("ingestion", "problem", told)
    return Finding("ingestion", "ok", f"last polled at {when}")


def _feeds(seen: Row) -> Finding:
    told = f"{seen.failing_feeds} of {seen.active_feeds} feeds fail"
    if seen.failing_feeds >= FEW and seen.failing_feeds > MANY_FAILING * seen.active_feeds:
        told += ": so many at once are our network or proxy; `dealwire feeds list` says how each one fails"
        return Finding("answers", "problem", told)
    return Finding("answers", "ok", told)
