"""Boosted trees as plain arrays: exported from scikit-learn, kept as JSON, evaluated by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trees:
    """A binary ensemble; row t of each array is tree t. A leaf points to itself, so `depth` steps reach it."""

    base: float
    depth: int
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats

    def margin(self, rows: Floats) -> Floats:
        """Log-odds of each row."""
        count, width = self.feature.shape
        if not len(rows) or not count:
            return np.full(len(rows), self.base)
        offset = np.arange(count) * width
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        left, right = self.left.ravel(), self.right.ravel()
        at = np.broadcast_to(offset, (len(rows), count)).copy()
        row_start = (np.arange(len(rows)) * rows.shape[1])[:, None]
        flat = rows.ravel()
        for _ in range(self.depth):
            goes_left = flat[row_start + feature[at]] <= threshold[at]
            at = np.where(goes_left, left[at], right[at]) + offset
        leaves: Floats = self.value.ravel()[at].sum(axis=1) + self.base
        return leaves

    def contributions(self, row: Floats) -> Floats:
        """What each feature of one row added: the change of the node's mean value along its paths."""
        shares = np.zeros(len(row))
        trees = np.arange(len(self.feature))
        node = np.zeros(len(trees), dtype=np.int64)
        for _ in range(self.depth):
            feature = self.feature[trees, node]
            goes_left = row[feature] <= self.threshold[trees, node]
            following = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            np.add.at(shares, feature, self.value[trees, following] - self.value[trees, node])
            node = following
        return shares


def to_json(trees: Trees) -> dict[str, Any]:
    return {
        "base": trees.base,
        "depth": trees.depth,
        "feature": trees.feature.tolist(),
        "threshold": trees.threshold.tolist(),
        "left": trees.left.tolist(),
        "right": trees.right.tolist(),
        "value": trees.value.tolist(),
    }


def from_json(data: Mapping[str, Any]) -> Trees:
    return Trees(
        base=float(data["base"]),
        depth=int(data["depth"]),
        feature=np.array(data["feature"], dtype=np.int64),
        threshold=np.array(data["threshold"], dtype=np.float64),
        left=np.array(data["left"], dtype=np.int64),
        right=np.array(data["right"], dtype=np.int64),
        value=np.array(data["value"], dtype=np.float64),
    )


def from_scikit_learn(model: Any, used: Ints, edges: Sequence[Floats]) -> Trees:
    """From a binary HistGradientBoostingClassifier fitted on bin numbers of the columns `used`.

    Bin b of column c holds the values up to edges[c][b]. Inner nodes get the mean of the leaves below them.
    """
    tables = [per_class[0].nodes for per_class in model._predictors]
    width = max((len(table) for table in tables), default=1)
    shape = (len(tables), width)
    integers = {name: np.zeros(shape, dtype=np.int64) for name in ("feature", "left", "right")}
    floats = {name: np.zeros(shape, dtype=np.float64) for name in ("threshold", "value")}
    depth = 0
    for number, table in enumerate(tables):
        depth = max(depth, int(table["depth"].max()) if len(table) else 0)
        _copy_tree(table, number, {**integers, **floats}, used, edges)
    # Six digits keep the files small; rounding happens here, before any figure is measured.
    value: Floats = np.round(floats["value"], 6)
    base = round(float(model._baseline_prediction.ravel()[0]), 6)
    return Trees(base, depth, integers["feature"], floats["threshold"], integers["left"], integers["right"], value)


def _copy_tree(table: Any, number: int, arrays: Mapping[str, Any], used: Ints, edges: Sequence[Floats]) -> None:
    for node in range(len(table) - 1, -1, -1):  # children stand behind their parent
        row = table[node]
        if row["is_leaf"]:
            arrays["left"][number, node] = arrays["right"][number, node] = node
            arrays["value"][number, node] = row["value"]
            continue
        left, right = int(row["left"]), int(row["right"])
        column = int(used[row["feature_idx"]])
        arrays["feature"][number, node] = column
        arrays["threshold"][number, node] = edges[column][int(row["num_threshold"])]
        arrays["left"][number, node], arrays["right"][number, node] = left, right
        counts = table["count"][left], table["count"][right]
        values = arrays["value"][number, left], arrays["value"][number, right]
        arrays["value"][number, node] = float(np.average(values, weights=counts))
