"""Whole records worth weighing: for each likely kind, sets of parties with roles that the kind allows.

The scorers of single parties propose, the record scorer (features_record.py) decides; so this step aims at recall.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from dealwire.extract.features_party import PAIRS
from dealwire.extract.layout import Floats
from dealwire.model import KINDS, Kind, Role

PATTERNS: Mapping[Kind, tuple[tuple[Role, ...], ...]] = {
    "compute_contract": (("provider", "customer"), ("provider",), ("customer",)),
    "chip_supply": (("provider", "customer"), ("customer",), ("provider",)),
    "datacenter": (
        ("provider", "customer"),
        ("developer", "customer"),
        ("developer",),
        ("customer",),
        ("provider",),
        ("developer", "developer"),
    ),
    "power": (("provider", "customer"), ("customer",)),
    "equity_investment": (("investor", "investee"), ("investee",)),
    "acquisition": (
        ("acquirer", "target"),
        ("acquirer", "target", "seller"),
        ("acquirer", "seller"),
        ("target",),
        ("target", "seller"),
    ),
    "debt_financing": (("lender", "borrower"), ("borrower",)),
    "joint_venture": (("partner", "partner"), ("partner",)),
    "partnership": (("partner", "partner"),),
}
# Roles that several parties of one deal may share.
PLURAL: frozenset[Role] = frozenset(
    {
        "investor",
        "lender",
        "partner",
        "provider",
        "acquirer",
        "seller",
        "customer",
        "developer",
    }
)
# Several parties on one side need one on the other.
TWO_SIDED: frozenset[Kind] = frozenset(
    {
        "compute_contract",
        "chip_supply",
        "power",
        "acquisition",
        "equity_investment",
        "debt_financing",
    }
)
PER_ROLE = 5
PER_PATTERN = 7
EXTENDED = 4
JOIN_MARGINS = tuple(math.log(chance / (1 - chance)) for chance in (0.7, 0.5, 0.3, 0.15))
JOIN_LIMIT = 14
SCORE_COLUMN = {pair: number for number, pair in enumerate(PAIRS)}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """`parties` are (entity number, role), sorted. `support` is the sum of the single parties' log-odds."""

    kind: Kind
    parties: tuple[tuple[int, Role], ...]
    support: float

    @property
    def entities(self) -> frozenset[int]:
        return frozenset(number for number, _ in self.parties)


def propose(party_scores: Floats, kind_chances: Floats, least: float = 0.04, kinds: int = 5) -> list[Hypothesis]:
    """`party_scores` is (entity, kind and role of PAIRS) in log-odds."""
    if not len(party_scores):
        return []
    order = np.argsort(-kind_chances, kind="stable")[:kinds]
    columns = _columns(party_scores)
    found: list[Hypothesis] = []
    for number in order:
        if kind_chances[number] >= least or number == order[0]:
            found += _of_kind(KINDS[number], columns)
    return found


Column = list[tuple[int, float]]  # (entity, log-odds), the likeliest first


def _columns(scores: Floats) -> list[Column]:
    """One for each of PAIRS."""
    orders = np.argsort(-scores, axis=0, kind="stable").T.tolist()
    return [
        [(entity, column[entity]) for entity in order] for order, column in zip(orders, scores.T.tolist(), strict=True)
    ]


def _of_kind(kind: Kind, columns: list[Column]) -> list[Hypothesis]:
    by_parties: dict[tuple[tuple[int, Role], ...], Hypothesis] = {}
    for pattern in PATTERNS[kind]:
        basic = _combine(kind, pattern, columns)
        for hypothesis in basic:
            by_parties.setdefault(hypothesis.parties, hypothesis)
        for hypothesis in basic[:EXTENDED]:
            for wider in _widen(hypothesis, columns):
                by_parties.setdefault(wider.parties, wider)
    return list(by_parties.values())


def _combine(kind: Kind, pattern: tuple[Role, ...], columns: list[Column]) -> list[Hypothesis]:
    choices = [columns[SCORE_COLUMN[kind, role]][:PER_ROLE] for role in pattern]
    found: dict[tuple[tuple[int, Role], ...], float] = {}
    for combination in product(*choices):
        entities = [entity for entity, _ in combination]
        if len(set(entities)) == len(pattern):
            parties = tuple(sorted(zip(entities, pattern, strict=True)))
            found[parties] = sum([score for _, score in combination])
    best = sorted((-support, parties) for parties, support in found.items())[:PER_PATTERN]
    return [Hypothesis(kind, parties, -support) for support, parties in best]


def _widen(hypothesis: Hypothesis, columns: list[Column]) -> list[Hypothesis]:
    """More parties in the roles it has, at several levels of doubt."""
    found: list[Hypothesis] = []
    roles = {role for _, role in hypothesis.parties}
    if len(roles) == 1 and hypothesis.kind in TWO_SIDED:
        return found
    inside = hypothesis.entities
    for role in sorted(roles & PLURAL):
        best = columns[SCORE_COLUMN[hypothesis.kind, role]][: JOIN_LIMIT + len(inside)]
        order = [(entity, value) for entity, value in best if entity not in inside]
        values = [value for _, value in order[:JOIN_LIMIT]]
        falling = [-value for value in values]
        sizes = {bisect_right(falling, -least) for least in JOIN_MARGINS} | {1}
        for size in sorted(sizes - {0}):
            joined = order[:size]
            if not joined:
                continue
            parties = tuple(sorted((*hypothesis.parties, *((entity, role) for entity, _ in joined))))
            found.append(Hypothesis(hypothesis.kind, parties, hypothesis.support + sum(values[:size])))
    return found
