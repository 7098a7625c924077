"""extract: stored articles → mentions. An article that breaks the extractor is recorded and stops nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.extract.local import Thresholds
from dealwire.stages.article_reader import Outcome, installed_version, open_reader
from dealwire.stages.batches import batches, within
from dealwire.stages.leasing import alone, hold_lease
from dealwire.stages.retries import retry_time
from dealwire.store.mentions import record_extract_error
from dealwire.store.model_reader import (
    ModelReading,
    budget_used,
    failed_attempts,
    mark_due_retries,
    store_mentions,
)
from dealwire.store.news import LoadedArticle, load_articles, mark_unextracted, unextracted_articles
from dealwire.store.operation import record_run
from dealwire.store.organisations import sync_organisations

SMALLEST_BATCH = 200
LOADED_TOGETHER = 100
BROKEN_SHARE, FEW = 0.3, 5  # more than this share of articles broken, and at least so many, is our fault


def find_unextracted_articles(runtime: Runtime, since: str | None = None, until: str | None = None) -> list[list[int]]:
    """Batches of articles that this reader has not read; also all those first seen from day `since` to day `until`."""
    sync_organisations(runtime.connection, list(load_gazetteer().organisations.values()))
    if since:
        mark_unextracted(runtime.connection, begin_of(since), begin_of(until) + timedelta(days=1) if until else None)
    _mark_due_retries(runtime)
    return batches(unextracted_articles(runtime.connection, installed_version(runtime.settings)), SMALLEST_BATCH)


def begin_of(day: str) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def _mark_due_retries(runtime: Runtime) -> None:
    """Half of what the day's budget still bears: the rest is for news that comes later in the day."""
    now, budget = runtime.now(), runtime.settings.reader_daily_budget
    if runtime.settings.reader != "local":
        left = max(0, budget - budget_used(runtime.connection, now.date()))
        mark_due_retries(runtime.connection, now, (left + 1) // 2)


def articles_wait(runtime: Runtime) -> bool:
    """Whether an article waits for extraction."""
    _mark_due_retries(runtime)
    return bool(unextracted_articles(runtime.connection, installed_version(runtime.settings), 1))


@alone("extract")
def extract_articles(runtime: Runtime, batch: list[int]) -> dict[str, int]:
    """Read a batch's articles for deals; each one's mentions are stored by themselves.

    Raises DealwireError where most articles break the extractor: then it is the extractor, and they wait for its cure.
    """
    started = runtime.now()
    lease = partial(hold_lease, runtime)
    reader = open_reader(runtime.settings, thresholds_of(runtime), runtime.now, runtime.connection, lease)
    article_ids = within(unextracted_articles(runtime.connection, reader.version), batch)
    counts = {"articles": len(article_ids), "mentions": 0, "failed": 0}
    if runtime.settings.reader != "local":
        counts |= {"read_by_model": 0, "left_to_local": 0}
    broken: list[tuple[LoadedArticle, str]] = []
    for part in load_in_parts(runtime, article_ids):
        hold_lease(runtime)
        attempts = failed_attempts(runtime.connection, [one.article_id for one in part], reader.version)
        for loaded, outcome in zip(part, reader.read([one.article for one in part]), strict=True):
            if outcome.error is not None:
                broken.append((loaded, f"{type(outcome.error).__name__}: {outcome.error}"[:500]))
            else:
                counts["mentions"] += _store(runtime, loaded, reader.version, outcome, attempts)
                _count(counts, outcome)
    if len(broken) >= FEW and len(broken) > BROKEN_SHARE * len(article_ids):
        raise DealwireError(f"{len(broken)} of {len(article_ids)} articles broke the extractor, with {broken[0][1]}")
    for loaded, reason in broken:
        key = (runtime.connection, loaded.article_id, loaded.version, reader.version)
        record_extract_error(*key, reason, runtime.now())
    counts["failed"] = len(broken)
    record_run(runtime.connection, "extract", started, runtime.now(), counts)
    return counts


def thresholds_of(runtime: Runtime) -> Thresholds:
    """The lines that the settings draw."""
    return Thresholds(review=runtime.settings.database_confidence)


def _count(counts: dict[str, int], outcome: Outcome) -> None:
    if outcome.reading is not None:
        counts["read_by_model"] += 1
    elif outcome.failure is not None:
        counts["left_to_local"] += 1


def _store(runtime: Runtime, loaded: LoadedArticle, version: str, outcome: Outcome, attempts: Mapping[int, int]) -> int:
    now = runtime.now()
    reading = _reading(outcome, attempts.get(loaded.article_id, 0) + 1, now)
    key = (runtime.connection, loaded.article_id, loaded.version, version)
    return store_mentions(*key, outcome.mentions, reading, now)


def _reading(outcome: Outcome, attempts: int, now: datetime) -> ModelReading | None:
    """How the model's reading ended; None where nobody asked it."""
    if outcome.reading is not None:
        dropped = "; ".join(outcome.reading.dropped)[:500]
        return ModelReading("read", f"not proven: {dropped}" if dropped else None, outcome.reading.doubted)
    if outcome.failure is None or outcome.cause is None:
        return None
    retry_at = retry_time(outcome.failure, outcome.cause, attempts, now)
    return ModelReading(outcome.cause, outcome.failure.detail, retry_at=retry_at)


def load_in_parts(runtime: Runtime, article_ids: Sequence[int]) -> Iterator[list[LoadedArticle]]:
    """Articles with their texts, no more at once than memory bears."""
    for begin in range(0, len(article_ids), LOADED_TOGETHER):
        yield load_articles(runtime.connection, article_ids[begin : begin + LOADED_TOGETHER])
