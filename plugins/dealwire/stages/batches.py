"""Work cut into batches of ids for the DAGs, which map over batches and never over single rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_BATCHES = 20
MOST_IDS = 20_000  # of one run; the rest waits for the next, so that an XCom stays small


def batches(ids: Sequence[int], smallest: int) -> list[list[int]]:
    """At most 20 batches, of at least `smallest` ids where there are that many."""
    ids = ids[:MOST_IDS]
    size = max(smallest, math.ceil(len(ids) / MOST_BATCHES))
    return [list(ids[begin : begin + size]) for begin in range(0, len(ids), size)]


def add(total: dict[str, int], counts: dict[str, int]) -> dict[str, int]:
    """Add counts to a total, key by key."""
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count
    return total
