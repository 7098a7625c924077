"""What a person decided about single fields: set over the folded record, the newest judgement of a field last."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dealwire.deal_model import DealRecord, Judgement
from dealwire.errors import UsageError
from dealwire.model import KINDS, QUALIFIERS, ROLES, STATUSES, UNITS, Capacity, Party
from dealwire.resolve.exchange import Rates
from dealwire.resolve.headline import headline


def apply_overrides(record: DealRecord, judgements: Sequence[Judgement], rates: Rates) -> DealRecord:
    """The record with every standing override, and what follows from them (dollars, headline) computed anew."""
    standing = [j for j in judgements if j.action == "override" and not j.undone and j.field]
    if not standing:
        return record
    changes, unreadable = _read(standing)
    changes |= _whole_amount(record, changes)
    changed = dataclasses.replace(record, **changes)
    changed = _converted(changed, rates)
    if "headline" not in changes:
        changed = dataclasses.replace(changed, headline=headline(changed.kind, changed.status, changed.parties))
    if "needs_review" not in changes:
        changed = dataclasses.replace(changed, needs_review=unreadable)  # else a person has looked at it
    return changed


def _read(standing: Sequence[Judgement]) -> tuple[dict[str, Any], bool]:
    """What the judgements set, the newest last, and whether one of them says nothing that a record can hold.

    One such must not stop the folding of every other deal: it sets nothing, and its deal waits for a person.
    """
    changes: dict[str, Any] = {}
    unreadable = False
    for judgement in sorted(standing, key=lambda j: (j.made_at, j.id)):
        try:
            changes |= parse_override(str(judgement.field), judgement.value)
        except UsageError:
            unreadable = True
    return changes, unreadable


def _whole_amount(record: DealRecord, changes: Mapping[str, Any]) -> dict[str, Any]:
    """An amount and its currency stand or fall together; no currency is ever assumed."""
    amount, currency = changes.get("amount", record.amount), changes.get("currency", record.currency)
    whole = amount is not None and currency is not None
    return {"amount": amount if whole else None, "currency": currency if whole else None}


def parse_override(field: str, value: str | None) -> dict[str, Any]:
    """The fields that an override sets, as the record holds them; UsageError names the field and what it takes.

    An amount may carry its currency: "38000000000 USD".
    """
    parser = _PARSERS.get(field)
    if parser is None:
        raise UsageError(f"no field {field!r} to override; there are {', '.join(sorted(_PARSERS))}")
    if value is None or value.strip().casefold() in ("", "null", "none"):
        if field in _REQUIRED:
            raise UsageError(f"{field} cannot be empty")
        return {field: () if field == "capacity" else None}
    try:
        if field == "amount" and " " in value.strip():
            figure, currency = value.strip().rsplit(" ", 1)
            return {field: _amount(figure), "currency": _currency(currency)}
        return {field: parser(value.strip())}
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise UsageError(f"{field} cannot be {value!r}: {error}") from error


def _converted(record: DealRecord, rates: Rates) -> DealRecord:
    on = record.announced_on or (record.first_reported_at.date() if record.first_reported_at else None)
    dollars = rates.usd(record.amount, record.currency, on) if record.amount is not None and record.currency else None
    return dataclasses.replace(
        record,
        amount_usd=dollars.usd if dollars else None,
        usd_rate=dollars.rate if dollars else None,
        usd_rate_on=dollars.rate_on if dollars else None,
    )


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"it takes {', '.join(allowed)}")
        return value

    return parse


def _currency(value: str) -> str:
    if len(value) != 3 or not value.isascii() or not value.isalpha():
        raise ValueError("it takes three letters of ISO 4217")
    return value.upper()


def _amount(value: str) -> Decimal:
    number = Decimal(value.replace(",", "").replace("_", "").replace(" ", ""))
    if not number.is_finite() or not 0 <= number < _MOST_AMOUNT:
        raise ValueError("it takes a number, not below zero")
    return number


def _months(value: str) -> int:
    if not 0 < int(value) <= _MOST_MONTHS:
        raise ValueError(f"it takes months, from 1 to {_MOST_MONTHS}")
    return int(value)


def _boolean(value: str) -> bool:
    return {"true": True, "false": False}[value.casefold()]


def _parties(value: str) -> tuple[Party, ...]:
    """JSON: [{"name", "role", "organisation_id"?}]."""
    parties = tuple(Party(p["name"], p["role"], p.get("organisation_id")) for p in _json_list(value))
    if any(party.role not in ROLES for party in parties):
        raise ValueError(f"roles are {', '.join(ROLES)}")
    named = [name for p in parties for name in (p.name, p.organisation_id or "x")]
    if not all(isinstance(name, str) and name.strip() for name in named):
        raise ValueError("each party has a name")
    return parties


def _capacity(value: str) -> tuple[Capacity, ...]:
    """JSON: [{"quantity", "unit", "qualifier"?, "item"?}]."""
    return tuple(
        Capacity(
            _amount(str(c["quantity"])) if c.get("quantity") is not None else None,
            _one_of(UNITS)(c["unit"]),  # type: ignore[arg-type]
            _one_of(QUALIFIERS)(c.get("qualifier", "exact")),  # type: ignore[arg-type]
            str(c["item"]) if c.get("item") is not None else None,
        )
        for c in _json_list(value)
    )


def _json_list(value: str) -> list[Any]:
    found = json.loads(value)
    if not isinstance(found, list):
        raise ValueError("it takes a JSON list")
    return found


_MOST_MONTHS = 1200
_MOST_AMOUNT = Decimal("1e18")
_REQUIRED = frozenset(("kind", "status", "disputed", "parties", "headline", "needs_review"))
_PARSERS: Mapping[str, Callable[[str], object]] = {
    "kind": _one_of(KINDS),
    "status": _one_of(STATUSES),
    "disputed": _boolean,
    "parties": _parties,
    "amount": _amount,
    "amount_low": _amount,
    "amount_high": _amount,
    "amount_text": str,
    "currency": _currency,
    "amount_qualifier": _one_of(QUALIFIERS),
    "amount_basis": _one_of(("total", "per_year")),
    "valuation": _amount,
    "valuation_currency": _currency,
    "term_months": _months,
    "announced_on": date.fromisoformat,
    "capacity": _capacity,
    "headline": str,
    "needs_review": _boolean,
}
