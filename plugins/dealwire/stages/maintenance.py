"""maintain: checks of the data, feed health, removal of old records; and how much work waits at each stage."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dealwire.alerts.channels import channel_names
from dealwire.alerts.notices import lateness_notice
from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.store import maintenance as store
from dealwire.store.alerts import count_due, queue
from dealwire.store.operation import record_run
from dealwire.store.raw import remove_raw

logger = logging.getLogger("dealwire")


def count_waiting(runtime: Runtime) -> tuple[int, int, int, int, int]:
    """Feeds due, entries unread, articles that no extractor has read, mentions pending, alerts due."""
    waiting = store.waiting(runtime.connection, runtime.now())
    return (*waiting, count_due(runtime.connection, runtime.now()))


def remove_old_records(runtime: Runtime) -> dict[str, int]:
    """Delete what is older than the settings of retention say: records, and pages and feeds as they were fetched."""
    now, settings = runtime.now(), runtime.settings
    counts = store.remove_old_records(runtime.connection, now - timedelta(days=settings.retention_days))
    counts |= remove_raw(runtime.connection, now - timedelta(days=settings.keep_raw_days))
    record_run(runtime.connection, "maintain", now, runtime.now(), counts)
    return counts


def check_data(runtime: Runtime) -> dict[str, int]:
    """Run all checks; raises DealwireError naming those that found violations."""
    started = runtime.now()
    results = store.run_checks(runtime.connection, started)
    counts = {"checks": len(results), "violations": sum(result.violations for result in results)}
    record_run(runtime.connection, "maintain", started, runtime.now(), counts)
    broken = [result for result in results if result.violations]
    for result in broken:
        logger.error("check %s: %d rows, such as %s", result.name, result.violations, result.sample)
    if broken:
        raise DealwireError(
            "checks of the data found violations: " + ", ".join(f"{r.name} ({r.violations})" for r in broken)
        )
    return counts


def _why(feed: Mapping[str, Any]) -> str:
    """In words, why a feed is not well."""
    return str(feed["held_reason"] or feed["last_detail"] or "; ".join(feed["unexpected"]) or feed["last_outcome"])


def tell_lateness(runtime: Runtime, run_id: str, needed_by: str) -> dict[str, int]:
    """Tell operators on every alert channel that a run of ingestion is not done in time; once a run."""
    settings, now = runtime.settings, runtime.now()
    channels = channel_names(settings.alert_urls) if settings.alert_urls else []
    notices = lateness_notice(run_id, needed_by, settings.alert_language, now, channels)
    return {"queued": queue(runtime.connection, notices, now)}


def report_feed_health(runtime: Runtime) -> dict[str, int]:
    """Log every feed that is not well; how many of each state."""
    counts: dict[str, int] = {}
    for feed in store.feed_health(runtime.connection):
        state = str(feed["health"])
        counts[state] = counts.get(state, 0) + 1
        if state != "ok":
            logger.warning("feed %s is %s: %s", feed["url"], state, _why(feed))
    return counts
