"""Whether a figure is exact, about, up to, or at least: from the words that touch it."""

from __future__ import annotations

from collections.abc import Iterable

from dealwire.extract.lexicon import Hit
from dealwire.model import Qualifier

_STRENGTH: dict[str, int] = {"approx": 1, "at_least": 2, "up_to": 3}
_STOPS = frozenset(".;:!?。；！？\n()（）")
_REACH = 22  # characters between the word and the figure: an article, a currency, a preposition


def qualifier_of(start: int, end: int, near: Iterable[Hit], folded: str, *, more: bool = False) -> Qualifier:
    """The strongest qualifier that stands right before or right after `folded[start:end]`."""
    found = "at_least" if more else ""
    neutral = [hit for hit in near if hit.kind == "qualifier" and hit.value == "exact"]
    for hit in near:
        if any(n.start <= hit.start and hit.end <= n.end for n in neutral):
            continue  # "ein Vertrag über 5 Milliarden": this "über" says what the contract is about
        before = hit.kind == "qualifier" and hit.end <= start + 1 and _touches(folded, hit.end, start, _REACH)
        after = hit.kind == "qualifier_after" and hit.start >= end and _touches(folded, end, hit.start, 3)
        if before or after:
            found = _stronger(found, hit.value)
    if found == "up_to":
        return "up_to"
    if found == "at_least":
        return "at_least"
    return "approx" if found == "approx" else "exact"


def _stronger(one: str, other: str) -> str:
    return other if _STRENGTH[other] > _STRENGTH.get(one, 0) else one


def _touches(folded: str, left: int, right: int, reach: int) -> bool:
    gap = folded[left:right]
    return len(gap) <= reach and gap.count(" ") <= 3 and not any(c in _STOPS or c.isdigit() or c == "," for c in gap)
