"""Boosted trees as plain arrays: exported from scikit-learn, kept as JSON, evaluated by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    _questions: _Questions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_questions", _Questions.of(self))

    def margin(self, rows: Floats) -> Floats:
        """Log-odds of each row."""
        if not len(rows) or not len(self.feature):
            return np.full(len(rows), self.base)
        asked = self._questions
        values = asked.value.take(asked.leaves(rows))
        leaves: Floats = np.ascontiguousarray(values.T).sum(axis=1) + self.base
        return leaves

    def contributions(self, row: Floats) -> Floats:
        """What each feature of one row added: the change of the node's mean value along its paths."""
        leaves = self._questions.leaves(row[None, :])[:, 0]
        asked, changed = (table.take(leaves, axis=1).ravel() for table in self._questions.paths)
        return np.asarray(np.bincount(asked, changed, len(row)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Questions:
    """The same trees as questions that are all asked at once: "is the feature at most the threshold?"

    A no rules out the leaves on the question's left. Of the leaves that are left over, bits of one number a tree, the
    leftmost is the one that walking down the tree would have reached (QuickScorer: Lucchese and others, 2015).
    """

    feature: Ints  # of each question of each tree
    threshold: Floats  # the same, in one column
    remaining: Any  # the bits of the leaves that a no leaves over, in one column
    first: Ints  # where each tree's leaves begin among all leaves, in one column
    value: Floats  # of each leaf
    paths: tuple[Ints, Floats]  # (step, leaf): which feature each step down to the leaf asks, and what it changes

    def leaves(self, rows: Floats) -> Ints:
        """(tree, row): the leaf that each row reaches."""
        yes = np.ascontiguousarray(rows.T).take(self.feature, axis=0) <= self.threshold
        kept = self.remaining | -yes.astype(self.remaining.dtype)
        left_over = np.bitwise_and.reduce(kept.reshape(-1, len(self.first), len(rows)))
        leftmost: Ints = np.frexp((left_over & -left_over).astype(np.float64))[1] - 1 + self.first
        return leftmost

    @classmethod
    def of(cls, trees: Trees) -> _Questions:
        count, width = trees.feature.shape
        most = (width + 1) // 2
        bits = next(
            (kind for kind in (np.uint16, np.uint32, np.uint64) if most <= np.iinfo(kind).bits),
            None,
        )
        if bits is None:
            raise ValueError(f"a tree has {most} leaves; one bit each of 64 is the most")
        shape = (max(most - 1, 1), count)
        feature, threshold = np.zeros(shape, dtype=np.int64), np.zeros(shape)
        remaining = np.full(shape, np.iinfo(bits).max, dtype=bits)
        value = np.zeros((count, most))
        asked, changed = (
            np.zeros((trees.depth, count, most), dtype=np.int64),
            np.zeros((trees.depth, count, most)),
        )
        for tree in range(count):
            leaves, inner = _walk(trees.left[tree].tolist(), trees.right[tree].tolist())
            for row, (node, first, last) in enumerate(inner):
                feature[row, tree], threshold[row, tree] = (
                    trees.feature[tree, node],
                    trees.threshold[tree, node],
                )
                remaining[row, tree] ^= bits((1 << last) - (1 << first))
            for leaf, path in enumerate(leaves):
                value[tree, leaf] = trees.value[tree, path[-1]]
                asked[: len(path) - 1, tree, leaf] = trees.feature[tree, path[:-1]]
                changed[: len(path) - 1, tree, leaf] = np.diff(trees.value[tree, path])
        firsts = (np.arange(count) * most)[:, None]
        paths = (
            asked.reshape(trees.depth, count * most),
            changed.reshape(trees.depth, count * most),
        )
        return cls(
            feature.ravel(),
            threshold.reshape(-1, 1),
            remaining.reshape(-1, 1),
            firsts,
            value.ravel(),
            paths,
        )


def _walk(left: list[int], right: list[int]) -> tuple[list[list[int]], list[tuple[int, int, int]]]:
    """The paths to the leaves from left to right, and each inner node with the range of the leaves on its left."""
    leaves: list[list[int]] = []
    inner: list[tuple[int, int, int]] = []

    def visit(path: list[int]) -> None:
        node = path[-1]
        if left[node] == node:
            leaves.append(path)
            return
        first = len(leaves)
        visit([*path, left[node]])
        inner.append((node, first, len(leaves)))
        visit([*path, right[node]])

    visit([0])
    return leaves, inner


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
    return Trees(
        base,
        depth,
        integers["feature"],
        floats["threshold"],
        integers["left"],
        integers["right"],
        value,
    )


def _copy_tree(
    table: Any,
    number: int,
    arrays: Mapping[str, Any],
    used: Ints,
    edges: Sequence[Floats],
) -> None:
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
