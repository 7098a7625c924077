"""Daily upkeep: checks of the stored data, removal of old records, and how much work waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg2.extras import Json

from dealwire.store.database import Connection, atomic, execute, fetch_all, fetch_one, read_script
from dealwire.store.queries import SQL_ROOT

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: no violation is good. `sample` are the first rows that violate it."""

    name: str
    violations: int
    sample: Sequence[dict[str, Any]]


def waiting(connection: Connection, now: datetime) -> tuple[int, int, int, int]:
    """Feeds due, entries unread, articles that no extractor has read, mentions pending."""
    row = fetch_one(connection, "waiting", {"now": now})
    return (row.due_feeds, row.unread_entries, row.unextracted_articles, row.pending_mentions)


@atomic
def remove_old_records(connection: Connection, before: datetime) -> dict[str, int]:
    """Delete records of fetches and runs from before that time; articles, deals and their proof stay."""
    return {
        "feed_fetches": execute(connection, "remove_old_fetches", {"before": before}),
        "runs": execute(connection, "remove_old_runs", {"before": before}),
    }


def mark_stale_rates(connection: Connection, last_day: date, fixed: Sequence[str]) -> int:
    """Have deals folded anew whose dollars rest on rates that ended on `last_day`, or that have none; how many."""
    return execute(connection, "deal_mark_stale_rates", {"last_day": last_day, "fixed": list(fixed)})


def run_checks(connection: Connection, now: datetime, root: Path = SQL_ROOT) -> list[CheckResult]:
    """Run each file of sql/checks: a query that returns the rows which must not exist. Results are kept."""
    results = []
    for path in sorted((root / "checks").glob("*.sql")):
        rows = [row._asdict() for row in read_script(connection, path.read_text("utf-8"), path.name)]
        sample = json.loads(json.dumps(rows[:SAMPLE], default=str))
        values = {"check_name": path.stem, "checked_at": now, "violations": len(rows), "sample": Json(sample)}
        execute(connection, "check_result_add", values)
        results.append(CheckResult(path.stem, len(rows), sample))
    return results


def feed_health(connection: Connection) -> list[dict[str, Any]]:
    """Rows of analytics.feed_health."""
    return [row._asdict() for row in fetch_all(connection, "feed_health_rows")]


def judged_mentions(connection: Connection) -> dict[int, list[tuple[int, int | None, str]]]:
    """By article on which a person has judged: mention, deal and resolution of all its mentions."""
    found: dict[int, list[tuple[int, int | None, str]]] = {}
    for row in fetch_all(connection, "label_mentions"):
        found.setdefault(row.article_id, []).append((row.mention_id, row.deal_id, row.resolution))
    return found
