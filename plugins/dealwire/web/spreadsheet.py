"""Deals as CSV that a spreadsheet can open without running anything that a headline or a company's name says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from dealwire.csv_cells import cell
from dealwire.web.deals import Listing, read_listing
from dealwire.web.filters import MOST_ROWS, Filters
from dealwire.web.reading import OpenReading

MOST_LINES = 100_000
COLUMNS = [
    "deal_id",
    "kind",
    "status",
    "disputed",
    "parties",
    "amount",
    "amount_low",
    "amount_high",
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
    "source_count",
    "independent_source_count",
    "officially_confirmed",
    "confidence",
    "headline",
    "evidence",
    "evidence_publisher",
    "evidence_url",
]


def csv_lines(reading: OpenReading, filters: Filters, first: Listing) -> Iterator[str]:
    """The lines of the file, page by page; `first` is read beforehand, so that a dead database is still an error."""
    yield _line(COLUMNS)
    listing, lines = first, 0
    while True:
        for row in listing.rows:
            yield _line([cell(field) for field in _fields(row)])
        lines += len(listing.rows)
        if listing.after is None or lines >= MOST_LINES:
            return
        with reading() as ask:
            listing = read_listing(ask, filters.model_copy(update={"after": listing.after, "limit": MOST_ROWS}))


def _fields(row: Any) -> list[Any]:
    special = {
        "parties": "; ".join(f"{party['name']} ({party['role']})" for party in row.parties),
        "evidence": row.proof_quote,
        "evidence_publisher": row.proof_publisher,
        "evidence_url": row.proof_url,
    }
    return [special[name] if name in special else getattr(row, name) for name in COLUMNS]


def _line(fields: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(fields)
    return buffer.getvalue()
