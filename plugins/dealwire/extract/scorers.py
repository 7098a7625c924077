"""Learned scorers as plain numbers: weights and trees from JSON, and the log-odds they give to rows of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dealwire.extract import trees as boosted
from dealwire.extract.layout import Floats
from dealwire.extract.trees import Trees

EXPLAINED = 6  # features kept in a claim


def chance(margin: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(margin, -30.0, 30.0))))


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds = bias + row . weights. With several columns: one column of weights an answer."""

    weights: Floats
    bias: Floats

    def margin(self, rows: Floats) -> Floats:
        return np.asarray(rows @ self.weights + self.bias)

    def to_json(self) -> dict[str, Any]:
        return {"weights": self.weights.tolist(), "bias": self.bias.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Linear:
        return cls(np.array(data["weights"], dtype=float), np.array(data["bias"], dtype=float))


@dataclass(frozen=True, slots=True)
class Scorer:
    """The mean log-odds of a linear model and of boosted trees; either may be missing."""

    features: tuple[str, ...]
    linear: Linear | None = None
    trees: Trees | None = None

    def margin(self, rows: Floats) -> Floats:
        parts = [part.margin(rows) for part in (self.linear, self.trees) if part is not None]
        return np.asarray(sum(parts) / len(parts))

    def chance(self, rows: Floats) -> Floats:
        return chance(self.margin(rows))

    def explain(self, row: Floats) -> dict[str, float]:
        """The features that moved this row most, each with its share of the log-odds."""
        shares = np.zeros(len(row))
        parts = 0
        if self.linear is not None:
            shares = shares + self.linear.weights * row
            parts += 1
        if self.trees is not None:
            shares = shares + self.trees.contributions(row)
            parts += 1
        return strongest(self.features, shares / max(parts, 1))

    def to_json(self) -> dict[str, Any]:
        return {
            "features": list(self.features),
            "linear": self.linear.to_json() if self.linear else None,
            "trees": boosted.to_json(self.trees) if self.trees else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Scorer:
        return cls(
            features=tuple(data["features"]),
            linear=Linear.from_json(data["linear"]) if data["linear"] else None,
            trees=boosted.from_json(data["trees"]) if data["trees"] else None,
        )


def strongest(features: Sequence[str], shares: Floats) -> dict[str, float]:
    order = np.argsort(-np.abs(shares), kind="stable")[:EXPLAINED]
    return {features[at]: round(float(shares[at]), 3) for at in order if abs(shares[at]) >= 0.005}


@dataclass(frozen=True, slots=True)
class Platt:
    """Maps log-odds to a calibrated probability."""

    slope: float = 1.0
    shift: float = 0.0

    def chance(self, margin: float) -> float:
        return float(chance(np.array(self.slope * margin + self.shift)))
