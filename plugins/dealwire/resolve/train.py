"""Learns the weights of the comparison from labelled reports, starting from weights set by hand.

Logistic regression with a Gaussian prior around the hand-set weights: a feature that the labels say little about keeps
the weight that reason gave it, one that they say much about moves. No feature may change its sign.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dealwire.deal_model import Report
from dealwire.model import COMPATIBLE_KINDS
from dealwire.resolve.comparison import compare
from dealwire.resolve.exchange import Rates
from dealwire.resolve.pairing import score_pairs
from dealwire.resolve.profiles import Profile, profile
from dealwire.resolve.scoring import MICRO, Weights, pair_score

PRIOR_STRENGTH = 1.0  # one over the variance around the hand-set weight, in squared log-odds
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report with the events that its article tells as news."""

    report: Report
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair. `weight` keeps an event that is told seven times from counting 21-fold."""

    one: str
    other: str
    features: Mapping[str, float]
    same: bool
    weight: float


def train_resolution(
    labelled: Sequence[Labelled], prior: Weights, parents: Mapping[str, str], rates: Rates, source: str
) -> Weights:
    """Weights learned from every labelled pair."""
    return learn(examples(labelled, prior, parents, rates), prior, source)


def examples(labelled: Sequence[Labelled], prior: Weights, parents: Mapping[str, str], rates: Rates) -> list[Example]:
    """All pairs that blocking would compare, labelled; asides are not, because their events are not known."""
    stated = [item for item in labelled if item.report.mention.salience == "primary" and item.events]
    profiles = {item.report.key: profile(item.report, parents, rates) for item in stated}
    events = {item.report.key: item.events for item in stated}
    scores = score_pairs(profiles, lambda one, other: pair_score(one, other, prior)).scores
    same = _same_pairs(profiles, events, scores)
    told: dict[frozenset[str], int] = {}
    for one, other in same:
        event = events[one] & events[other]
        told[event] = told.get(event, 0) + 1
    found = []
    for one, other in sorted(scores):
        if profiles[one].article_id == profiles[other].article_id:
            continue
        is_same = (one, other) in same
        weight = told[events[one] & events[other]] ** -0.5 if is_same else 1.0
        found.append(Example(one, other, compare(profiles[one], profiles[other]), is_same, weight))
    return found


def _same_pairs(
    profiles: Mapping[str, Profile], events: Mapping[str, frozenset[str]], scores: Mapping[tuple[str, str], int]
) -> set[tuple[str, str]]:
    """Articles of one event tell the same deals: their mentions are paired off, the likest first, if kinds allow."""
    used: set[tuple[str, str]] = set()
    same: set[tuple[str, str]] = set()
    for (one, other), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        a, b = profiles[one], profiles[other]
        fits = a.kind == b.kind or frozenset((a.kind, b.kind)) in COMPATIBLE_KINDS
        if not fits or not events[one] & events[other] or a.article_id == b.article_id or score < -6 * MICRO:
            continue
        if (one, b.article_id) not in used and (other, a.article_id) not in used:
            used |= {(one, b.article_id), (other, a.article_id)}
            same.add((one, other))
    return same


def learn(pairs: Collection[Example], prior: Weights, source: str, strength: float = PRIOR_STRENGTH) -> Weights:
    """The most likely weights under the prior (Newton's method; the problem is convex)."""
    names = sorted(prior.weights)
    start = np.array([prior.weights[name] for name in names])
    inputs = np.array([[pair.features.get(name, 0.0) for name in names] for pair in pairs]).reshape(-1, len(names))
    wanted = np.array([float(pair.same) for pair in pairs])
    worth = np.array([pair.weight for pair in pairs])
    learned = _newton(inputs, wanted, worth, start, strength)
    kept = np.where(np.sign(start) * learned < 0, 0.0, learned)
    values = {name: round(float(value), 3) for name, value in zip(names, kept, strict=True)}
    return Weights(values, prior.match, prior.review, source)


def _newton(
    inputs: NDArray[np.float64],
    wanted: NDArray[np.float64],
    worth: NDArray[np.float64],
    start: NDArray[np.float64],
    strength: float,
) -> NDArray[np.float64]:
    weights = start.copy()
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (worth * (likely - wanted)) + strength * (weights - start)
        bend = (inputs * (worth * likely * (1 - likely))[:, None]).T @ inputs + strength * np.eye(len(start))
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if float(np.abs(step).max(initial=0.0)) < 1e-9:
            break
    return weights


def write_weights(weights: Weights, path: Path) -> None:
    """The weights file as `load_weights` reads it."""
    content = {
        "source": weights.source,
        "match": weights.match,
        "review": weights.review,
        "weights": dict(weights.weights),
    }
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def folds(labelled: Sequence[Labelled], count: int) -> dict[str, int]:
    """A fold for each report so that articles with an event in common share one; stable over runs."""
    linked: dict[str, set[str]] = {}
    for item in labelled:
        for one, other in itertools.product(item.events, item.events):
            linked.setdefault(one, set()).add(other)
    fold_of: dict[str, int] = {}
    for number, event in enumerate(sorted(linked)):
        if event in fold_of:
            continue
        waiting = [event]
        while waiting:
            reached = waiting.pop()
            if reached not in fold_of:
                fold_of[reached] = number % count
                waiting.extend(linked[reached])
    return {item.report.key: fold_of[min(item.events)] for item in labelled if item.events}
