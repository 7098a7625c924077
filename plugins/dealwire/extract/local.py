"""The local reader: an article in, mentions with proof out. Needs no network, no database, no large model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dealwire.extract.assemble import DEFAULT, Thresholds, decide
from dealwire.extract.claims import mention_of
from dealwire.extract.reading import read_article
from dealwire.extract.scorers import chance
from dealwire.extract.sheet import make_sheet
from dealwire.extract.weights import FOLDER, Weights, fingerprint, load
from dealwire.model import Article, Mention

CODE_VERSION = "local-2"

__all__ = ["DEFAULT", "EXTRACTOR_VERSION", "Examined", "Thresholds", "examine", "extract", "extract_with"]


@lru_cache(maxsize=1)
def _version() -> str:
    tables = Path(__file__).parent
    return f"{CODE_VERSION}-{fingerprint(tables / 'languages', tables / 'frames', tables / 'organisations', FOLDER)}"


EXTRACTOR_VERSION: str = _version()


def extract(article: Article, thresholds: Thresholds = DEFAULT) -> list[Mention]:
    """The deals of an article, news first. Mentions with `needs_review` are kept but not sure enough to stand alone."""
    return extract_with(article, load(FOLDER), thresholds)


@dataclass(frozen=True, slots=True)
class Examined:
    """An article's mentions, and how likely it holds a deal at all."""

    mentions: tuple[Mention, ...]
    gate: float


def examine(article: Article, thresholds: Thresholds = DEFAULT) -> Examined:
    """`extract`, with what it takes to tell whether a second reader is worth asking."""
    return _examine(article, load(FOLDER), thresholds, EXTRACTOR_VERSION)


@lru_cache(maxsize=1)
def _one_thread() -> Any:
    """An article's matrices are too small for BLAS threads: they would only wait for one another."""
    return threadpool_limits(1, user_api="blas")


def extract_with(
    article: Article, weights: Weights, thresholds: Thresholds = DEFAULT, version: str | None = None
) -> list[Mention]:
    return list(_examine(article, weights, thresholds, version or EXTRACTOR_VERSION).mentions)


def _examine(article: Article, weights: Weights, thresholds: Thresholds, version: str) -> Examined:
    if not article.body.strip():
        return Examined((), 0.0)
    _one_thread()
    sheet = make_sheet(read_article(article))
    evidence, decided = decide(sheet, weights, thresholds)
    mentions = tuple(mention_of(deal, sheet, evidence, weights, version) for deal in decided)
    return Examined(mentions, float(chance(np.array(evidence.gate))))
