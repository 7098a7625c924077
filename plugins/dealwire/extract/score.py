"""Count how well predicted deals agree with labelled ones.

A predicted primary deal meets a labelled deal of a compatible kind whose parties it shares (Jaccard of folded
names >= 1/2; a label with one party also meets a prediction of at most three that holds it). Every deal meets at
most one other, the best pair first. A prediction that meets a background label counts neither way.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from dealwire.extract.folded_names import fold
from dealwire.extract.gold import Deal, Labelled
from dealwire.model import COMPATIBLE_KINDS, Kind

TOLERANCE = Decimal("0.01")


def kinds_fit(one: Kind, other: Kind) -> bool:
    return one == other or frozenset((one, other)) in COMPATIBLE_KINDS


def names(deal: Deal) -> set[str]:
    return {fold(party.name) for party in deal.parties}


def roles(deal: Deal) -> set[tuple[str, str]]:
    return {(fold(party.name), party.role) for party in deal.parties}


def number_right(got: Decimal | None, want: Decimal | None) -> bool:
    if got is None or want is None:
        return got is want
    return abs(got - want) <= TOLERANCE * abs(want)


def amount_right(got: Deal, want: Deal) -> bool:
    return number_right(got.amount, want.amount) and (want.amount is None or got.currency == want.currency)


def capacity_right(got: Deal, want: Deal) -> bool:
    return {(c.unit, c.quantity) for c in got.capacity} == {(c.unit, c.quantity) for c in want.capacity}


FIELDS: Mapping[str, Callable[[Deal, Deal], bool]] = {
    "kind": lambda got, want: got.kind == want.kind,
    "status": lambda got, want: got.status == want.status,
    "amount": amount_right,
    "qualifier": lambda got, want: want.amount is None or got.amount_qualifier == want.amount_qualifier,
    "basis": lambda got, want: want.amount is None or got.amount_basis == want.amount_basis,
    "valuation": lambda got, want: number_right(got.valuation, want.valuation),
    "term": lambda got, want: got.term_months == want.term_months,
    "announced": lambda got, want: got.announced_on == want.announced_on,
    "capacity": capacity_right,
}


def record_right(got: Deal, want: Deal) -> bool:
    return got.kind == want.kind and got.status == want.status and roles(got) == roles(want) and amount_right(got, want)


def affinity(got: Deal, want: Deal) -> float:
    """0 where the two are not the same deal; else larger the better the pair."""
    mine, theirs = names(got), names(want)
    shared = len(mine & theirs)
    if not shared or not kinds_fit(got.kind, want.kind):
        return 0.0
    jaccard = shared / len(mine | theirs)
    lone_party_met = len(theirs) == 1 and len(mine) <= 3
    if jaccard < 0.5 and not lone_party_met:
        return 0.0
    return jaccard + (got.kind == want.kind) + 2 * amount_right(got, want)


def pair_up(got: Sequence[Deal], want: Sequence[Deal]) -> list[tuple[int, int]]:
    """Index pairs (prediction, label), best affinity first, each deal used once."""
    ranked = sorted(((affinity(g, w), i, j) for i, g in enumerate(got) for j, w in enumerate(want)), reverse=True)
    pairs: list[tuple[int, int]] = []
    for value, i, j in ranked:
        if value > 0 and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


Fault = Literal["wrong field", "not a deal of this article", "missed"]


@dataclass(frozen=True, slots=True)
class Mistake:
    article_id: str
    fault: Fault
    want: Deal | None
    got: Deal | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one article (or a sum of many): additive, so that a bootstrap is a sum over resampled events."""

    counts: Counter[str] = field(default_factory=Counter)
    mistakes: tuple[Mistake, ...] = ()


def tally(labelled: Labelled, predicted: Sequence[Deal]) -> Tally:
    counts: Counter[str] = Counter(articles=1)
    mistakes: list[Mistake] = []
    name, golds = labelled.article.id, labelled.deals
    primary = [deal for deal in predicted if deal.salience == "primary"]
    pairs = pair_up(primary, golds)
    for i, j in pairs:
        if golds[j].salience == "primary":
            _count_pair(counts, primary[i], golds[j])
            if not record_right(primary[i], golds[j]):
                mistakes.append(Mistake(name, "wrong field", golds[j], primary[i]))
    met_got, met_want = {i for i, _ in pairs}, {j for _, j in pairs}
    extra = [deal for i, deal in enumerate(primary) if i not in met_got]
    lost = [deal for j, deal in enumerate(golds) if j not in met_want and deal.salience == "primary"]
    counts["fp"] += len(extra)
    counts["fn"] += len(lost)
    mistakes += [Mistake(name, "not a deal of this article", None, deal) for deal in extra]
    mistakes += [Mistake(name, "missed", deal, None) for deal in lost]
    if not golds:
        counts["negatives"] += 1
        counts["alarms"] += bool(primary)
    return Tally(counts, tuple(mistakes))


def _count_pair(counts: Counter[str], got: Deal, want: Deal) -> None:
    counts["tp"] += 1
    counts["exact"] += record_right(got, want)
    for name, right in FIELDS.items():
        counts[f"field:{name}"] += right(got, want)
    mine, theirs = roles(got), roles(want)
    counts["role_tp"] += len(mine & theirs)
    counts["role_fp"] += len(mine - theirs)
    counts["role_fn"] += len(theirs - mine)


@dataclass(frozen=True, slots=True)
class Ratio:
    precision: float
    recall: float
    f1: float


def ratio(right: int, extra: int, lost: int) -> Ratio:
    precision = right / (right + extra) if right + extra else 0.0
    recall = right / (right + lost) if right + lost else 0.0
    both = precision + recall
    return Ratio(precision, recall, 2 * precision * recall / both if both else 0.0)


@dataclass(frozen=True, slots=True)
class Figures:
    articles: int
    deal: Ratio
    record: Ratio
    roles: Ratio
    fields: Mapping[str, float]
    false_alarms: float | None


def figures(counts: Counter[str]) -> Figures:
    found, exact = counts["tp"], counts["exact"]
    return Figures(
        articles=counts["articles"],
        deal=ratio(found, counts["fp"], counts["fn"]),
        record=ratio(exact, found - exact + counts["fp"], found - exact + counts["fn"]),
        roles=ratio(counts["role_tp"], counts["role_fp"], counts["role_fn"]),
        fields={name: counts[f"field:{name}"] / found if found else 0.0 for name in FIELDS},
        false_alarms=counts["alarms"] / counts["negatives"] if counts["negatives"] else None,
    )


def total(tallies: Iterable[Tally]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for one in tallies:
        summed.update(one.counts)
    return summed


def resolution(labelled: Sequence[Labelled], predicted: Mapping[str, Sequence[Deal]]) -> Ratio | None:
    """Pairs of articles joined by a common deal_id against pairs of one event; None where no deal_id is given."""
    told: dict[str, tuple[str, set[str]]] = {}
    for one in labelled:
        primary = [deal for deal in predicted.get(one.article.id, ()) if deal.salience == "primary"]
        for i, j in pair_up(primary, one.deals):
            identity = primary[i].deal_id
            if one.deals[j].salience == "primary" and one.event and identity is not None:
                told.setdefault(one.article.id, (one.event, set()))[1].add(identity)
    if not told:
        return None
    right = extra = lost = 0
    for (event_a, ids_a), (event_b, ids_b) in itertools.combinations(told.values(), 2):
        joined = bool(ids_a & ids_b)
        right += joined and event_a == event_b
        extra += joined and event_a != event_b
        lost += not joined and event_a == event_b
    return ratio(right, extra, lost)
