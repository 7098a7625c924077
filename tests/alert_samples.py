"""Deals and changes of them for the tests of alerts, in our own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dealwire.deal_model import DealChange, DealRecord, Source
from dealwire.model import Capacity, Party

NOW = datetime(2025, 11, 3, 14, 0, tzinfo=UTC)

COMPUTE = DealRecord(
    kind="compute_contract",
    status="announced",
    disputed=False,
    parties=(
        Party("Amazon Web Services", "provider", "aws"),
        Party("OpenAI", "customer", "openai"),
    ),
    amount=Decimal(38_000_000_000),
    amount_low=None,
    amount_high=None,
    amount_text="38 milliards de dollars",
    currency="USD",
    amount_qualifier="exact",
    amount_basis="total",
    amount_usd=Decimal(38_000_000_000),
    usd_rate=Decimal(1),
    usd_rate_on=date(2025, 11, 3),
    valuation=None,
    valuation_currency=None,
    term_months=84,
    announced_on=date(2025, 11, 3),
    capacity=(Capacity(None, "GPU", "at_least", "NVIDIA GB200"),),
    first_reported_at=NOW - timedelta(minutes=30),
    last_reported_at=NOW - timedelta(minutes=5),
    source_count=3,
    independent_source_count=2,
    officially_confirmed=True,
    confidence=0.97,
    needs_review=False,
    headline="OpenAI buys compute from Amazon Web Services",
)

SOURCES = (
    Source(
        "Le Quotidien du Nuage",
        "OpenAI se fournit chez Amazon",
        "https://quotidien.example/openai-amazon",
        "fr",
        NOW - timedelta(minutes=30),
        False,
        "OpenAI versera 38 milliards de dollars à Amazon Web Services en sept ans.",
    ),
    Source(
        "Cloud Ledger",
        "OpenAI signs with AWS",
        "https://ledger.example/a?b=1&c=2",
        "en",
        NOW - timedelta(minutes=5),
        False,
        None,
    ),
)


def change(after: DealRecord = COMPUTE, before: DealRecord | None = None, **values: Any) -> DealChange:
    """A change of deal 1 to `after`; version 1 where it is new."""
    defaults: dict[str, Any] = {
        "deal_id": 1,
        "version": 1 if before is None else 2,
        "cause": "reported" if before is None else "amended",
        "sources": SOURCES,
        "changed_at": NOW,
    }
    return DealChange(before=before, after=after, **(defaults | values))


def deal(**values: Any) -> DealRecord:
    """The sample deal with other values; an amount in dollars sets amount_usd too."""
    if "amount" in values and "amount_usd" not in values:
        values["amount_usd"] = values["amount"]
    return replace(COMPUTE, **values)
