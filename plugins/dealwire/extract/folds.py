"""Splits that keep an event on one side, and intervals from resampling whole events."""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from dealwire.extract.score import Figures, figures


def fold_of_group(groups: Sequence[str], count: int, salt: str = "") -> dict[str, int]:
    """Group -> fold number. Groups go to the emptiest fold, largest first, ties by hash: the same on every machine."""
    sizes = Counter(groups)
    order = sorted(sizes, key=lambda group: (-sizes[group], hashlib.sha256((salt + group).encode()).hexdigest()))
    load = [0] * count
    chosen: dict[str, int] = {}
    for group in order:
        emptiest = min(range(count), key=lambda number: (load[number], number))
        chosen[group] = emptiest
        load[emptiest] += sizes[group]
    return chosen


def split(groups: Sequence[str], count: int, salt: str = "") -> list[tuple[list[int], list[int]]]:
    """(training rows, held-out rows) for each fold."""
    fold = fold_of_group(groups, count, salt)
    numbers = [fold[group] for group in groups]
    return [
        (
            [row for row, number in enumerate(numbers) if number != held_out],
            [row for row, number in enumerate(numbers) if number == held_out],
        )
        for held_out in range(count)
    ]


def bootstrap(
    counts: Sequence[Counter[str]],
    groups: Sequence[str],
    figure: Mapping[str, Callable[[Figures], float]],
    repeats: int = 1000,
    level: float = 0.9,
) -> dict[str, tuple[float, float]]:
    """Interval of each figure when whole groups are drawn anew with replacement."""
    by_group: dict[str, Counter[str]] = defaultdict(Counter)
    for one, group in zip(counts, groups, strict=True):
        by_group[group].update(one)
    pool = [by_group[group] for group in sorted(by_group)]
    draw = random.Random(20260101)  # noqa: S311  a fixed sequence, so that published intervals can be made again
    drawn: dict[str, list[float]] = {name: [] for name in figure}
    for _ in range(repeats):
        summed: Counter[str] = Counter()
        for one in draw.choices(pool, k=len(pool)):
            summed.update(one)
        result = figures(summed)
        for name, value in figure.items():
            drawn[name].append(value(result))
    cut = int(repeats * (1 - level) / 2)
    return {name: (sorted(values)[cut], sorted(values)[-cut - 1]) for name, values in drawn.items()}
