"""The decisions on one article: which hypotheses become deals, and which status, figures and dates they own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np

from dealwire.extract.features_amount import claim_rows
from dealwire.extract.features_detail import (
    Anchor,
    date_rows,
    quantity_rows,
    relevance,
    status_row,
    term_rows,
    valuation_rows,
)
from dealwire.extract.features_record import Evidence, record_rows
from dealwire.extract.hypotheses import propose
from dealwire.extract.judging import weigh
from dealwire.extract.layout import Floats
from dealwire.extract.scorers import chance
from dealwire.extract.selection import Ranked, survivors
from dealwire.extract.sheet import Sheet
from dealwire.extract.weights import Weights
from dealwire.model import STATUSES, Status, Unit


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a chance becomes a decision. Alerts want precision, the database recall, so callers may differ.

    `deal` tells a hypothesis as news, `recall` as background; under `database` a mention is kept for review.
    """

    deal: float = 0.30
    later_deal: float = 0.45
    gate: float = 0.45
    recall: float = 0.45
    review: float = 0.15
    amount: float = 0.38
    valuation: float = 0.5
    term: float = 0.5
    date: float = 0.45
    quantity: float = 0.5


DEFAULT = Thresholds()
SMALLEST = Decimal(20_000)  # below it a figure is a price of something, never a deal's amount
Verdict = Literal["primary", "background", "review", "dropped"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something picked from a list of found things, with its log-odds and the row that decided."""

    number: int
    margin: float
    row: Floats


@dataclass(frozen=True, slots=True)
class Decided:
    """A deal in terms of the reading's numbers."""

    ranked: Ranked
    emit: float
    background: bool
    needs_review: bool
    status: Status
    status_margin: float
    status_row: Floats
    amount: Choice | None
    valuation: Choice | None
    term: Choice | None
    date: Choice | None
    quantities: tuple[Choice, ...] = field(default=())


def decide(sheet: Sheet, weights: Weights, thresholds: Thresholds = DEFAULT) -> tuple[Evidence, list[Decided]]:
    evidence = weigh(sheet, weights)
    hypotheses = propose(evidence.party, chance(evidence.kind))
    if not hypotheses:
        return evidence, []
    rows = record_rows(hypotheses, evidence, weights.priors)
    ranked = survivors(
        hypotheses, weights.order.margin(rows), weights.match.margin(rows), weights.exact.margin(rows), rows
    )
    return evidence, _tell(sheet, evidence, ranked, weights, thresholds)


def _tell(
    sheet: Sheet, evidence: Evidence, ranked: list[Ranked], weights: Weights, thresholds: Thresholds
) -> list[Decided]:
    table = np.array([one.row for one in ranked])
    news, recalled = weights.emit.margin(table), weights.background.margin(table)
    verdicts = _verdicts(evidence, chance(news), chance(recalled), thresholds)
    told: dict[int, Decided] = {}
    taken: set[Decimal] = set()
    for verdict in ("primary", "background", "review"):  # news has the first claim on a figure
        chosen = [at for at, given in enumerate(verdicts) if given == verdict]
        anchors = {at: _anchor(ranked[at], None, verdict) for at in chosen}
        amounts = _share_out(sheet, evidence, anchors, weights, thresholds, taken)
        for at in chosen:
            anchor = _anchor(ranked[at], amounts.get(at), verdict)
            told[at] = _detail(
                sheet, evidence, ranked[at], float(news[at]), verdict, anchor, amounts.get(at), weights, thresholds
            )
    return sorted(told.values(), key=lambda deal: (deal.needs_review, deal.background))


def _anchor(one: Ranked, amount: Choice | None, verdict: Verdict) -> Anchor:
    members = tuple(sorted(one.hypothesis.entities))
    return Anchor(one.hypothesis.kind, members, amount.number if amount else None, verdict != "primary")


def _share_out(
    sheet: Sheet,
    evidence: Evidence,
    anchors: Mapping[int, Anchor],
    weights: Weights,
    thresholds: Thresholds,
    taken: set[Decimal],
) -> dict[int, Choice]:
    """Each figure to the deal that claims it most; what `taken` holds is gone."""
    claims = [
        (choice.margin, at, choice)
        for at, anchor in anchors.items()
        for choice in _claims_of(sheet, evidence, anchor, weights, thresholds)
    ]
    given: dict[int, Choice] = {}
    for _, at, choice in sorted(claims, key=lambda claim: (-claim[0], claim[1], claim[2].number)):
        value = sheet.reading.money[choice.number].high
        if at not in given and value not in taken and value >= SMALLEST:
            given[at] = choice
            taken.add(value)
    return given


def _claims_of(
    sheet: Sheet, evidence: Evidence, anchor: Anchor, weights: Weights, thresholds: Thresholds
) -> list[Choice]:
    if not len(evidence.amounts):
        return []
    told = relevance(sheet.layout, evidence.chances, anchor)
    rows = claim_rows(sheet.money, sheet.layout, told, evidence.amounts, anchor)
    return _choices(rows, weights.claim, thresholds.amount)


def _verdicts(evidence: Evidence, news: Floats, recalled: Floats, thresholds: Thresholds) -> list[Verdict]:
    """For each hypothesis, best first: told as news, as a deal recalled, left for review, or dropped."""
    open_gate = evidence.gate >= np.log(thresholds.gate / (1 - thresholds.gate))
    verdicts: list[Verdict] = []
    for likely, recall in zip(news, recalled, strict=True):
        least = thresholds.later_deal if "primary" in verdicts else thresholds.deal
        if likely >= least and open_gate:
            verdicts.append("primary")
        elif recall >= thresholds.recall:
            verdicts.append("background")
        else:
            verdicts.append("review" if likely >= thresholds.review else "dropped")
    return verdicts


def _detail(
    sheet: Sheet,
    evidence: Evidence,
    one: Ranked,
    emit: float,
    verdict: Verdict,
    anchor: Anchor,
    amount: Choice | None,
    weights: Weights,
    thresholds: Thresholds,
) -> Decided:
    row = status_row(sheet.layout, evidence.chances, anchor)
    margins = [float(weights.status[name].margin(row[None, :])[0]) for name in STATUSES]
    best = int(np.argmax(margins))
    status = STATUSES[best]
    reading = sheet.reading
    layout, chances, learned = sheet.layout, evidence.chances, weights.details
    terms = _choices(term_rows(layout, chances, anchor), learned["term"], thresholds.term) if reading.terms else []
    dates = _choices(date_rows(layout, chances, anchor), learned["date"], thresholds.date) if reading.dates else []
    dates = [choice for choice in dates if reading.dates[choice.number].on is not None]
    figures = _valuations(sheet, evidence, anchor, weights, thresholds, amount)
    quantities = (
        _choices(quantity_rows(layout, chances, anchor), learned["quantity"], thresholds.quantity)
        if reading.quantities
        else []
    )
    return Decided(
        ranked=one,
        emit=emit,
        background=verdict != "primary",
        needs_review=verdict == "review",
        status=status,
        status_margin=margins[best],
        status_row=row,
        amount=amount,
        valuation=figures[0] if figures else None,
        term=terms[0] if terms else None,
        date=dates[0] if dates and status != "rumored" else None,
        quantities=_without_repeats(sheet, quantities) if one.hypothesis.kind != "acquisition" else (),
    )


def _without_repeats(sheet: Sheet, choices: list[Choice]) -> tuple[Choice, ...]:
    """The likeliest telling of each quantity."""
    kept: dict[tuple[Unit, Decimal | None], Choice] = {}
    for choice in choices:
        quantity = sheet.reading.quantities[choice.number]
        kept.setdefault((quantity.unit, quantity.quantity), choice)
    return tuple(kept.values())


def _valuations(
    sheet: Sheet,
    evidence: Evidence,
    anchor: Anchor,
    weights: Weights,
    thresholds: Thresholds,
    amount: Choice | None,
) -> list[Choice]:
    """A valuation is never the amount."""
    if not sheet.reading.money or anchor.kind not in ("equity_investment", "acquisition"):
        return []
    rows = valuation_rows(sheet.layout, evidence.chances, anchor)
    value = sheet.reading.money[amount.number].high if amount else None
    found = _choices(rows, weights.details["valuation"], thresholds.valuation)
    return [choice for choice in found if sheet.reading.money[choice.number].high != value]


def _choices(rows: Floats, scorer, threshold: float) -> list[Choice]:  # type: ignore[no-untyped-def]
    """Those over the threshold, likeliest first."""
    margins = scorer.margin(rows)
    least = np.log(threshold / (1 - threshold))
    order = [int(at) for at in np.argsort(-margins, kind="stable") if margins[at] >= least]
    return [Choice(at, float(margins[at]), rows[at]) for at in order]
