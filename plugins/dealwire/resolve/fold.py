"""One deal from all its reports. The rule is stated field by field in docs/resolution.md and held by tests.

Reports and overrides go in, in any order; the same record comes out. Nothing here knows the database or the clock.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from dealwire.deal_model import DealRecord, Judgement, Report
from dealwire.model import Capacity, Kind, Unit
from dealwire.resolve.amounts import Amount, amount_groups, fold_amount
from dealwire.resolve.corroborate import corroborate, voices
from dealwire.resolve.exchange import Conversion, Rates
from dealwire.resolve.headline import headline
from dealwire.resolve.lifecycle import fold_status
from dealwire.resolve.outliers import outliers
from dealwire.resolve.overrides import apply_overrides
from dealwire.resolve.parties import fold_parties
from dealwire.resolve.voting import evidence, ranked

_CONFLICT_DISCOUNT = 0.85  # of the confidence where independent sources disagree on the amount
_MOST_CONFIDENT = 0.99
_PIECES: frozenset[Unit] = frozenset(("GPU", "CPU", "chip", "server"))
_VAGUE: frozenset[Kind] = frozenset(("partnership",))


def fold(
    reports: Sequence[Report], overrides: Sequence[Judgement], rates: Rates, parents: Mapping[str, str] | None = None
) -> DealRecord:
    """Fold one deal. `overrides` are its judgements; those that are no override, or undone, say nothing here."""
    if not reports:
        raise ValueError("a deal is folded from at least one report")
    family = parents or {}
    voice_of = _voice_numbers(reports)
    stated = evidence(reports)
    record = _from_reports(reports, stated, voice_of, rates, family)
    return apply_overrides(record, overrides, rates)


def _from_reports(
    reports: Sequence[Report],
    stated: Sequence[Report],
    voice_of: Mapping[str, int],
    rates: Rates,
    parents: Mapping[str, str],
) -> DealRecord:
    kind = _kind(stated, voice_of)
    standing = fold_status(stated, voice_of)
    parties = fold_parties(stated, kind, voice_of, parents)
    # A later article that recalls the deal in passing may be the only one to name a figure.
    amount = fold_amount(stated, voice_of) or fold_amount(reports, voice_of)
    valuation = _top(stated, "valuation", voice_of)
    announced_on = cast("date | None", _top(stated, "announced_on", voice_of))
    capacity = _capacity(stated, voice_of)
    sources = corroborate(reports)
    first_on = sources.first_reported_at.date() if sources.first_reported_at else None
    dollars = _dollars(amount, announced_on or first_on, rates)
    retracted = all(report.retracted for report in reports)
    record = DealRecord(
        kind=kind,
        status=standing.status,
        disputed=standing.disputed or retracted,
        parties=parties,
        amount=amount.amount if amount else None,
        amount_low=amount.low if amount else None,
        amount_high=amount.high if amount else None,
        amount_text=amount.text if amount else None,
        currency=amount.currency if amount else None,
        amount_qualifier=amount.qualifier if amount else None,
        amount_basis=amount.basis if amount else None,
        amount_usd=dollars.usd if dollars else None,
        usd_rate=dollars.rate if dollars else None,
        usd_rate_on=dollars.rate_on if dollars else None,
        valuation=cast("tuple[Decimal, str]", valuation)[0] if valuation else None,
        valuation_currency=cast("tuple[Decimal, str]", valuation)[1] if valuation else None,
        term_months=cast("int | None", _top(stated, "term_months", voice_of)),
        announced_on=announced_on,
        capacity=capacity,
        first_reported_at=sources.first_reported_at,
        last_reported_at=sources.last_reported_at,
        source_count=sources.source_count,
        independent_source_count=sources.independent_source_count,
        officially_confirmed=sources.officially_confirmed,
        confidence=_confidence(stated, voice_of),
        needs_review=False,
        headline=headline(kind, standing.status, parties),
    )
    return dataclasses.replace(record, needs_review=bool(doubts(record, reports)))


def doubts(record: DealRecord, reports: Sequence[Report]) -> tuple[str, ...]:
    """Why a deal waits for a person: names of what is out of the ordinary."""
    stated = evidence(reports)
    found = outliers(record.kind, record.amount_usd, record.capacity, stated)
    if all(report.retracted for report in reports):
        found = (*found, "retracted")
    if all(report.mention.needs_review for report in stated):
        found = (*found, "unsure_reading")
    return found


def _voice_numbers(reports: Sequence[Report]) -> dict[str, int]:
    return {report.key: number for number, group in enumerate(voices(reports)) for report in group}


def _kind(stated: Sequence[Report], voice_of: Mapping[str, int]) -> Kind:
    """The kind by the common rule; a plain "partnership" gives way to any more telling kind that is stated as often."""
    kinds = ranked(stated, lambda report: report.mention.kind, voice_of, "kind")
    best = kinds[0]
    if best.value in _VAGUE and not best.official:
        telling = [choice for choice in kinds[1:] if choice.official or choice.voices >= best.voices]
        best = telling[0] if telling else best
    return cast(Kind, best.value)


def _top(stated: Sequence[Report], field: str, voice_of: Mapping[str, int]) -> object:
    def value(report: Report) -> object:
        found = getattr(report.mention, field)
        if field == "valuation" and found is not None:
            return (found, report.mention.valuation_currency or report.mention.currency)
        return found

    choices = ranked(stated, value, voice_of, field)
    return choices[0].value if choices else None


def _capacity(stated: Sequence[Report], voice_of: Mapping[str, int]) -> tuple[Capacity, ...]:
    """For each unit the number that wins; "hundreds of thousands" stands only where nobody counts."""
    stated = [_counted(report) for report in stated]
    folded = []
    for unit in dict.fromkeys(item.unit for report in stated for item in report.mention.capacity):
        claims = [
            dataclasses.replace(report, mention=dataclasses.replace(report.mention, capacity=items))
            for report in stated
            if (items := tuple(c for c in report.mention.capacity if c.unit == unit and c.quantity is not None)[:1])
        ]
        vague = [item for report in stated for item in report.mention.capacity if item.unit == unit]
        choices = ranked(claims, lambda report: report.mention.capacity[0].quantity, voice_of, "capacity")
        if choices:
            exact = min(
                (report.mention.capacity[0] for report in choices[0].reports),
                key=lambda item: (item.item is None, item.qualifier, item.item or ""),
            )
            folded.append(exact)
        else:
            folded.append(min(vague, key=lambda item: (item.item is None, item.item or "", item.qualifier)))
    return tuple(sorted(folded, key=lambda item: (item.unit, item.quantity or 0, item.item or "")))


def _counted(report: Report) -> Report:
    """Without "a GPU contract": one chip or server is no quantity of a deal."""
    kept = tuple(c for c in report.mention.capacity if c.unit not in _PIECES or c.quantity != 1)
    return dataclasses.replace(report, mention=dataclasses.replace(report.mention, capacity=kept))


def _dollars(amount: Amount | None, on: date | None, rates: Rates) -> Conversion | None:
    return rates.usd(amount.amount, amount.currency, on) if amount else None


def _confidence(stated: Sequence[Report], voice_of: Mapping[str, int]) -> float:
    """Independent voices add up, each worth its best report; a disagreement on the amount takes some away."""
    best: dict[int, float] = {}
    for report in stated:
        voice = voice_of[report.key]
        best[voice] = max(best.get(voice, 0.0), report.mention.confidence)
    doubt = 1.0
    for rank, confidence in enumerate(sorted(best.values(), reverse=True)):
        doubt *= 1 - confidence * (1.0 if rank == 0 else 0.5)  # later voices lean on the first, so they count half
    confidence = min(1 - doubt, _MOST_CONFIDENT)
    disagree = len([group for group in amount_groups(stated, voice_of) if group.voices >= 1]) > 1
    return round(confidence * (_CONFLICT_DISCOUNT if disagree else 1.0), 4)
