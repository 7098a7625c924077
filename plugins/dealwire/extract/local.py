"""The local reader: an article in, mentions with proof out. Needs no network, no database, no large model."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dealwire.extract.assemble import DEFAULT, Thresholds, decide
from dealwire.extract.claims import mention_of
from dealwire.extract.reading import read_article
from dealwire.extract.sheet import make_sheet
from dealwire.extract.weights import FOLDER, Weights, fingerprint, load
from dealwire.model import Article, Mention

CODE_VERSION = "local-1"

__all__ = ["DEFAULT", "EXTRACTOR_VERSION", "Thresholds", "extract", "extract_with"]


@lru_cache(maxsize=1)
def _version() -> str:
    tables = Path(__file__).parent
    return f"{CODE_VERSION}-{fingerprint(tables / 'languages', tables / 'organisations', FOLDER)}"


EXTRACTOR_VERSION: str = _version()


def extract(article: Article, thresholds: Thresholds = DEFAULT) -> list[Mention]:
    """The deals of an article, news first. Mentions with `needs_review` are kept but not sure enough to stand alone."""
    return extract_with(article, load(FOLDER), thresholds)


@lru_cache(maxsize=1)
def _one_thread() -> Any:
    """An article's matrices are too small for BLAS threads: they would only wait for one another."""
    return threadpool_limits(1, user_api="blas")


def extract_with(
    article: Article, weights: Weights, thresholds: Thresholds = DEFAULT, version: str | None = None
) -> list[Mention]:
    if not article.body.strip():
        return []
    _one_thread()
    sheet = make_sheet(read_article(article))
    evidence, decided = decide(sheet, weights, thresholds)
    return [mention_of(deal, sheet, evidence, weights, version or EXTRACTOR_VERSION) for deal in decided]
