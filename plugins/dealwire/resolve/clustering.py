"""Groups of reports from scores of pairs: the best two groups join first, while the mean score between them holds.

A mean over all pairs between two groups keeps one lucky pair from joining them, and lets many agreeing reports outweigh
a single odd one. Every step depends on scores and keys only, so the order of the input changes nothing. A weak report
(one party, no figure) is placed last and alone: it never makes two groups one.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dealwire.resolve.scoring import MICRO

Pair = tuple[str, str]
Entry = tuple[int, str, str, int, int]
UNMET = -2 * MICRO  # two reports that share no key were not compared: that speaks against one deal
_CLEAR = MICRO // 2  # by how much a weak report's best group must lead the next one that matches too


@dataclass
class Group:
    """Reports that are one deal so far. `sums` holds the sum and number of scored pairs to each neighbour."""

    members: list[str]
    sums: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The smallest key: a name that does not depend on how the group grew."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided: sets that stay together, which win over all else, and pairs that stay apart."""

    together: Sequence[Collection[str]] = ()
    apart: frozenset[Pair] = frozenset()


def components(keys: Collection[str], edges: Iterable[Pair]) -> list[list[str]]:
    """Connected parts of a graph over `keys`, each sorted; edges to other keys are passed over."""
    head = {key: key for key in keys}

    def find(key: str) -> str:
        while head[key] != key:
            head[key] = head[head[key]]
            key = head[key]
        return key

    for one, other in edges:
        if one in head and other in head:
            low, high = sorted((find(one), find(other)))
            head[high] = low
    parts: dict[str, list[str]] = {}
    for key in sorted(keys):
        parts.setdefault(find(key), []).append(key)
    return list(parts.values())


class Clusterer:
    """The groups of one connected block while they grow."""

    def __init__(self, scores: Mapping[Pair, int], apart: Mapping[str, set[str]], capped: bool, match: int) -> None:
        self._scores, self._apart, self._capped, self._match = scores, apart, capped, match
        self._groups: dict[str, Group] = {}

    def run(self, strong: Collection[str], weak: Collection[str]) -> list[list[str]]:
        """Groups of the keys, each sorted."""
        self._start(strong)
        self._grow()
        self._place_weak(sorted(weak))
        return sorted(group.members for group in self._groups.values())

    def mean(self, group: Collection[str], other: Collection[str]) -> int | None:
        """The mean score between two groups, or None where no pair was compared."""
        total = count = 0
        for a in group:
            for b in other:
                score = self._scores.get((a, b) if a < b else (b, a))
                if score is not None:
                    total, count = total + score, count + 1
        return self._with_unmet(total, count, len(group) * len(other)) if count else None

    def _with_unmet(self, total: int, count: int, pairs: int) -> int:
        return total // count if self._capped else (total + UNMET * (pairs - count)) // pairs

    def _start(self, keys: Collection[str]) -> None:
        self._groups = {key: Group([key]) for key in sorted(keys)}
        for (one, other), score in self._scores.items():
            if one in self._groups and other in self._groups:
                self._add(one, other, score, 1)

    def _add(self, one: str, other: str, score: int, count: int) -> None:
        for a, b in ((one, other), (other, one)):
            total, seen = self._groups[a].sums.get(b, (0, 0))
            self._groups[a].sums[b] = (total + score, seen + count)

    def _between(self, one: Group, other: Group) -> int:
        total, count = one.sums[other.name]
        return self._with_unmet(total, count, len(one.members) * len(other.members))

    def _entry(self, one: Group, other: Group) -> Entry | None:
        """The join of two groups as the heap orders it; None below the line, until one of them changes."""
        mean = self._between(one, other)
        if mean < self._match:
            return None
        low, high = (one, other) if one.name < other.name else (other, one)
        return (-mean, low.name, high.name, len(low.members), len(high.members))

    def _grow(self) -> None:
        heap = [
            entry
            for name, group in self._groups.items()
            for other in group.sums
            if name < other and (entry := self._entry(group, self._groups[other])) is not None
        ]
        heapq.heapify(heap)
        while heap:
            _, name, other, size, other_size = heapq.heappop(heap)
            one, two = self._groups.get(name), self._groups.get(other)
            if one is None or two is None or (len(one.members), len(two.members)) != (size, other_size):
                continue
            if not self._forbidden(one.members, two.members):
                self._join(one, two, heap)

    def _join(self, one: Group, two: Group, heap: list[Entry]) -> None:
        del self._groups[two.name]
        one.sums.pop(two.name)
        two.sums.pop(one.name)
        gone, kept = two.name, one.name
        one.members = sorted([*one.members, *two.members])
        for other, (total, count) in two.sums.items():
            self._groups[other].sums.pop(gone)
            self._add(kept, other, total, count)
        for other in one.sums:
            entry = self._entry(one, self._groups[other])
            if entry is not None:
                heapq.heappush(heap, entry)

    def _forbidden(self, members: Collection[str], others: Collection[str]) -> bool:
        low, high = sorted((members, others), key=len)
        apart = (self._apart.get(key) for key in low)
        return any(not enemies.isdisjoint(high) for enemies in apart if enemies)

    def _place_weak(self, weak: Sequence[str]) -> None:
        """Each weak report by itself: to the one group that clearly fits, else to weak ones like it."""
        solid = [list(group.members) for group in self._groups.values()]
        placed: dict[str, list[str]] = {}
        loose = []
        for key in weak:
            means = [
                (mean, members[0]) for members in solid if (mean := self._allowed_mean([key], members)) is not None
            ]
            best = sorted(means, key=lambda item: (-item[0], item[1]))[:2]
            if not best or best[0][0] < self._match:
                loose.append(key)
            elif len(best) == 1 or best[1][0] < self._match or best[0][0] - best[1][0] >= _CLEAR:
                placed.setdefault(best[0][1], []).append(key)
            else:
                self._groups[key] = Group([key])  # fits two deals: a person decides
        for name, keys in placed.items():
            self._groups[name].members = sorted([*self._groups[name].members, *keys])
        rest = Clusterer(self._scores, self._apart, self._capped, self._match)
        rest._start(loose)
        rest._grow()
        self._groups |= {f"weak:{name}": group for name, group in rest._groups.items()}

    def _allowed_mean(self, members: Collection[str], others: Collection[str]) -> int | None:
        return None if self._forbidden(members, others) else self.mean(members, others)
