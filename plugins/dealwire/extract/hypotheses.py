"""Whole records worth weighing: for each likely kind, sets of parties with roles that the kind allows.

The scorers of single parties propose, the record scorer (features_record.py) decides; so this step aims at recall.
"""

from __future__ import annotations

import math
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
    {"investor", "lender", "partner", "provider", "acquirer", "seller", "customer", "developer"}
)
# Several parties on one side need one on the other.
TWO_SIDED: frozenset[Kind] = frozenset(
    {"compute_contract", "chip_supply", "power", "acquisition", "equity_investment", "debt_financing"}
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
    found: list[Hypothesis] = []
    for number in order:
        if kind_chances[number] >= least or number == order[0]:
            found += _of_kind(KINDS[number], party_scores)
    return found


def _of_kind(kind: Kind, scores: Floats) -> list[Hypothesis]:
    by_parties: dict[tuple[tuple[int, Role], ...], Hypothesis] = {}
    for pattern in PATTERNS[kind]:
        basic = _combine(kind, pattern, scores)
        for hypothesis in basic:
            by_parties.setdefault(hypothesis.parties, hypothesis)
        for hypothesis in basic[:EXTENDED]:
            for wider in _widen(hypothesis, scores):
                by_parties.setdefault(wider.parties, wider)
    return list(by_parties.values())


def _combine(kind: Kind, pattern: tuple[Role, ...], scores: Floats) -> list[Hypothesis]:
    choices = []
    for role in pattern:
        column = scores[:, SCORE_COLUMN[kind, role]]
        best = np.argsort(-column, kind="stable")[:PER_ROLE]
        choices.append([(int(entity), role, float(column[entity])) for entity in best])
    found: dict[tuple[tuple[int, Role], ...], Hypothesis] = {}
    for combination in product(*choices):
        if len({entity for entity, _, _ in combination}) == len(pattern):
            parties = tuple(sorted((entity, role) for entity, role, _ in combination))
            found[parties] = Hypothesis(kind, parties, sum(score for _, _, score in combination))
    return sorted(found.values(), key=lambda one: (-one.support, one.parties))[:PER_PATTERN]


def _widen(hypothesis: Hypothesis, scores: Floats) -> list[Hypothesis]:
    """More parties in the roles it has, at several levels of doubt."""
    found: list[Hypothesis] = []
    roles = {role for _, role in hypothesis.parties}
    if len(roles) == 1 and hypothesis.kind in TWO_SIDED:
        return found
    inside = hypothesis.entities
    for role in sorted(roles & PLURAL):
        column = scores[:, SCORE_COLUMN[hypothesis.kind, role]]
        order = [int(e) for e in np.argsort(-column, kind="stable")[: JOIN_LIMIT + len(inside)] if e not in inside]
        values = [float(column[e]) for e in order[:JOIN_LIMIT]]
        sizes = {sum(value >= least for value in values) for least in JOIN_MARGINS} | {1}
        for size in sorted(sizes - {0}):
            joined = order[:size]
            if not joined:
                continue
            parties = tuple(sorted((*hypothesis.parties, *((entity, role) for entity in joined))))
            found.append(Hypothesis(hypothesis.kind, parties, hypothesis.support + sum(values[:size])))
    return found
