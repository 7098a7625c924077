"""A decided deal as a Mention: every value with the words that prove it and the features that decided it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from dealwire.extract.assemble import Choice, Decided
from dealwire.extract.features_party import PAIRS
from dealwire.extract.features_record import Evidence
from dealwire.extract.reading import Entity, Spanned
from dealwire.extract.scorers import Platt, Scorer, chance
from dealwire.extract.sheet import KIND_NUMBER, ROLE_NUMBER, Sheet, party_rows
from dealwire.extract.weights import Weights
from dealwire.model import Capacity, Claim, Mention, Party, Role

# Kinds that name the unit where the text does (a cloud contract is with the cloud unit, a stake is the parent's).
UNIT_ROLES: frozenset[Role] = frozenset({"provider"})


def mention_of(deal: Decided, sheet: Sheet, evidence: Evidence, weights: Weights, version: str) -> Mention:
    reading, hypothesis = sheet.reading, deal.ranked.hypothesis
    money = reading.money[deal.amount.number] if deal.amount else None
    valuation = reading.money[deal.valuation.number] if deal.valuation else None
    parties = tuple(_party(reading.entities[number], role) for number, role in hypothesis.parties)
    quantities = [reading.quantities[choice.number] for choice in deal.quantities]
    on = reading.dates[deal.date.number].on if deal.date else None
    return Mention(
        salience="background" if deal.background else "primary",
        kind=hypothesis.kind,
        status=deal.status,
        parties=parties,
        amount=money.high if money else None,
        currency=money.currency if money else None,
        amount_qualifier=money.qualifier if money else None,
        amount_basis=(money.basis or "total") if money else None,
        amount_low=money.low if money else None,
        amount_high=money.high if money else None,
        amount_text=money.text if money else None,
        valuation=valuation.high if valuation else None,
        valuation_currency=valuation.currency if valuation else None,
        term_months=reading.terms[deal.term.number].months if deal.term else None,
        announced_on=on,
        capacity=tuple(Capacity(one.quantity, one.unit, one.qualifier, one.item) for one in quantities),
        confidence=weights.platt.get("record", Platt()).chance(record_margin(deal)),
        needs_review=deal.needs_review,
        claims=tuple(_claims(deal, sheet, evidence, weights, parties)),
        extractor_version=version,
    )


def record_margin(deal: Decided) -> float:
    """Log-odds that parties, status and amount are all right, were they independent."""
    margins = [deal.ranked.exact, deal.status_margin, deal.emit, *([deal.amount.margin] if deal.amount else [])]
    together = float(np.prod(chance(np.array(margins))))
    return float(np.log(together / (1.0 - together + 1e-9) + 1e-9))


def _party(entity: Entity, role: Role) -> Party:
    name, organisation_id = output_form(entity, role)
    return Party(name, role, organisation_id)


def output_form(entity: Entity, role: Role) -> tuple[str, str]:
    """A provider is told by its unit where the text names one, everybody else by the commonest form."""
    forms = entity.forms()
    if role in UNIT_ROLES and len(forms) > 1:
        units = [form for form in forms if form[0].casefold() != entity.key]
        return (units or forms)[0]
    return forms[0]


class _Prover:
    """Makes claims whose quotes are cut from the body, so that they cannot differ from it."""

    def __init__(self, body: str, weights: Weights) -> None:
        self.body, self.platt = body, weights.platt

    def claim(
        self, field: str, value: object, span: tuple[int, int], margin: float, why: Mapping[str, float], scale: str
    ) -> Claim:
        start, end = span
        probability = self.platt.get(scale, Platt()).chance(margin)
        return Claim(field, _text(value), self.body[start:end], start, end, round(probability, 4), dict(why))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _claims(
    deal: Decided, sheet: Sheet, evidence: Evidence, weights: Weights, parties: tuple[Party, ...]
) -> list[Claim]:
    reading, hypothesis = sheet.reading, deal.ranked.hypothesis
    prover = _Prover(reading.article.body, weights)
    sentence = best_sentence(deal, sheet, evidence)
    kind_why = weights.match.explain(deal.ranked.record_row)
    claims = [
        prover.claim("kind", hypothesis.kind, sentence, float(deal.ranked.match), kind_why, "kind"),
        prover.claim(
            "salience",
            "background" if deal.background else "primary",
            sentence,
            deal.emit,
            weights.emit.explain(deal.ranked.row),
            "emit",
        ),
        prover.claim(
            "status",
            deal.status,
            sentence,
            deal.status_margin,
            weights.status[deal.status].explain(deal.status_row),
            "status",
        ),
    ]
    claims += _party_claims(deal, sheet, evidence, weights, parties, prover)
    claims += _figure_claims(deal, sheet, weights, prover)
    return claims


def best_sentence(deal: Decided, sheet: Sheet, evidence: Evidence) -> tuple[int, int]:
    """Where the deal is told most clearly: many of its parties, its kind, its amount."""
    layout = sheet.layout
    members = sorted(deal.ranked.hypothesis.entities)
    share = np.minimum(layout.entity_in[:, members], 1.0).mean(axis=1)
    told = share * (0.2 + evidence.chances[:, KIND_NUMBER[deal.ranked.hypothesis.kind]])
    if deal.amount is not None:
        told[sheet.reading.money_sentence[deal.amount.number]] += 0.3
    best = sheet.reading.sentences[int(np.argmax(told))]
    return best.start, best.end


def _party_claims(
    deal: Decided, sheet: Sheet, evidence: Evidence, weights: Weights, parties: tuple[Party, ...], prover: _Prover
) -> list[Claim]:
    claims = []
    hypothesis = deal.ranked.hypothesis
    pairs = sorted({PAIRS.index((hypothesis.kind, role)) for _, role in hypothesis.parties})
    table = party_rows(sheet, evidence.chances, weights.priors, pairs)
    entities = len(sheet.reading.entities)
    for (number, role), party in zip(hypothesis.parties, parties, strict=True):
        pair = PAIRS.index((hypothesis.kind, role))
        row = table[pairs.index(pair) * entities + number]
        entity = sheet.reading.entities[number]
        mention = next(one for one in entity.mentions if one.name == party.name)
        why = weights.party.explain(row, ROLE_NUMBER[role])
        margin = float(evidence.party[number, pair])
        claims.append(
            prover.claim(f"party:{role}:{party.name}", party.name, (mention.start, mention.end), margin, why, "party")
        )
    return claims


def _figure_claims(deal: Decided, sheet: Sheet, weights: Weights, prover: _Prover) -> list[Claim]:
    reading, learned = sheet.reading, weights.details
    claims: list[Claim] = []

    def add(field: str, value: object, found: Spanned, choice: Choice, scorer: Scorer, scale: str) -> None:
        why = scorer.explain(choice.row)
        claims.append(prover.claim(field, value, (found.start, found.end), choice.margin, why, scale))

    if deal.amount:
        money = reading.money[deal.amount.number]
        add("amount", money.high, money, deal.amount, weights.claim, "amount")
        for field, value in (
            ("currency", money.currency),
            ("amount_qualifier", money.qualifier),
            ("amount_basis", money.basis or "total"),
        ):
            if value is not None:
                claims.append(prover.claim(field, value, (money.start, money.end), deal.amount.margin, {}, "amount"))
    if deal.valuation:
        valuation = reading.money[deal.valuation.number]
        add("valuation", valuation.high, valuation, deal.valuation, learned["valuation"], "valuation")
    if deal.term:
        term = reading.terms[deal.term.number]
        add("term_months", term.months, term, deal.term, learned["term"], "term")
    if deal.date:
        found = reading.dates[deal.date.number]
        add("announced_on", found.on, found, deal.date, learned["date"], "date")
    for number, choice in enumerate(deal.quantities):
        quantity = reading.quantities[choice.number]
        value = "" if quantity.quantity is None else _text(quantity.quantity) + " "
        add(f"capacity:{number}", f"{value}{quantity.unit}", quantity, choice, learned["quantity"], "quantity")
    return claims
