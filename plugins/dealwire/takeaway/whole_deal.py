"""One deal with everything behind it, as rows and as JSON: what the page's API and the assistants' server both give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dealwire.errors import NotFoundError
from dealwire.takeaway.columns import in_json


class Ask(Protocol):
    """Runs one named query; rows have the query's columns as attributes."""

    def __call__(self, name: str, parameters: Mapping[str, Any], /) -> Sequence[Any]:
        """The rows of the named query."""


@dataclass(frozen=True, slots=True)
class DealRows:
    """What the database holds of one deal; `claims` by the report that makes them, `versions` the newest first."""

    deal: Any
    parties: Sequence[Any]
    capacity: Sequence[Any]
    reports: Sequence[Any]
    claims: Mapping[int, Sequence[Any]]
    versions: Sequence[Any]
    absorbed: Sequence[Any]


def read_deal_rows(ask: Ask, deal_id: int) -> DealRows:
    """The rows of a deal; NotFoundError where there is none."""
    asked = {"deal_id": deal_id}
    found = ask("page_deal", asked)
    if not found:
        raise NotFoundError(f"there is no deal {deal_id}")
    claims: dict[int, list[Any]] = defaultdict(list)
    for claim in ask("page_deal_claims", asked):
        claims[claim.mention_id].append(claim)
    return DealRows(
        deal=found[0],
        parties=ask("page_deal_parties", asked),
        capacity=ask("page_deal_capacity", asked),
        reports=ask("page_deal_reports", asked),
        claims=claims,
        versions=ask("page_deal_history", asked),
        absorbed=ask("page_deal_absorbed", asked),
    )


FIELDS = [
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


def deal_fields(row: Any) -> dict[str, Any]:
    """The fields of a deal itself."""
    return {name: in_json(getattr(row, name)) for name in FIELDS}


def whole_deal(rows: DealRows) -> dict[str, Any]:
    """One deal with its parties, capacity, sources, claims and versions; `merged_into` where it became another one."""
    return {
        **deal_fields(rows.deal),
        "parties": [
            {"organisation_id": party.organisation_id, "name": party.name, "role": party.role, "parent": party.parent}
            for party in rows.parties
        ],
        "capacity": [
            {"quantity": in_json(part.quantity), "unit": part.unit, "qualifier": part.qualifier, "item": part.item}
            for part in rows.capacity
        ],
        "sources": [_source(report, rows.claims.get(report.mention_id, ())) for report in rows.reports],
        "versions": [
            {"version": row.version, "recorded_at": in_json(row.recorded_at), "cause": row.cause}
            for row in rows.versions
        ],
        "merged_into": rows.deal.merged_into,
    }


def _source(report: Any, claims: Sequence[Any]) -> dict[str, Any]:
    return {
        "publisher": report.publisher,
        "title": report.title,
        "url": report.url,
        "language": report.language,
        "official": report.official,
        "published_at": in_json(report.published_at),
        "salience": report.salience,
        "amount": in_json(report.amount),
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
