"""What an alert carries: JSON that stands by itself, for rendering at any later time and for the webhook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dealwire.alert_model import AlertEvent, LastAlert
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange, DealRecord, Source
from dealwire.model import Capacity

SCHEMA = "dealwire.alert/1"
NOTICE_SCHEMA = "dealwire.notice/1"
MAX_SOURCES = 10
MAX_QUOTE = 600
_COMPARED = ("status", "disputed", "amount", "currency", "amount_qualifier", "term_months", "officially_confirmed")


def alert_payload(change: DealChange, event: AlertEvent, rule: Rule, last: LastAlert | None) -> dict[str, Any]:
    """The alert of a change, with what changed since the last alert (or, for a first one, nothing)."""
    deal = deal_json(change.deal_id, change.version, change.after)
    told = last.payload["deal"] if last is not None else None
    if told is None and event != "new" and change.before is not None:
        told = deal_json(change.deal_id, change.version, change.before)
    return {
        "schema": SCHEMA,
        "event": event,
        "rule": rule.id,
        "language": rule.language,
        "occurred_at": change.changed_at.isoformat(),
        "deal": deal,
        "changes": [] if told is None else differences(told, deal),
        "sources": [source_json(source) for source in _told(change.sources)],
        "merged_into": change.merged_into,
    }


def correction_payload(told: LastAlert, change: DealChange) -> dict[str, Any]:
    """The correction of an alert whose deal is withdrawn: what was told, and why it does not stand."""
    return dict(told.payload) | {
        "event": "correction",
        "occurred_at": change.changed_at.isoformat(),
        "changes": [],
        "merged_into": change.merged_into,
    }


def deal_json(deal_id: int, version: int, deal: DealRecord) -> dict[str, Any]:
    """A deal as JSON; the keys are the columns of analytics.deal."""
    return {
        "deal_id": deal_id,
        "version": version,
        "headline": deal.headline,
        "kind": deal.kind,
        "status": deal.status,
        "disputed": deal.disputed,
        "parties": [{"name": p.name, "role": p.role, "organisation_id": p.organisation_id} for p in deal.parties],
        "amount": number(deal.amount),
        "amount_low": number(deal.amount_low),
        "amount_high": number(deal.amount_high),
        "amount_text": deal.amount_text,
        "currency": deal.currency,
        "amount_qualifier": deal.amount_qualifier,
        "amount_basis": deal.amount_basis,
        "amount_usd": number(deal.amount_usd),
        "valuation": number(deal.valuation),
        "valuation_currency": deal.valuation_currency,
        "term_months": deal.term_months,
        "announced_on": moment(deal.announced_on),
        "capacity": [_capacity_json(capacity) for capacity in deal.capacity],
        "first_reported_at": moment(deal.first_reported_at),
        "last_reported_at": moment(deal.last_reported_at),
        "source_count": deal.source_count,
        "independent_source_count": deal.independent_source_count,
        "officially_confirmed": deal.officially_confirmed,
        "confidence": round(deal.confidence, 4),
    }


def _capacity_json(capacity: Capacity) -> dict[str, Any]:
    return {
        "quantity": number(capacity.quantity),
        "unit": capacity.unit,
        "qualifier": capacity.qualifier,
        "item": capacity.item,
    }


def source_json(source: Source) -> dict[str, Any]:
    """A source as JSON, its evidence sentence cut to a readable length."""
    quote = source.quote
    if quote is not None and len(quote) > MAX_QUOTE:
        quote = quote[: MAX_QUOTE - 1].rstrip() + "…"
    return {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "language": source.language,
        "published_at": moment(source.published_at),
        "official": source.official,
        "quote": quote,
    }


def _told(sources: Sequence[Source]) -> list[Source]:
    """The first outlets, and the newest one, which brought the change."""
    ordered = in_order(sources)
    if len(ordered) <= MAX_SOURCES:
        return ordered
    newest = max(ordered[MAX_SOURCES - 1 :], key=lambda source: moment(source.published_at) or "")
    return [*ordered[: MAX_SOURCES - 1], newest]


def in_order(sources: Sequence[Source]) -> list[Source]:
    """The first outlet first; undated ones last, in the order given."""
    dated = sorted((s for s in sources if s.published_at is not None), key=lambda s: str(moment(s.published_at)))
    return dated + [s for s in sources if s.published_at is None]


def differences(told: Mapping[str, Any], deal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What changed, field by field. A change of currency alone is told with the amount."""
    return [
        {"field": field, "before": told.get(field), "after": deal[field]}
        for field in _COMPARED
        if told.get(field) != deal[field]
    ]


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def moment(value: date | datetime | None) -> str | None:
    """A date or an instant as ISO 8601 text."""
    return None if value is None else value.isoformat()
