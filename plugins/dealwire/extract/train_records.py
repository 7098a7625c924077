"""The last stages of training: which record hypothesis is right, which is news, and what hangs on a deal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dealwire.extract.features_amount import CLAIM_FEATURES, claim_rows
from dealwire.extract.features_detail import (
    DATE_FEATURES,
    QUANTITY_FEATURES,
    STATUS_FEATURES,
    TERM_FEATURES,
    VALUATION_FEATURES,
    Anchor,
    date_rows,
    quantity_rows,
    relevance,
    status_row,
    term_rows,
    valuation_rows,
)
from dealwire.extract.features_record import RECORD_FEATURES, Evidence, record_rows
from dealwire.extract.hypotheses import Hypothesis, propose
from dealwire.extract.layout import Floats
from dealwire.extract.learning import Recipe, fit, fit_order
from dealwire.extract.priors import Priors
from dealwire.extract.score import affinity, number_right, roles
from dealwire.extract.scorers import Linear, Scorer, chance
from dealwire.extract.selection import EMIT_FEATURES, Ranked, survivors
from dealwire.extract.train_stages import Recipes, weights_of
from dealwire.extract.truth import Case, Target, as_deal
from dealwire.model import STATUSES

GATE = RECORD_FEATURES.index("gate")
CLEARLY_NONE = -1.5
# A hypothesis should be right in every party first; being nearly right keeps it in the race.
LOOSE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Pool:
    """The hypotheses of one case with their rows and labels."""

    hypotheses: list[Hypothesis]
    rows: Floats
    match: Floats
    exact: Floats


def make_pool(case: Case, evidence: Evidence, priors: Priors) -> Pool:
    hypotheses = propose(evidence.party, chance(evidence.kind))
    rows = record_rows(hypotheses, evidence, priors)
    match, exact = np.zeros(len(hypotheses)), np.zeros(len(hypotheses))
    reading = case.sheet.reading
    wanted = [target.deal for target in case.targets if target.primary]
    for at, hypothesis in enumerate(hypotheses):
        deal = as_deal(hypothesis, reading)
        met = [want for want in wanted if affinity(deal, want) > 0]
        match[at] = bool(met)
        exact[at] = any(want.kind == deal.kind and roles(want) == roles(deal) for want in met)
    return Pool(hypotheses, rows, match, exact)


@dataclass(frozen=True, slots=True)
class RecordScorers:
    """`order` ranks the hypotheses of one article; `match` and `exact` say how far to trust one."""

    order: Linear
    match: Scorer
    exact: Scorer


def train_records(cases: Sequence[Case], pools: Sequence[Pool], recipes: Recipes) -> RecordScorers:
    kept = [at for at, pool in enumerate(pools) if _instructive(pool)]
    cases, pools = [cases[at] for at in kept], [pools[at] for at in kept]
    rows = np.vstack([pool.rows for pool in pools])
    # An article weighs the same however many hypotheses it gives.
    sizes = [len(pool.hypotheses) for pool in pools]
    weights = weights_of(cases, sizes) / np.repeat(np.sqrt(np.maximum(sizes, 1)), sizes) * 6.0
    match = fit(RECORD_FEATURES, rows, np.concatenate([pool.match for pool in pools]), recipes.record, weights)
    exact = fit(RECORD_FEATURES, rows, np.concatenate([pool.exact for pool in pools]), recipes.record, weights)
    loose = _order([(pool.rows, pool.match) for pool in pools], recipes.order_ridge)
    strict = _order([(pool.rows, pool.exact) for pool in pools], recipes.order_ridge)
    return RecordScorers(Linear(LOOSE_SHARE * loose.weights + strict.weights, np.array(0.0)), match, exact)


def _order(pools: Sequence[tuple[Floats, Floats]], ridge: float) -> Linear:
    told = [(rows, right) for rows, right in pools if right.any()]
    articles = np.repeat(np.arange(len(told)), [len(rows) for rows, _ in told])
    return fit_order(
        np.vstack([rows for rows, _ in told]), np.concatenate([right for _, right in told]), articles, ridge
    )


def _instructive(pool: Pool) -> bool:
    """Articles that the gate stops anyway teach nothing of records."""
    return bool(len(pool.rows)) and (bool(pool.match.any()) or float(pool.rows[0, GATE]) > CLEARLY_NONE)


def rank(pool: Pool, scorers: RecordScorers) -> list[Ranked]:
    if not pool.hypotheses:
        return []
    rows = pool.rows
    return survivors(
        pool.hypotheses, scorers.order.margin(rows), scorers.match.margin(rows), scorers.exact.margin(rows), rows
    )


def emission_labels(case: Case, ranked: Sequence[Ranked]) -> tuple[list[float], list[float]]:
    """Walking down the ranks: is this one a primary deal that was not told yet? A background one?"""
    used: set[int] = set()
    news, recalled = [], []
    for one in ranked:
        deal = as_deal(one.hypothesis, case.sheet.reading)
        fits = [(affinity(deal, t.deal) + t.primary, -at) for at, t in enumerate(case.targets) if at not in used]
        fits = [pair for pair in fits if affinity(deal, case.targets[-pair[1]].deal) > 0]
        best = -max(fits)[1] if fits else None
        if best is not None:
            used.add(best)
        news.append(float(best is not None and case.targets[best].primary))
        recalled.append(float(best is not None and not case.targets[best].primary))
    return news, recalled


def train_emission(cases: Sequence[Case], rankings: Sequence[list[Ranked]], recipes: Recipes) -> tuple[Scorer, Scorer]:
    rows, news, recalled = [], [], []
    for case, ranked in zip(cases, rankings, strict=True):
        one, other = emission_labels(case, ranked)
        rows += [entry.row for entry in ranked]
        news += one
        recalled += other
    weights = weights_of(cases, [len(ranked) for ranked in rankings])
    matrix, labels, others = np.array(rows), np.array(news), np.array(recalled)
    kept = others == 0  # a recalled deal counts neither way as news
    emit = fit(EMIT_FEATURES, matrix[kept], labels[kept], recipes.emit, weights[kept])
    return emit, fit(EMIT_FEATURES, matrix, others, recipes.emit, weights)


def anchor_of(target: Target) -> Anchor:
    members = tuple(sorted({number for number, _ in target.parties}))
    money = min(target.money) if target.money else None
    return Anchor(target.deal.kind, members, money, not target.primary)


def train_status(cases: Sequence[Case], chances: Sequence[Floats], recipes: Recipes) -> dict[str, Scorer]:
    rows, answers, weights = [], [], []
    for case, seen, weight in zip(cases, chances, weights_of(cases, [1] * len(cases)), strict=True):
        for target in case.targets:
            if target.parties:
                rows.append(status_row(case.sheet.layout, seen, anchor_of(target)))
                answers.append(target.deal.status)
                weights.append(weight * (1.0 if target.primary else 0.5))
    matrix = np.array(rows)
    return {
        status: fit(
            STATUS_FEATURES,
            matrix,
            np.array([float(answer == status) for answer in answers]),
            recipes.status,
            np.array(weights),
        )
        for status in STATUSES
    }


def train_claims(
    cases: Sequence[Case], chances: Sequence[Floats], amounts: Sequence[Floats], recipes: Recipes
) -> Scorer:
    """Whether a figure is the amount of one given deal: knows the parties, which `train_amounts` does not."""
    rows, labels, weights = [], [], []
    each = weights_of(cases, [1] * len(cases))
    for case, seen, margins, weight in zip(cases, chances, amounts, each, strict=True):
        for target in case.targets:
            if not len(margins) or not target.parties:
                continue
            anchor = replace(anchor_of(target), money=None)
            told = relevance(case.sheet.layout, seen, anchor)
            rows.append(claim_rows(case.sheet.money, case.sheet.layout, told, margins, anchor))
            labels += [float(at in target.money) for at in range(len(margins))]
            weights += [weight * (1.0 if target.primary else 0.5)] * len(margins)
    return fit(CLAIM_FEATURES, np.vstack(rows), np.array(labels), recipes.claim, np.array(weights))


RowsOf = Callable[[Case, Floats, Anchor], Floats]
LabelsOf = Callable[[Case, Target], list[bool]]


def _term_labels(case: Case, target: Target) -> list[bool]:
    return [term.months == target.deal.term_months for term in case.sheet.reading.terms]


def _date_labels(case: Case, target: Target) -> list[bool]:
    on = target.deal.announced_on
    return [on is not None and one.on == on for one in case.sheet.reading.dates]


def _quantity_labels(case: Case, target: Target) -> list[bool]:
    wanted = {(one.unit, one.quantity) for one in target.deal.capacity}
    return [(one.unit, one.quantity) in wanted for one in case.sheet.reading.quantities]


def _valuation_labels(case: Case, target: Target) -> list[bool]:
    value = target.deal.valuation
    return [value is not None and number_right(one.high, value) for one in case.sheet.reading.money]


DETAIL_LEARNERS: dict[str, tuple[tuple[str, ...], RowsOf, LabelsOf]] = {
    "term": (TERM_FEATURES, lambda case, seen, anchor: term_rows(case.sheet.layout, seen, anchor), _term_labels),
    "date": (DATE_FEATURES, lambda case, seen, anchor: date_rows(case.sheet.layout, seen, anchor), _date_labels),
    "quantity": (
        QUANTITY_FEATURES,
        lambda case, seen, anchor: quantity_rows(case.sheet.layout, seen, anchor),
        _quantity_labels,
    ),
    "valuation": (
        VALUATION_FEATURES,
        lambda case, seen, anchor: valuation_rows(case.sheet.layout, seen, anchor),
        _valuation_labels,
    ),
}


def train_details(cases: Sequence[Case], chances: Sequence[Floats], recipe: Recipe) -> dict[str, Scorer]:
    fitted = {}
    each = weights_of(cases, [1] * len(cases))
    for name, (features, rows_of, labels_of) in DETAIL_LEARNERS.items():
        rows, labels, weights = [], [], []
        for case, seen, weight in zip(cases, chances, each, strict=True):
            for target in case.targets:
                answers = labels_of(case, target)
                if answers and target.parties:
                    rows.append(rows_of(case, seen, anchor_of(target)))
                    labels += [float(answer) for answer in answers]
                    weights += [weight * (1.0 if target.primary else 0.5)] * len(answers)
        fitted[name] = fit(features, np.vstack(rows), np.array(labels), recipe, np.array(weights))
    return fitted
