"""extract: stored articles → mentions. An article that breaks the extractor is recorded and stops nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.extract.local import EXTRACTOR_VERSION, Thresholds, extract
from dealwire.stages.batches import batches, within
from dealwire.store.mentions import record_extract_error, replace_mentions
from dealwire.store.news import LoadedArticle, load_articles, mark_unextracted, unextracted_articles
from dealwire.store.operation import record_run
from dealwire.store.organisations import sync_organisations

logger = logging.getLogger("dealwire")
SMALLEST_BATCH = 200
LOADED_TOGETHER = 100
BROKEN_SHARE, FEW = 0.3, 5  # more than this share of articles broken, and at least so many, is our fault


def find_unextracted_articles(runtime: Runtime, since: str | None = None) -> list[list[int]]:
    """Batches of articles that this extractor has not read; with `since` (a day) all those seen from then on."""
    sync_organisations(runtime.connection, list(load_gazetteer().organisations.values()))
    if since:
        begin = datetime.combine(date.fromisoformat(since), datetime.min.time(), UTC)
        mark_unextracted(runtime.connection, begin)
    return batches(unextracted_articles(runtime.connection, EXTRACTOR_VERSION), SMALLEST_BATCH)


def articles_wait(runtime: Runtime) -> bool:
    """Whether an article waits for extraction."""
    return bool(unextracted_articles(runtime.connection, EXTRACTOR_VERSION, 1))


def extract_articles(runtime: Runtime, batch: list[int]) -> dict[str, int]:
    """Read a batch's articles for deals; each one's mentions are stored by themselves.

    Raises DealwireError where most articles break the extractor: then it is the extractor, and they wait for its cure.
    """
    started = runtime.now()
    article_ids = within(unextracted_articles(runtime.connection, EXTRACTOR_VERSION), batch)
    thresholds = Thresholds(review=runtime.settings.database_confidence)
    counts = {"articles": len(article_ids), "mentions": 0, "failed": 0}
    broken: list[tuple[LoadedArticle, str]] = []
    for loaded in _load_in_parts(runtime, article_ids):
        try:
            mentions = extract(loaded.article, thresholds)
        except DealwireError:  # not the article's fault: weights or tables are missing
            raise
        except Exception as error:  # one article's text must not keep the others waiting; its row says what happened
            logger.exception("article %d (%s) broke the extractor", loaded.article_id, loaded.article.url)
            broken.append((loaded, f"{type(error).__name__}: {error}"[:500]))
            continue
        key = (runtime.connection, loaded.article_id, loaded.version, EXTRACTOR_VERSION)
        counts["mentions"] += replace_mentions(*key, mentions, runtime.now())
    if len(broken) >= FEW and len(broken) > BROKEN_SHARE * len(article_ids):
        raise DealwireError(f"{len(broken)} of {len(article_ids)} articles broke the extractor, with {broken[0][1]}")
    for loaded, reason in broken:
        key = (runtime.connection, loaded.article_id, loaded.version, EXTRACTOR_VERSION)
        record_extract_error(*key, reason, runtime.now())
    counts["failed"] = len(broken)
    record_run(runtime.connection, "extract", started, runtime.now(), counts)
    return counts


def _load_in_parts(runtime: Runtime, article_ids: Sequence[int]) -> Iterator[LoadedArticle]:
    for begin in range(0, len(article_ids), LOADED_TOGETHER):
        yield from load_articles(runtime.connection, article_ids[begin : begin + LOADED_TOGETHER])
