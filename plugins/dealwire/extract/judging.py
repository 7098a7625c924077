"""From a sheet of features to what the scorers say of it, in log-odds."""

from __future__ import annotations

import numpy as np

from dealwire.extract.features_article import gate_row, kind_rows
from dealwire.extract.features_party import PAIRS
from dealwire.extract.features_record import Evidence
from dealwire.extract.layout import Floats
from dealwire.extract.priors import Priors
from dealwire.extract.scorers import Scorer, chance
from dealwire.extract.sheet import KIND_NUMBER, ROLE_NUMBER, Sheet, all_amount_rows, party_rows
from dealwire.extract.weights import PartyScorer, Weights
from dealwire.model import KINDS

LEAST_KIND = -3.6  # log-odds under which a kind is not looked into further
KINDS_READ = 5
NOTHING = -8.0


def article_margins(sheet: Sheet, sentence: Floats, topics: Floats, kind: Scorer, gate: Scorer) -> tuple[Floats, float]:
    rows = kind_rows(sheet.layout, sentence, topics, sheet.common)
    row = gate_row(sheet.layout, sentence, topics, sheet.common)
    return kind.margin(rows), float(gate.margin(row[None, :])[0])


def likely_kinds(margins: Floats) -> list[int]:
    order = np.argsort(-margins, kind="stable")[:KINDS_READ]
    return sorted(int(number) for number in order if margins[number] >= LEAST_KIND or number == order[0])


def party_margins(sheet: Sheet, chances: Floats, priors: Priors, scorer: PartyScorer, kinds: list[int]) -> Floats:
    """(entity, PAIRS); kinds that were not looked into stay at NOTHING."""
    entities = len(sheet.reading.entities)
    margins = np.full((entities, len(PAIRS)), NOTHING)
    pairs = [number for number, (kind, _) in enumerate(PAIRS) if KIND_NUMBER[kind] in kinds]
    if not entities or not pairs:
        return margins
    rows = party_rows(sheet, chances, priors, pairs)
    roles = np.repeat([ROLE_NUMBER[PAIRS[number][1]] for number in pairs], entities)
    margins[:, pairs] = scorer.margin(rows, roles).reshape(len(pairs), entities).T
    return margins


def amount_margins(sheet: Sheet, chances: Floats, scorer: Scorer) -> Floats:
    """(money, kind)."""
    count = len(sheet.reading.money)
    if not count:
        return np.zeros((0, len(KINDS)))
    return scorer.margin(all_amount_rows(sheet, chances)).reshape(len(KINDS), count).T


def weigh(sheet: Sheet, weights: Weights) -> Evidence:
    sentence = weights.sentence.margin(sheet.sentence)
    chances = chance(sentence)
    kind, gate = article_margins(sheet, sentence, weights.topic.margin(sheet.topic), weights.kind, weights.gate)
    return Evidence(
        layout=sheet.layout,
        entity=sheet.entity,
        chances=chances,
        kind=kind,
        gate=gate,
        party=party_margins(sheet, chances, weights.priors, weights.party, likely_kinds(kind)),
        amounts=amount_margins(sheet, chances, weights.amount),
        modifier=sheet.modifier,
        frames=sheet.frames,
        votes=sheet.votes,
    )
