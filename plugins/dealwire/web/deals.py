"""Deals as the page and the API show them, put together from rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

from dealwire.takeaway.whole_deal import DealRows, deal_fields, read_deal_rows
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
    """All that is known of one deal: the rows, and what is shown of them. `proofs` and `copies` are by report."""

    rows: DealRows
    proofs: Mapping[int, list[Proof]]
    copies: Mapping[int, str]
    differences: list[Difference]
    history: list[Change]


def read_listing(ask: Ask, filters: Filters) -> Listing:
    """One page of deals."""
    rows = list(ask("page_deals", filters.parameters()))
    shown = rows[: filters.limit]
    return Listing(shown, filters.cursor(shown[-1]) if len(rows) > filters.limit else None)


def read_deal(ask: Ask, deal_id: int) -> DealPage:
    """One deal with everything behind it."""
    rows = read_deal_rows(ask, deal_id)
    return DealPage(
        rows=rows,
        proofs={mention: proofs_of(claims) for mention, claims in rows.claims.items()},
        copies=copies(rows.reports),
        differences=differences(rows.reports),
        history=changes(list(rows.versions)),
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


def deal_json(row: Any) -> dict[str, Any]:
    """One row of the table for the API."""
    shown = deal_fields(row)
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
