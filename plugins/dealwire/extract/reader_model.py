"""The model reader: what to ask, how to read what is answered, and what becomes of it beside the local reader. Pure.

Whatever cannot be proven by a quote from the text and by our own reading of its number is dropped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dealwire.extract.local import EXTRACTOR_VERSION
from dealwire.extract.model_answer import check_answer, log_odds
from dealwire.extract.reader_prompt import prompt_version
from dealwire.extract.score import kinds_fit
from dealwire.model import Article, Claim, Mention

CHECKS_VERSION = "1"
SURE = 0.6  # local records at least this likely were right more often than two times in three (docs/accuracy.md)
AGREED_RECORD = 0.92
AGREES = "the local reader finds the same"
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL | re.IGNORECASE)


def reader_version(mode: str, model: str) -> str:
    """Who reads: model, prompt, checks, and the local reader with its tables, which proves and falls back."""
    return f"{mode}-{model}-{prompt_version()}.{CHECKS_VERSION}+{EXTRACTOR_VERSION}"


def article_key(article: Article) -> str:
    """One for all that is asked about: text, language and day of publication."""
    parts = (article.title, article.text, article.lang or "", str(article.published))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def deals_of_content(content: str) -> list[object]:
    """The answer's list of deals, out of whatever the model put around it. Raises ValueError where there is none."""
    text = _THOUGHTS.sub(" ", content)
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(50):
        if at < 0:
            break
        try:
            found, _end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and isinstance(found.get("deals"), list):
            return list(found["deals"])
        at = text.find("{", at + 1)
    raise ValueError(f"the answer holds no list of deals: {' '.join(text.split())[:120]!r}")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's mentions; `doubted` where the text did not prove all of the answer, or the local reader objects."""

    mentions: tuple[Mention, ...]
    doubted: bool
    dropped: tuple[str, ...] = ()


def read_answer(content: str, article: Article, local: Sequence[Mention], version: str) -> Reading:
    """What an answer is worth. Raises ValueError where it holds no list of deals."""
    checked = check_answer(deals_of_content(content), article, version)
    mentions = tuple(_beside(mention, local) for mention in checked.mentions)
    kept = tuple(_for_review(one, version) for one in local if _is_missing(one, mentions))
    return Reading(mentions + kept, bool(checked.dropped or kept), checked.dropped)


def _is_missing(one: Mention, mentions: Sequence[Mention]) -> bool:
    """News that the local reader is sure of and the answer passes over: an article may have told the model to."""
    sure = one.salience == "primary" and not one.needs_review and one.confidence >= SURE
    return sure and not any(_one_deal(one, other) for other in mentions)


def _for_review(one: Mention, version: str) -> Mention:
    return dataclasses.replace(one, needs_review=True, extractor_version=version)


def _one_deal(one: Mention, other: Mention) -> bool:
    shared = _identities(one) & _identities(other)
    return bool(shared) and kinds_fit(one.kind, other.kind)


def _identities(mention: Mention) -> set[str]:
    return {party.organisation_id or party.name for party in mention.parties}


def _beside(mention: Mention, local: Sequence[Mention]) -> Mention:
    """Two readers who agree without knowing of each other are each more likely to be right."""
    twins = [one for one in local if _one_deal(mention, one)]
    if not twins:
        return mention
    twin = max(twins, key=lambda one: len(_identities(one) & _identities(mention)))
    said = {(claim.field, claim.value) for claim in twin.claims}
    claims = tuple(_believed(claim, (claim.field, claim.value) in said) for claim in mention.claims)
    agreed = _record(mention) == _record(twin)
    confidence = max(mention.confidence, AGREED_RECORD) if agreed else mention.confidence
    return dataclasses.replace(mention, claims=claims, confidence=confidence)


def _believed(claim: Claim, agreed: bool) -> Claim:
    if not agreed:
        return claim
    probability = round((1 + claim.probability) / 2, 4)
    why = {**claim.features, AGREES: round(log_odds(probability) - log_odds(claim.probability), 4)}
    return dataclasses.replace(claim, probability=probability, features=why)


def _record(mention: Mention) -> tuple[Any, ...]:
    roles = frozenset((party.organisation_id or party.name, party.role) for party in mention.parties)
    return (mention.kind, mention.status, roles, mention.amount, mention.currency)


def wants_model(mode: str, mentions: Sequence[Mention], gate: float) -> bool:
    """Whether this article is worth a question: `model` wherever there may be a deal, `assisted` in doubt only."""
    if gate < LEAST_GATE and not mentions:
        return False
    return mode == "model" or unsure(mentions, gate)


LEAST_GATE = 0.2  # under this chance of a deal nothing is asked; unseen articles with one had .27 and more


def unsure(mentions: Sequence[Mention], gate: float) -> bool:
    """In doubt: something waits for review, a deal told is less than SURE, several are told, or the gate wavers."""
    news = [one for one in mentions if one.salience == "primary"]
    told = [one for one in news if not one.needs_review]
    if len(told) > 1 or len(news) > len(told):
        return True
    if told:
        return told[0].confidence < SURE
    return gate >= LEAST_GATE
