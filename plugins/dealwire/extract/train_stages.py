"""The stages of training, each on what the stage before says of articles it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from dealwire.extract.features_amount import AMOUNT_FEATURES, amount_rows
from dealwire.extract.features_article import GATE_FEATURES, KIND_FEATURES, gate_row, kind_rows
from dealwire.extract.features_party import PAIRS, PARTY_FEATURES
from dealwire.extract.folds import split
from dealwire.extract.layout import Floats
from dealwire.extract.learning import Recipe, fit, fit_linear
from dealwire.extract.priors import Observation, Priors
from dealwire.extract.scorers import Linear, Scorer, chance
from dealwire.extract.sheet import ROLE_NUMBER, party_rows
from dealwire.extract.truth import Case, groups_of, kind_labels, party_labels, sentence_labels
from dealwire.extract.weights import PartyScorer
from dealwire.model import KINDS, ROLES

INNER_FOLDS = 8  # more folds make unseen evidence more like what the final scorers give
M = TypeVar("M")
V = TypeVar("V")
T = TypeVar("T")

_KIND = Recipe(strength=0.01, rounds=60, leaves=6)
_GATE = Recipe(strength=0.005, rounds=40, leaves=4, balanced=False)
_PARTY = Recipe(strength=0, rounds=80, leaves=12)
_AMOUNT = Recipe(strength=0, rounds=150, leaves=6, least=8, rate=0.06)
_CLAIM = Recipe(strength=0, rounds=100, leaves=6, least=10, rate=0.06)
_RECORD = Recipe(strength=0.02, rounds=80, leaves=10, least=30)
_EMIT = Recipe(strength=0.02, rounds=50, leaves=5, least=30)
_STATUS = Recipe(strength=0, rounds=80, leaves=5, least=8)
_DETAIL = Recipe(strength=0.02, rounds=50, leaves=6, least=10)


@dataclass(frozen=True, slots=True)
class Recipes:
    sentence: float = 0.003
    topic: float = 0.03
    kind: Recipe = _KIND
    gate: Recipe = _GATE
    party: Recipe = _PARTY
    party_linear: float = 0.01
    amount: Recipe = _AMOUNT
    claim: Recipe = _CLAIM
    record: Recipe = _RECORD
    order_ridge: float = 3.0
    emit: Recipe = _EMIT
    status: Recipe = _STATUS
    detail: Recipe = _DETAIL


def across_folds(cases: Sequence[Case], train: Callable[[list[int]], M], read: Callable[[M, int], V]) -> list[V]:
    """What a model trained without its event reads in each case."""
    results: dict[int, V] = {}
    for train_rows, test_rows in split(groups_of(cases), INNER_FOLDS):
        model = train(train_rows)
        for row in test_rows:
            results[row] = read(model, row)
    return [results[row] for row in range(len(cases))]


def weights_of(cases: Sequence[Case], sizes: Sequence[int]) -> Floats:
    """Each row weighs as its article, and an event told often weighs less a telling."""
    counts: dict[str, int] = {}
    for case in cases:
        counts[case.group] = counts.get(case.group, 0) + 1
    each = [case.labelled.weight / counts[case.group] ** 0.5 for case in cases]
    return np.repeat(each, sizes)


def train_sentences(cases: Sequence[Case], strength: float) -> Linear:
    rows = np.vstack([case.sheet.sentence for case in cases])
    labels = np.vstack([sentence_labels(case) for case in cases])
    weights = weights_of(cases, [len(case.sheet.sentence) for case in cases])
    fitted = [fit_linear(rows, labels[:, number], weights, strength) for number in range(len(KINDS))]
    return Linear(np.column_stack([one.weights for one in fitted]), np.array([float(one.bias) for one in fitted]))


def train_topics(cases: Sequence[Case], strength: float) -> Linear:
    rows = np.array([case.sheet.topic for case in cases])
    labels = np.array([kind_labels(case) for case in cases])
    weights = weights_of(cases, [1] * len(cases))
    fitted = [fit_linear(rows, labels[:, number], weights, strength) for number in range(len(KINDS))]
    return Linear(np.column_stack([one.weights for one in fitted]), np.array([float(one.bias) for one in fitted]))


def train_kinds(
    cases: Sequence[Case], sentence: Sequence[Floats], topics: Sequence[Floats], recipes: Recipes
) -> tuple[Scorer, Scorer]:
    told = list(zip(cases, sentence, topics, strict=True))
    rows = [kind_rows(c.sheet.layout, s, t, c.sheet.common) for c, s, t in told]
    labels = np.concatenate([kind_labels(case) for case in cases])
    kind = fit(KIND_FEATURES, np.vstack(rows), labels, recipes.kind, weights_of(cases, [len(KINDS)] * len(cases)))
    gates = np.array([gate_row(c.sheet.layout, s, t, c.sheet.common) for c, s, t in told])
    has_deal = np.array([float(any(t.primary for t in case.targets)) for case in cases])
    gate = fit(GATE_FEATURES, gates, has_deal, recipes.gate, weights_of(cases, [1] * len(cases)))
    return kind, gate


def train_priors(cases: Sequence[Case]) -> Priors:
    priors = Priors()
    for case in cases:
        entities = case.sheet.reading.entities
        for number in sorted({target.kind for target in case.targets}):
            kind = KINDS[number]
            roles = dict(party_labels(case, number))
            played = {entity: role for (entity, role) in roles}
            priors.learn(Observation(kind, one.key, one.type, played.get(at)) for at, one in enumerate(entities))
        for target in case.targets:
            parties = target.parties[:6]
            for at, (one, role) in enumerate(parties):
                for other, other_role in parties[at + 1 :]:
                    priors.learn_pair(target.deal.kind, (role, entities[one].type), (other_role, entities[other].type))
    return priors


def train_parties(
    cases: Sequence[Case], chances: Sequence[Floats], priors: Sequence[Priors], recipes: Recipes
) -> PartyScorer:
    """Each organisation in each role of the kinds that its article tells of."""
    blocks, labels, roles, weights = [], [], [], []
    for case, seen, prior, weight in zip(cases, chances, priors, weights_of(cases, [1] * len(cases)), strict=True):
        entities = len(case.sheet.reading.entities)
        for number in sorted({target.kind for target in case.targets}):
            pairs = [at for at, (kind, _) in enumerate(PAIRS) if kind == KINDS[number]]
            if not entities:
                continue
            truth = party_labels(case, number)
            primary = any(target.primary and target.kind == number for target in case.targets)
            blocks.append(party_rows(case.sheet, seen, prior, pairs))
            for at in pairs:
                role = PAIRS[at][1]
                got = np.array([truth.get((entity, role), 0.0) for entity in range(entities)])
                labels.append((got >= (1.0 if primary else 0.5)).astype(float))
                roles.append(np.full(entities, ROLE_NUMBER[role]))
                weights.append(np.full(entities, weight * (1.0 if primary else 0.6)))
    rows, answers = np.vstack(blocks), np.concatenate(labels)
    role_numbers, row_weights = np.concatenate(roles), np.concatenate(weights)
    together = fit(PARTY_FEATURES, rows, answers, recipes.party, row_weights)
    columns, biases = [], []
    for number in range(len(ROLES)):
        mine = role_numbers == number
        one = fit_linear(rows[mine], answers[mine], row_weights[mine], recipes.party_linear)
        columns.append(one.weights)
        biases.append(float(one.bias))
    return PartyScorer(together, Linear(np.column_stack(columns), np.array(biases)))


def train_amounts(cases: Sequence[Case], chances: Sequence[Floats], recipes: Recipes) -> Scorer:
    """Each figure for each kind that its article tells as news."""
    blocks, labels, weights = [], [], []
    for case, seen, weight in zip(cases, chances, weights_of(cases, [1] * len(cases)), strict=True):
        if not case.sheet.reading.money:
            continue
        for number in sorted({target.kind for target in case.targets if target.primary}):
            right = {at for t in case.targets if t.primary and t.kind == number for at in t.money}
            blocks.append(amount_rows(case.sheet.money, case.sheet.layout, seen, number))
            labels.append(np.array([float(at in right) for at in range(len(case.sheet.reading.money))]))
            weights.append(np.full(len(labels[-1]), weight))
    return fit(AMOUNT_FEATURES, np.vstack(blocks), np.concatenate(labels), recipes.amount, np.concatenate(weights))


def cross_fitted_priors(cases: Sequence[Case]) -> list[Priors]:
    """For each case the priors of the folds that do not hold its event."""
    return across_folds(cases, lambda rows: train_priors([cases[row] for row in rows]), lambda priors, _: priors)


def pick(items: Sequence[T], rows: Sequence[int]) -> list[T]:
    return [items[row] for row in rows]


def as_chances(margins: Sequence[Floats]) -> list[Floats]:
    return [chance(one) for one in margins]
