"""Work cut into batches for the DAGs, which map over batches and never over single rows.

A batch is a range of ids [first, last], and its task takes what still waits in that range: an XCom stays a few
hundred bytes however much there is to do, and a task that is repeated does only what is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_BATCHES = 20


def batches(ids: Sequence[int], smallest: int) -> list[list[int]]:
    """At most 20 ranges that together hold all ids, each with at least `smallest` where there are that many."""
    ordered = sorted(ids)
    size = max(smallest, math.ceil(len(ordered) / MOST_BATCHES))
    parts = [ordered[begin : begin + size] for begin in range(0, len(ordered), size)]
    return [[part[0], part[-1]] for part in parts]


def within(ids: Sequence[int], batch: Sequence[int]) -> list[int]:
    """The ids that lie in a batch, in their order."""
    first, last = batch
    return [one for one in ids if first <= one <= last]


def add(total: dict[str, int], counts: dict[str, int]) -> dict[str, int]:
    """Add counts to a total, key by key."""
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count
    return total
