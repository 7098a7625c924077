"""Claims as people read them: those that the same words prove stand together, under one marked sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from dealwire.web import figures
from dealwire.web.highlight import Marked, marked

_VALUE = ("amount", "currency", "amount_qualifier", "amount_basis", "amount_low", "amount_high")
_VALUATION = ("valuation", "valuation_currency")
_LABELS = {"term_months": "Term", "announced_on": "Date"}
_UNSHOWN = ("salience",)  # the report's heading says it
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Proof:
    """What one quote proves: fields with their values, the sentence, and the least probability among them."""

    says: list[tuple[str, str]]
    sentence: Marked
    probability: float


def proofs_of(claims: Sequence[Any]) -> list[Proof]:
    """The proofs of one report, in the order of its claims."""
    groups: dict[tuple[int, str], list[Any]] = {}
    for claim in claims:
        if claim.field not in _UNSHOWN:
            groups.setdefault((claim.start_offset, claim.quote), []).append(claim)
    return [_proof(group) for group in groups.values()]


def _proof(group: Sequence[Any]) -> Proof:
    one = group[0]
    return Proof(
        says=_says([(claim.field, claim.value) for claim in group]),
        sentence=marked(one.context, one.offset_in_context, one.quote),
        probability=min(claim.probability for claim in group),
    )


def _says(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    fields = dict(pairs)
    said = []
    value = _value(fields)
    if value is not None:
        said.append(("Value", value))
    valuation = _number(fields.get("valuation"))
    if valuation is not None:
        said.append(("Valuation", figures.money(valuation, fields.get("valuation_currency"))))
    told = (*(_VALUE if value is not None else ()), *(_VALUATION if valuation is not None else ()))
    return said + [(field_label(field), in_words(field, text)) for field, text in pairs if field not in told]


def _value(fields: Mapping[str, str]) -> str | None:
    amount = _number(fields.get("amount"))
    if amount is None:
        return None
    return figures.value(
        SimpleNamespace(
            amount=amount,
            currency=fields.get("currency"),
            amount_qualifier=fields.get("amount_qualifier"),
            amount_basis=fields.get("amount_basis"),
        )
    )


def _number(text: str | None) -> Decimal | None:
    if not text or len(text) > _MOST_DIGITS:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def field_label(field: str) -> str:
    """A field's name for people: party:customer:OpenAI becomes "Customer", the claim's value says who."""
    name, _, rest = field.partition(":")
    if name == "party":
        return rest.partition(":")[0].capitalize()
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def in_words(field: str, value: str) -> str:
    """A claim's value as people write it; values that we do not know are shown as they are."""
    if field in ("kind", "status"):
        return {**figures.KINDS, **figures.STATUSES}.get(value, value)
    if field == "term_months" and value.isdecimal() and len(value) < 6:
        return figures.term(int(value))
    if field == "announced_on":
        try:
            return figures.day(date.fromisoformat(value))
        except ValueError:
            return value
    return value
