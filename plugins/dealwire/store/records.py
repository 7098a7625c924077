"""Deal records as JSON and back: how deal_version keeps what we believed. Amounts are text, so no digit is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dealwire.deal_model import DealRecord
from dealwire.model import Capacity, Party

_DECIMALS = ("amount", "amount_low", "amount_high", "amount_usd", "usd_rate", "valuation")
_DATES = ("usd_rate_on", "announced_on")
_TIMES = ("first_reported_at", "last_reported_at")


def record_to_json(record: DealRecord) -> dict[str, Any]:
    """Plain values only; equal records give equal results."""
    values = dataclasses.asdict(record)
    for field in _DECIMALS:
        values[field] = _plain(values[field])
    for field in (*_DATES, *_TIMES):
        values[field] = None if values[field] is None else values[field].isoformat()
    values["parties"] = [dict(party) for party in values["parties"]]
    values["capacity"] = [part | {"quantity": _plain(part["quantity"])} for part in values["capacity"]]
    return values


def record_from_json(values: Mapping[str, Any]) -> DealRecord:
    """The record that was stored; keys that are no field (a merge's target) are left out."""
    names = {field.name for field in dataclasses.fields(DealRecord)}
    known = {name: value for name, value in values.items() if name in names}
    for field in _DECIMALS:
        known[field] = None if known[field] is None else Decimal(known[field])
    for field in _DATES:
        known[field] = None if known[field] is None else date.fromisoformat(known[field])
    for field in _TIMES:
        known[field] = None if known[field] is None else datetime.fromisoformat(known[field])
    known["parties"] = tuple(Party(**party) for party in known["parties"])
    known["capacity"] = tuple(
        Capacity(**part | {"quantity": None if part["quantity"] is None else Decimal(part["quantity"])})
        for part in known["capacity"]
    )
    return DealRecord(**known)


def _plain(number: Decimal | None) -> str | None:
    """The same text for the same amount: 38E9, 38000000000 and 38000000000.00 are one."""
    if number is None:
        return None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
