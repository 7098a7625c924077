"""The pipeline: poll → read → extract → resolve (which selects alerts) → send.

Every function takes a Runtime and ids, finds its work by state in PostgreSQL, and may be run again at any time. The
DAGs call the same functions as the command line, in batches.
"""

from __future__ import annotations

from dealwire.context import Runtime
from dealwire.stages.alerting import alert_feed, alerts_are_due, queue_digest, send_alerts
from dealwire.stages.batches import add
from dealwire.stages.extraction import articles_wait, extract_articles, find_unextracted_articles
from dealwire.stages.maintenance import check_data, count_waiting, remove_old_records, report_feed_health, tell_lateness
from dealwire.stages.polling import find_due_feeds, judge_polls, poll_feeds
from dealwire.stages.rates import refresh_exchange_rates
from dealwire.stages.reading import find_unread_entries, read_entries
from dealwire.stages.replaying import replay
from dealwire.stages.resolution import resolve_mentions

__all__ = [
    "alert_feed",
    "alerts_are_due",
    "alerts_wait",
    "articles_wait",
    "check_data",
    "count_waiting",
    "extract_all",
    "extract_articles",
    "find_due_feeds",
    "find_unextracted_articles",
    "find_unread_entries",
    "judge_polls",
    "poll_all",
    "poll_feeds",
    "queue_digest",
    "read_entries",
    "refresh_exchange_rates",
    "remove_old_records",
    "replay",
    "report_feed_health",
    "resolve_mentions",
    "run",
    "send_alerts",
    "tell_lateness",
]


def run(runtime: Runtime, feed: str | None = None) -> dict[str, dict[str, int]]:
    """All stages, once; the counts of each."""
    return {
        "poll": poll_all(runtime, feed),
        "extract": extract_all(runtime),
        "resolve": resolve_mentions(runtime),
        "send": send_alerts(runtime),
    }


def poll_all(runtime: Runtime, feed: str | None = None) -> dict[str, int]:
    """Poll what is due, then read what is unread, with a line of progress a batch."""
    counts: dict[str, int] = {}
    due = find_due_feeds(runtime, feed)
    for number, batch in enumerate(due, start=1):
        add(counts, poll_feeds(runtime, batch))
        runtime.say(f"polled batch {number} of {len(due)}: {counts}")
    unread = find_unread_entries(runtime)
    for number, batch in enumerate(unread, start=1):
        add(counts, read_entries(runtime, batch))
        runtime.say(f"read batch {number} of {len(unread)}: {counts}")
    return counts


def extract_all(runtime: Runtime, since: str | None = None) -> dict[str, int]:
    """Extract from all articles that wait."""
    counts: dict[str, int] = {}
    waiting = find_unextracted_articles(runtime, since)
    for number, batch in enumerate(waiting, start=1):
        add(counts, extract_articles(runtime, batch))
        runtime.say(f"extracted batch {number} of {len(waiting)}: {counts}")
    return counts


def alerts_wait(runtime: Runtime) -> bool:
    """Whether an alert is queued for now; the name that the DAG of extraction knows it by."""
    return alerts_are_due(runtime)
