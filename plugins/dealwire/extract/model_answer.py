"""Turns a model's answer into mentions, keeping only what the article's text proves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from dealwire.extract.money import Money
from dealwire.extract.quoted_names import prove_name
from dealwire.extract.quoted_text import QuotedText, Span, overlapping
from dealwire.model import (
    KINDS,
    QUALIFIERS,
    ROLES_OF_KIND,
    STATUSES,
    Article,
    Basis,
    Capacity,
    Claim,
    Kind,
    Mention,
    Party,
    Qualifier,
    Role,
    Status,
)

# How often a careful reader is right who knows the rules (docs/accuracy.md): what a proven value is believed at.
RECORD, DOUBTED_RECORD = 0.85, 0.6
BELIEVED: Mapping[str, float] = {
    "kind": 0.95,
    "salience": 0.95,
    "status": 0.97,
    "party": 0.96,
    "amount": 0.96,
    "valuation": 0.95,
    "term_months": 0.95,
    "announced_on": 0.95,
    "capacity": 0.9,
}
DOUBTED = 0.7
READ, IN_DOUBT = "a language model reads it, and its quote stands", "only the place could be checked"
MOST_DEALS, MOST_PARTIES, MOST_CAPACITIES = 16, 30, 20
DOLLARS = frozenset({"USD", "CAD", "AUD", "SGD", "HKD", "NZD", "TWD", "MXN"})
TOLERANCE = Decimal("0.01")


def log_odds(probability: float) -> float:
    """As features carry their shares."""
    return round(math.log(probability / (1 - probability)), 4)


@dataclass(slots=True)
class _Proof:
    """Collects one deal's claims, and which of its values could not be proven."""

    text: QuotedText
    claims: list[Claim] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def add(self, name: str, value: object, span: Span, certain: bool = True) -> None:
        start, end = span
        believed = BELIEVED.get(name.split(":")[0], BELIEVED["amount"])
        why = {READ: log_odds(believed)}
        if not certain:
            why[IN_DOUBT] = round(log_odds(DOUBTED) - why[READ], 4)
            believed = DOUBTED
        self.claims.append(Claim(name, _written(value), self.text.body[start:end], start, end, believed, why))
        if not certain:
            self.dropped.append(f"{name} (in doubt)")

    def drop(self, name: str) -> None:
        self.dropped.append(name)


def _written(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The mentions that stand, and what was dropped on the way, in words."""

    mentions: tuple[Mention, ...]
    dropped: tuple[str, ...]


def check_answer(deals: Sequence[object], article: Article, version: str) -> CheckedAnswer:
    """What of these deals the article's text proves."""
    text = QuotedText(article)
    mentions: list[Mention] = []
    dropped: list[str] = []
    for number, deal in enumerate(deals[:MOST_DEALS]):
        proof = _Proof(text)
        mention = _mention(deal, proof, version) if isinstance(deal, dict) else None
        if mention is None:
            dropped.append(f"deal {number}")
        elif any(_same_deal(mention, other) for other in mentions):
            continue  # one deal written twice
        else:
            mentions.append(mention)
            dropped += [f"deal {number}: {name}" for name in proof.dropped]
    return CheckedAnswer(tuple(mentions), tuple(dropped))


def _same_deal(one: Mention, other: Mention) -> bool:
    return (one.kind, set(one.parties), one.amount) == (other.kind, set(other.parties), other.amount)


def _mention(deal: Mapping[str, Any], proof: _Proof, version: str) -> Mention | None:
    kind, status = cast(Kind, deal.get("kind")), cast(Status, deal.get("status"))
    if kind not in KINDS or status not in STATUSES:
        return None
    salience = "background" if deal.get("salience") == "background" else "primary"
    parties = _parties(deal.get("parties"), kind, proof)
    if not parties:
        return None
    where, certain = _telling_place(deal.get("quote"), proof)
    for name, value in (("kind", kind), ("salience", salience), ("status", status)):
        proof.add(name, value, where, certain)
    amount, currency = _money(deal.get("amount"), "amount", proof) or (None, None)
    worth, worth_currency = _valuation(deal.get("valuation"), amount, proof)
    stated = deal.get("amount") if amount else None
    qualifier, basis = _read_of_amount(amount, stated, proof)
    term = _term(deal.get("term"), proof)
    on = _date(deal.get("announced_on"), proof) if status != "rumored" else None
    capacity = _capacity(deal.get("capacity"), proof) if kind != "acquisition" else ()
    return Mention(
        salience=cast(Any, salience),
        kind=kind,
        status=status,
        parties=parties,
        amount=amount.high if amount else None,
        currency=currency,
        amount_qualifier=qualifier,
        amount_basis=basis,
        amount_low=amount.low if amount else None,
        amount_high=amount.high if amount else None,
        amount_text=amount.text if amount else None,
        valuation=worth.high if worth else None,
        valuation_currency=worth_currency,
        term_months=term,
        announced_on=on,
        capacity=capacity,
        confidence=DOUBTED_RECORD if proof.dropped else RECORD,
        needs_review=False,
        claims=tuple(proof.claims),
        extractor_version=version,
    )


def _telling_place(quote: object, proof: _Proof) -> tuple[Span, bool]:
    """The clause that tells of the deal; where the model misquotes it, the sentence that names most of its parties."""
    found = proof.text.spans(quote)
    if found:
        return found[0], True
    named = [claim for claim in proof.claims if claim.field.startswith("party:")]
    best = max(
        proof.text.sentences,
        key=lambda one: sum(one.start <= claim.start < one.end for claim in named),
        default=None,
    )
    return ((best.start, best.end) if best else (named[0].start, named[0].end)), False


def _one_of(value: object, allowed: Iterable[str], otherwise: str) -> Any:
    return value if value in tuple(allowed) else otherwise


def _rows(listed: object, most: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(listed, list):
        yield from (row for row in listed[:most] if isinstance(row, dict))


def _parties(listed: object, kind: Kind, proof: _Proof) -> tuple[Party, ...]:
    """Roles must fit the kind, and the text must name the organisation."""
    found: dict[tuple[str, str], Party] = {}
    for row in _rows(listed, MOST_PARTIES):
        role = cast(Role, row.get("role"))
        proven = prove_name(row.get("name"), row.get("quote"), proof.text) if role in ROLES_OF_KIND[kind] else None
        if proven is None:
            proof.drop(f"party {str(row.get('name'))[:60]} ({str(role)[:20]})")
            continue
        if (proven.organisation_id, role) not in found:
            found[proven.organisation_id, role] = Party(proven.name, role, proven.organisation_id)
            proof.add(f"party:{role}:{proven.name}", proven.name, proven.span, proven.certain)
    return tuple(found.values())


def _number(value: object) -> Decimal | None:
    """A finite number, or None."""
    try:
        number = None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _money(row: object, name: str, proof: _Proof) -> tuple[Money, str] | None:
    """Our own finder must read the same number at the quote's place, and a currency must be known."""
    if not isinstance(row, dict):
        return None
    value = _number(row.get("value"))
    for money in overlapping(proof.text.money, proof.text.spans(row.get("quote"))):
        currency = _currency(money, row.get("currency"))
        if value is not None and currency and abs(money.high - value) <= abs(value) * TOLERANCE:
            proof.add(name, money.high, (money.start, money.end))
            return money, currency
    proof.drop(name)
    return None


def _currency(money: Money, stated: object) -> str | None:
    """A bare "$" may be another country's dollar, and a figure without a sign takes what the model read around it."""
    code = stated if isinstance(stated, str) and re.fullmatch(r"[A-Z]{3}", stated) else None
    if money.currency is None:
        return code
    bare_dollar = money.currency == "USD" and "us" not in money.text.casefold()
    return code if code and bare_dollar and code in DOLLARS else money.currency


def _valuation(row: object, amount: Money | None, proof: _Proof) -> tuple[Money | None, str | None]:
    """Never the amount's own figure."""
    found = _money(row, "valuation", proof)
    if found is None:
        return None, None
    if amount is not None and found[0].start == amount.start:
        proof.claims.pop()
        return None, None
    return found


def _read_of_amount(amount: Money | None, stated: object, proof: _Proof) -> tuple[Qualifier | None, Basis | None]:
    if amount is None or not isinstance(stated, dict):
        return None, None
    qualifier = cast(Qualifier, _one_of(stated.get("qualifier"), QUALIFIERS, amount.qualifier))
    basis = cast(Basis, _one_of(stated.get("basis"), ("total", "per_year"), amount.basis or "total"))
    currency = _currency(amount, stated.get("currency"))
    for name, value in (("currency", currency), ("amount_qualifier", qualifier), ("amount_basis", basis)):
        proof.add(name, value, (amount.start, amount.end))
    return qualifier, basis


def _term(row: object, proof: _Proof) -> int | None:
    if not isinstance(row, dict):
        return None
    for term in overlapping(proof.text.terms, proof.text.spans(row.get("quote"))):
        if term.months == row.get("months"):
            proof.add("term_months", term.months, (term.start, term.end))
            return term.months
    proof.drop("term_months")
    return None


def _date(row: object, proof: _Proof) -> date | None:
    if not isinstance(row, dict):
        return None
    for found in overlapping(proof.text.dates, proof.text.spans(row.get("quote"))):
        if found.on and found.on.isoformat() == row.get("date"):
            proof.add("announced_on", found.on, (found.start, found.end))
            return found.on
    proof.drop("announced_on")
    return None


def _same_unit(ours: str, stated: object) -> bool:
    """ "100,000 Nvidia chips" are GPUs to one reader and chips to another."""
    return ours == stated or {ours, stated} == {"GPU", "chip"}


def _capacity(rows: object, proof: _Proof) -> tuple[Capacity, ...]:
    kept: list[Capacity] = []
    for row in _rows(rows, MOST_CAPACITIES):
        stated, unit = _number(row.get("quantity")), row.get("unit")
        for one in overlapping(proof.text.quantities, proof.text.spans(row.get("quote"))):
            if _same_unit(one.unit, unit) and one.quantity == stated:  # the text's own word counts
                item = row["item"] if isinstance(row.get("item"), str) else one.item
                qualifier = cast(Qualifier, _one_of(row.get("qualifier"), QUALIFIERS, one.qualifier))
                value = "" if one.quantity is None else f"{_written(one.quantity)} "
                proof.add(f"capacity:{len(kept)}", f"{value}{one.unit}", (one.start, one.end))
                kept.append(Capacity(one.quantity, one.unit, qualifier, item))
                break
        else:
            proof.drop(f"capacity {str(row.get('quantity'))[:20]} {str(unit)[:10]}")
    return tuple(kept)
