"""Figures and terms as the page writes them: short, and never more certain than what was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

NOTHING = "–"
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "BRL": "R$", "CNY": "CN¥"}
_SIGNS |= {"AUD": "A$", "CAD": "C$"}
_STEPS = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
QUALIFIERS = {"exact": "", "approx": "about", "up_to": "up to", "at_least": "at least"}
KINDS = {
    "compute_contract": "Compute",
    "chip_supply": "Chips",
    "datacenter": "Data centre",
    "power": "Power",
    "equity_investment": "Investment",
    "acquisition": "Acquisition",
    "debt_financing": "Debt",
    "joint_venture": "Joint venture",
    "partnership": "Partnership",
}
STATUSES = {"announced": "Announced", "completed": "Completed", "rumored": "Rumoured", "cancelled": "Cancelled"}
CAUSES = {
    "reported": "First reported",
    "amended": "Changed by a new report",
    "corroborated": "Reported by another source",
    "judgement": "Decided by a person",
    "re_extracted": "Read again by a newer extractor",
    "converted": "Converted at a better exchange rate",
    "identified": "A party was identified",
    "merged": "Merged with another deal",
    "split": "Split from another deal",
    "retracted": "A source took its report back",
}
# Who stands left and who right of the arrow: the side that pays, the side that delivers or is bought.
_PAYING = ("customer", "investor", "acquirer", "lender")
_PAID = ("provider", "developer", "investee", "target", "seller", "borrower")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def number(value: Decimal | float | int) -> str:
    """Three significant figures at most, without trailing zeros: 38, 9.7, 17.4, 105."""
    value = Decimal(value)
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal | None, currency: str | None = "USD") -> str:
    """An amount in short: $38bn, €850m, NOK 1.1bn."""
    if amount is None:
        return NOTHING
    sign = _SIGNS.get(currency or "", f"{currency} " if currency else "")
    for step, name in _STEPS:
        if abs(amount) >= step * Decimal("0.9995"):
            return f"{sign}{number(amount / step)}{name}"
    return f"{sign}{number(amount)}"


def value(row: Any) -> str:
    """The deal's value with all that was said of it: "up to $19.4bn", "about €1.1bn a year"."""
    if row.amount is None:
        return "not stated"
    qualifier = QUALIFIERS.get(row.amount_qualifier or "exact", "")
    basis = " a year" if row.amount_basis == "per_year" else ""
    return f"{qualifier} {money(row.amount, row.currency)}{basis}".strip()


def in_dollars(row: Any) -> str | None:
    """The value in US dollars where it was said in another currency."""
    if row.currency in (None, "USD") or row.amount_usd is None:
        return None
    return f"≈ {money(row.amount_usd, 'USD')}"


def full_amount(amount: Decimal | None, currency: str | None) -> str:
    """An amount with all its digits: 38,000,000,000 USD."""
    if amount is None:
        return NOTHING
    digits = f"{amount:,.2f}".removesuffix(".00")
    return f"{digits} {currency or ''}".strip()


def term(months: int | None) -> str:
    """A contract's length: 7 years, 18 months."""
    if months is None:
        return NOTHING
    if months % 12:
        return f"{months} months"
    return "1 year" if months == 12 else f"{months // 12} years"


def day(value: date | datetime | None) -> str:
    """A day in short, without locale: 3 Nov 2026."""
    return NOTHING if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """A day and a time in UTC."""
    return NOTHING if value is None else f"{day(value)}, {value:%H:%M} UTC"


def ago(value: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    if value is None:
        return "never"
    seconds = (now - value).total_seconds()
    if seconds < 0:
        return f"in {_span(-seconds)}"
    return "just now" if seconds < 60 else f"{_span(seconds)} ago"


def _span(seconds: float) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"


def capacity(part: Mapping[str, Any] | Any) -> str:
    """A quantity that a deal is about: up to 750 MW, 24,000 GPU (NVIDIA GB300)."""
    read = part.get if isinstance(part, Mapping) else lambda name: getattr(part, name)
    quantity, unit, item = read("quantity"), read("unit"), read("item")
    amount = "many" if quantity is None else f"{Decimal(str(quantity)).normalize():,f}"
    qualifier = "" if quantity is None else QUALIFIERS.get(read("qualifier") or "exact", "")
    units = unit if unit in ("GW", "MW", "MWh", "TWh") else f"{unit}s"
    return f"{qualifier} {amount} {units}".strip() + (f" ({item})" if item else "")


def sides(parties: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The parties left and right of the arrow, the paying side first; partners all stand left."""
    left = [party for party in parties if party["role"] in (*_PAYING, "partner")]
    right = [party for party in parties if party["role"] in _PAID]
    return left, right


def percent(probability: float) -> str:
    """A probability without false certainty: never 100 %."""
    return f"{min(99, round(probability * 100))}%"
