"""Fitting scorers with scikit-learn. Only training imports this module; reading needs numpy alone.

Everything is single-threaded with fixed seeds, so that the same labels give the same digits.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dealwire.extract import trees
from dealwire.extract.layout import Floats
from dealwire.extract.scorers import Linear, Platt, Scorer

Labels = NDArray[np.float64]
DIGITS = 5
BINS = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a scorer is fitted. `strength` is the inverse of the linear model's regularisation; 0 leaves it out."""

    strength: float = 0.1
    rounds: int = 60
    leaves: int = 8
    rate: float = 0.08
    least: int = 15
    ridge: float = 5.0
    balanced: bool = False


def fit_linear(rows: Floats, labels: Labels, weights: Floats, strength: float, balanced: bool = False) -> Linear:
    """Logistic regression on scaled columns, given back for raw ones."""
    if len(np.unique(labels)) < 2:
        rate = min(0.999, max(0.001, float(labels.mean()) if len(labels) else 0.001))
        return Linear(np.zeros(rows.shape[1]), np.array(np.log(rate / (1 - rate))))
    scale = rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced" if balanced else None)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows / scale, labels, sample_weight=weights)
    return Linear(np.round(model.coef_[0] / scale, DIGITS), np.round(model.intercept_[0], DIGITS))


def bin_edges(column: Floats) -> Floats:
    """Cuts between values: all of them where there are few, else at even ranks."""
    values = np.unique(column)
    if len(values) > BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, BINS), method="nearest"))
    return np.round((values[1:] + values[:-1]) / 2, 6)


def _varied(column: Floats, least: int) -> bool:
    """Whether enough rows differ from the commonest value for a split to be allowed."""
    _, counts = np.unique(column, return_counts=True)
    return bool(len(column) - counts.max() >= least)


def fit_trees(rows: Floats, labels: Labels, weights: Floats, recipe: Recipe) -> trees.Trees:
    """Trees over our own bins: scikit-learn's weighted binning costs more than the growing."""
    edges = [bin_edges(rows[:, at]) for at in range(rows.shape[1])]
    used = np.array([at for at in range(rows.shape[1]) if _varied(rows[:, at], recipe.least)], dtype=np.int64)
    binned = np.column_stack([np.searchsorted(edges[at], rows[:, at]) for at in used]).astype(np.float64)
    model = HistGradientBoostingClassifier(
        max_iter=recipe.rounds,
        max_leaf_nodes=recipe.leaves,
        learning_rate=recipe.rate,
        min_samples_leaf=recipe.least,
        l2_regularization=recipe.ridge,
        max_features=0.5,
        max_bins=BINS,
        early_stopping=False,
        random_state=7,
    )
    with threadpool_limits(1):
        model.fit(binned, labels, sample_weight=weights)
    return trees.from_scikit_learn(model, used, edges)


def fit(features: Sequence[str], rows: Floats, labels: Labels, recipe: Recipe, weights: Floats | None = None) -> Scorer:
    weights = np.ones(len(rows)) if weights is None else weights
    assert rows.shape[1] == len(features), (rows.shape, len(features))
    linear = fit_linear(rows, labels, weights, recipe.strength, recipe.balanced) if recipe.strength else None
    grown = fit_trees(rows, labels, weights, recipe) if recipe.rounds and len(np.unique(labels)) > 1 else None
    if linear is None and grown is None:
        linear = fit_linear(rows, labels, weights, 1.0)
    return Scorer(tuple(features), linear, grown)


def fit_order(rows: Floats, right: Labels, articles: NDArray[np.int64], ridge: float) -> Linear:
    """Weights under which, in each article, some right row outweighs all others (a softmax over its rows).

    `articles` numbers the rows' articles from 0, in order; each must hold a right row.
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    scaled = (rows - mean) / scale
    starts = np.searchsorted(articles, np.arange(articles[-1] + 1))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = scaled @ weights
        shifted = np.exp(scores - np.maximum.reduceat(scores, starts)[articles])
        everything = np.add.reduceat(shifted, starts)
        good = np.add.reduceat(shifted * right, starts)
        slope = scaled.T @ (shifted / everything[articles] - shifted * right / (good[articles] + 1e-12))
        value = -np.log(good / everything + 1e-12).sum() + ridge * (weights @ weights)
        return float(value), slope + 2 * ridge * weights

    with threadpool_limits(1):
        best = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Linear(np.round(best.x / scale, DIGITS), np.array(0.0))


def fit_platt(margins: Floats, labels: Labels) -> Platt:
    if len(np.unique(labels)) < 2:
        return Platt()
    with threadpool_limits(1):
        model = LogisticRegression(C=10.0).fit(margins[:, None], labels)
    return Platt(round(float(model.coef_[0][0]), DIGITS), round(float(model.intercept_[0]), DIGITS))
