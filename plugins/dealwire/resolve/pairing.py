"""Which pairs of reports are scored: those that share a blocking key within the window, with a bound on every block."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dealwire.resolve.blocking import REACH, WINDOW
from dealwire.resolve.clustering import Pair
from dealwire.resolve.profiles import Profile

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of the compared pairs, and the reports of blocks over the cap."""

    scores: Mapping[Pair, int]
    capped: frozenset[str]


def score_pairs(profiles: Mapping[str, Profile], score: Callable[[Profile, Profile], int]) -> Scored:
    """Score every pair worth comparing, once; scores are in millionths."""
    blocks: dict[str, list[Profile]] = {}
    for profile in sorted(profiles.values(), key=lambda p: (p.at or _LAST, p.key)):
        for key in profile.keys:
            blocks.setdefault(key, []).append(profile)
    scores: dict[Pair, int] = {}
    capped: set[str] = set()
    for block in blocks.values():
        if len(block) > REACH + 1:
            capped.update(profile.key for profile in block)
        for one, other in _neighbours(block, REACH):
            pair = (one.key, other.key) if one.key < other.key else (other.key, one.key)
            if pair not in scores and within_window(one, other):
                scores[pair] = score(one, other)
    return Scored(scores, frozenset(capped))


def score_across(
    profiles: Mapping[str, Profile], others: Mapping[str, Profile], score: Callable[[Profile, Profile], int]
) -> dict[Pair, int]:
    """Scores of pairs between two sets of reports that share a key."""
    carrying: dict[str, list[Profile]] = {}
    for other in others.values():
        for key in other.keys:
            carrying.setdefault(key, []).append(other)
    scores: dict[Pair, int] = {}
    for profile in profiles.values():
        for other in {o.key: o for key in profile.keys for o in carrying.get(key, ())}.values():
            if within_window(profile, other):
                scores[min(profile.key, other.key), max(profile.key, other.key)] = score(profile, other)
    return scores


def _neighbours(block: Sequence[Profile], reach: int) -> itertools.chain[tuple[Profile, Profile]]:
    return itertools.chain.from_iterable(
        ((block[i], other) for other in block[i + 1 : i + 1 + reach]) for i in range(len(block))
    )


def within_window(one: Profile, other: Profile) -> bool:
    """Whether the two lie near enough in time to be compared; an undated one always does."""
    return one.at is None or other.at is None or abs(one.at - other.at) <= WINDOW
