"""Weights of the comparison and the two lines that decide: MATCH at or above one, REVIEW at or above the other."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from dealwire.resolve.comparison import compare, reasons
from dealwire.resolve.profiles import Profile

MICRO = 1_000_000  # scores are summed as whole millionths: sums of floats would depend on their order


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds of each feature, and the lines for MATCH and REVIEW."""

    weights: Mapping[str, float]
    match: float
    review: float
    source: str


def load_weights(path: Path | None = None) -> Weights:
    """Weights from a JSON file; the shipped ones by default."""
    if path is None:
        return _shipped()
    return _parsed(path.read_text("utf-8"))


def pair_score(one: Profile, other: Profile, weights: Weights) -> int:
    """The pair's log-odds in millionths."""
    features = compare(one, other)
    return sum(round(value * weights.weights.get(name, 0.0) * MICRO) for name, value in features.items())


def pair_reasons(one: Profile, other: Profile, weights: Weights) -> dict[str, float]:
    """The pair's score taken apart."""
    return reasons(compare(one, other), weights.weights)


@functools.cache
def _shipped() -> Weights:
    return _parsed(resources.files("dealwire.resolve").joinpath("weights.json").read_text("utf-8"))


def _parsed(text: str) -> Weights:
    raw = json.loads(text)
    return Weights(raw["weights"], float(raw["match"]), float(raw["review"]), raw["source"])
