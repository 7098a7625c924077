"""Deals as the page and the API show them, put together from rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

from dealwire.errors import NotFoundError
from dealwire.web import figures
from dealwire.web.filters import Filters
from dealwire.web.highlight import Marked, marked
from dealwire.web.proofs import Proof, proofs_of
from dealwire.web.reading import Ask


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the table; `after` leads to the next one."""

    rows: list[Any]
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which reports disagree: each value with the outlets that say it."""

    label: str
    values: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a deal: when, why, and the fields that are not as before."""

    row: Any
    cause: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class DealPage:
    """All that is known of one deal. `claims` are the rows, `proofs` the same as they are shown, both by report."""

    deal: Any
    parties: list[Any]
    capacity: list[Any]
    reports: list[Any]
    claims: Mapping[int, list[Any]]
    proofs: Mapping[int, list[Proof]]
    copies: Mapping[int, str]
    differences: list[Difference]
    history: list[Change]
    absorbed: list[Any]


def read_listing(ask: Ask, filters: Filters) -> Listing:
    """One page of deals."""
    rows = list(ask("page_deals", filters.parameters()))
    shown = rows[: filters.limit]
    return Listing(shown, filters.cursor(shown[-1]) if len(rows) > filters.limit else None)


def read_deal(ask: Ask, deal_id: int) -> DealPage:
    """One deal with everything behind it."""
    asked = {"deal_id": deal_id}
    found = ask("page_deal", asked)
    if not found:
        raise NotFoundError(f"there is no deal {deal_id}")
    reports = list(ask("page_deal_reports", asked))
    claims: dict[int, list[Any]] = defaultdict(list)
    for claim in ask("page_deal_claims", asked):
        claims[claim.mention_id].append(claim)
    return DealPage(
        deal=found[0],
        parties=list(ask("page_deal_parties", asked)),
        capacity=list(ask("page_deal_capacity", asked)),
        reports=reports,
        claims=claims,
        proofs={mention: proofs_of(rows) for mention, rows in claims.items()},
        copies=copies(reports),
        differences=differences(reports),
        history=changes(list(ask("page_deal_history", asked))),
        absorbed=list(ask("page_deal_absorbed", asked)),
    )


def copies(reports: Sequence[Any]) -> dict[int, str]:
    """Reports whose text another one had before, with that one's publisher."""
    first: dict[Any, str] = {}
    found = {}
    for report in reports:
        if report.story_id in first:
            found[report.mention_id] = first[report.story_id]
        elif report.story_id is not None:
            first[report.story_id] = report.publisher
    return found


def proof_of(row: Any) -> Marked | None:
    """The sentence that proves a row of the table or of the review queue."""
    return None if row.proof_quote is None else marked(row.proof_context, row.proof_offset, row.proof_quote)


def differences(reports: Sequence[Any]) -> list[Difference]:
    """The fields on which the reports that are about this deal do not agree."""
    fields: dict[str, Callable[[Any], str | None]] = {
        "Value": lambda report: None if report.amount is None else figures.value(report),
        "Kind": lambda report: figures.KINDS[report.kind],
        "Status": lambda report: figures.STATUSES[report.status],
        "Term": lambda report: None if report.term_months is None else figures.term(report.term_months),
        "Date": lambda report: None if report.announced_on is None else figures.day(report.announced_on),
    }
    found = []
    for label, read in fields.items():
        outlets: dict[str, list[str]] = defaultdict(list)
        for report in reports:
            said = read(report)
            if said is not None and report.publisher not in outlets[said]:
                outlets[said].append(report.publisher)
        if len(outlets) > 1:
            found.append(Difference(label, sorted(outlets.items(), key=lambda item: -len(item[1]))))
    return found


def changes(versions: Sequence[Any]) -> list[Change]:
    """What each version (newest first) changed against the one before."""
    found = []
    for row, before in zip_longest(versions, versions[1:]):
        fields = [] if before is None else _changed(before.record, row.record)
        found.append(Change(row, figures.CAUSES.get(row.cause, row.cause), fields))
    return found


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    old, new = _record_in_words(before), _record_in_words(after)
    return [(label, old[label], new[label]) for label in new if old[label] != new[label]]


def _record_in_words(record: Mapping[str, Any]) -> dict[str, str]:
    amount = record.get("amount")
    money = SimpleNamespace(
        amount=None if amount is None else Decimal(str(amount)),
        currency=record.get("currency"),
        amount_qualifier=record.get("amount_qualifier"),
        amount_basis=record.get("amount_basis"),
    )
    parties = sorted(f"{party.get('name')} ({party.get('role')})" for party in record.get("parties") or ())
    announced = record.get("announced_on")
    return {
        "Value": figures.value(money),
        "Status": figures.STATUSES.get(str(record.get("status")), figures.NOTHING),
        "Kind": figures.KINDS.get(str(record.get("kind")), figures.NOTHING),
        "Term": figures.term(record.get("term_months")),
        "Date": figures.day(date.fromisoformat(announced)) if announced else figures.NOTHING,
        "Parties": ", ".join(parties) or figures.NOTHING,
        "Capacity": ", ".join(figures.capacity(part) for part in record.get("capacity") or ()) or figures.NOTHING,
        "Disputed": "yes" if record.get("disputed") else "no",
        "Officially confirmed": "yes" if record.get("officially_confirmed") else "no",
        "Independent sources": str(record.get("independent_source_count", figures.NOTHING)),
    }


def plain(value: Any) -> Any:
    """A database value as JSON knows it; whole amounts stay whole numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


_FIELDS = [
    "deal_id",
    "version",
    "kind",
    "status",
    "disputed",
    "amount",
    "amount_low",
    "amount_high",
    "amount_text",
    "currency",
    "amount_qualifier",
    "amount_basis",
    "amount_usd",
    "usd_rate",
    "usd_rate_on",
    "valuation",
    "valuation_currency",
    "term_months",
    "announced_on",
    "first_reported_at",
    "last_reported_at",
    "updated_at",
    "source_count",
    "independent_source_count",
    "officially_confirmed",
    "confidence",
    "needs_review",
    "headline",
]


def deal_json(row: Any) -> dict[str, Any]:
    """One row of the table for the API."""
    shown = {name: plain(getattr(row, name)) for name in _FIELDS}
    shown["parties"] = row.parties
    shown["evidence"] = None
    sentence = proof_of(row)
    if sentence is not None:
        shown["evidence"] = {
            "quote": row.proof_quote,
            "sentence": sentence.before + sentence.quote + sentence.after,
            "publisher": row.proof_publisher,
            "url": row.proof_url,
            "language": row.proof_language,
        }
    return shown


def page_json(page: DealPage) -> dict[str, Any]:
    """One deal with its parties, capacity, sources and claims for the API."""
    shown = {name: plain(getattr(page.deal, name)) for name in _FIELDS}
    shown["parties"] = [
        {"organisation_id": party.organisation_id, "name": party.name, "role": party.role, "parent": party.parent}
        for party in page.parties
    ]
    shown["capacity"] = [
        {"quantity": plain(part.quantity), "unit": part.unit, "qualifier": part.qualifier, "item": part.item}
        for part in page.capacity
    ]
    shown["sources"] = [_source_json(report, page.claims.get(report.mention_id, [])) for report in page.reports]
    shown["versions"] = [
        {"version": change.row.version, "recorded_at": plain(change.row.recorded_at), "cause": change.row.cause}
        for change in page.history
    ]
    return shown


def _source_json(report: Any, claims: Sequence[Any]) -> dict[str, Any]:
    return {
        "publisher": report.publisher,
        "title": report.title,
        "url": report.url,
        "language": report.language,
        "official": report.official,
        "published_at": plain(report.published_at),
        "salience": report.salience,
        "amount": plain(report.amount),
        "currency": report.currency,
        "confidence": report.confidence,
        "extractor_version": report.extractor_version,
        "claims": [
            {
                "field": c.field,
                "value": c.value,
                "quote": c.quote,
                "start": c.start_offset,
                "probability": c.probability,
            }
            for c in claims
        ],
    }
