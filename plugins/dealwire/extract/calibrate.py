"""Probabilities that mean what they say: Platt scaling on predictions for articles that the weights have not seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from dealwire.extract.assemble import Decided
from dealwire.extract.claims import mention_of, record_margin
from dealwire.extract.features_party import PAIRS
from dealwire.extract.features_record import Evidence
from dealwire.extract.gold import Deal, deal_from_mention
from dealwire.extract.learning import fit_platt
from dealwire.extract.score import amount_right, number_right, pair_up, record_right, roles
from dealwire.extract.scorers import Platt
from dealwire.extract.truth import Case
from dealwire.extract.weights import Weights

Samples = dict[str, list[tuple[float, bool]]]
FEWEST = 25  # samples below which log-odds are taken as they are


def collect(case: Case, evidence: Evidence, decided: Sequence[Decided], weights: Weights, into: Samples) -> None:
    """(log-odds, right?) of every decision on one held-out article, by scale."""
    news = [deal for deal in decided if not deal.background]
    told = [deal_from_mention(mention_of(deal, case.sheet, evidence, weights, "")) for deal in news]
    golds = case.labelled.deals
    met = {i: golds[j] for i, j in pair_up(told, golds) if golds[j].salience == "primary"}
    for at, (deal, got) in enumerate(zip(news, told, strict=True)):
        want = met.get(at)
        into["kind"].append((deal.ranked.match, want is not None and want.kind == got.kind))
        into["emit"].append((deal.emit, want is not None))
        into["record"].append((record_margin(deal), want is not None and record_right(got, want)))
        if want is not None:
            _collect_fields(deal, got, want, evidence, into)


def _collect_fields(deal: Decided, got: Deal, want: Deal, evidence: Evidence, into: Samples) -> None:
    into["status"].append((deal.status_margin, got.status == want.status))
    right = roles(want)
    hypothesis = deal.ranked.hypothesis
    for (entity, role), party in zip(hypothesis.parties, got.parties, strict=True):
        margin = float(evidence.party[entity, PAIRS.index((hypothesis.kind, role))])
        into["party"].append((margin, bool(roles(Deal("primary", got.kind, got.status, (party,))) & right)))
    if deal.amount:
        into["amount"].append((deal.amount.margin, amount_right(got, want)))
    if deal.valuation:
        into["valuation"].append((deal.valuation.margin, number_right(got.valuation, want.valuation)))
    if deal.term:
        into["term"].append((deal.term.margin, got.term_months == want.term_months))
    if deal.date:
        into["date"].append((deal.date.margin, got.announced_on == want.announced_on))
    wanted = {(one.unit, one.quantity) for one in want.capacity}
    for choice, capacity in zip(deal.quantities, got.capacity, strict=True):
        into["quantity"].append((choice.margin, (capacity.unit, capacity.quantity) in wanted))


def new_samples() -> Samples:
    return defaultdict(list)


def platts(samples: Mapping[str, Sequence[tuple[float, bool]]]) -> dict[str, Platt]:
    fitted = {}
    for scale, rows in sorted(samples.items()):
        if len(rows) >= FEWEST:
            fitted[scale] = fit_platt(np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows]))
    return fitted


def table(samples: Mapping[str, Sequence[tuple[float, bool]]], fitted: Mapping[str, Platt]) -> list[str]:
    """Per scale: how often right in each fifth of probability, and the expected calibration error."""
    lines = []
    for scale, platt in fitted.items():
        rows = [(platt.chance(margin), right) for margin, right in samples[scale]]
        cells, error = [], 0.0
        for low in (0.0, 0.2, 0.4, 0.6, 0.8):
            inside = [row for row in rows if low <= row[0] < low + 0.2 or (low == 0.8 and row[0] == 1.0)]
            if not inside:
                cells.append("-")
                continue
            said, true = (float(np.mean([row[part] for row in inside])) for part in (0, 1))
            error += abs(said - true) * len(inside) / len(rows)
            cells.append(f"{true:.2f} (said {said:.2f}, n={len(inside)})")
        lines.append(f"| {scale} | {' | '.join(cells)} | {error:.3f} |")
    return lines
