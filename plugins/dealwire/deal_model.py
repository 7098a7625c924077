"""Reports, judgements and the deals folded from them, as plain values shared by resolution, alerts, store and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from dealwire.model import Basis, Capacity, Kind, Mention, Party, Qualifier, Status

Verdict = Literal["match", "new", "review"]
Cause = Literal[
    "reported",
    "amended",
    "corroborated",
    "judgement",
    "re_extracted",
    "converted",
    "identified",
    "merged",
    "split",
    "retracted",
]
Action = Literal["merge", "split", "override", "accept", "reject", "undo"]
Event = Literal["new", "value_changed", "status_changed", "disputed", "correction"]


@dataclass(frozen=True, slots=True)
class Report:
    """One mention with the article around it: what resolution compares. `key` is unique and stable."""

    key: str
    article_id: str
    story_id: str | None
    publisher: str
    official: bool
    url: str | None
    title: str
    lead: str
    language: str | None
    published_at: datetime | None
    seen_at: datetime | None
    mention: Mention
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided about deals; outlives every rebuild. `undone` ones are history only.

    `deal_key`/`other_deal_key` name deals (as text), `report_key` a report, `field`/`value` an override. A merge lets
    `deal_key` end in `other_deal_key`.
    """

    id: int
    action: Action
    deal_key: str | None
    other_deal_key: str | None
    report_key: str | None
    field: str | None
    value: str | None
    made_by: str
    reason: str
    made_at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """How a report came to its deal: the score, and each reason with its share, in log-odds."""

    report_key: str
    deal_key: str
    verdict: Verdict
    score: float
    reasons: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DealRecord:
    """Our belief of one deal, folded from its reports and overrides: the columns of deal.deal and its parts."""

    kind: Kind
    status: Status
    disputed: bool
    parties: tuple[Party, ...]
    amount: Decimal | None
    amount_low: Decimal | None
    amount_high: Decimal | None
    amount_text: str | None
    currency: str | None
    amount_qualifier: Qualifier | None
    amount_basis: Basis | None
    amount_usd: Decimal | None
    usd_rate: Decimal | None
    usd_rate_on: date | None
    valuation: Decimal | None
    valuation_currency: str | None
    term_months: int | None
    announced_on: date | None
    capacity: tuple[Capacity, ...]
    first_reported_at: datetime | None
    last_reported_at: datetime | None
    source_count: int
    independent_source_count: int
    officially_confirmed: bool
    confidence: float
    needs_review: bool
    headline: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a deal was reported, as alerts and the page show it."""

    publisher: str
    title: str
    url: str | None
    language: str | None
    published_at: datetime | None
    official: bool
    quote: str | None


@dataclass(frozen=True, slots=True)
class DealChange:
    """One new version of a deal, with the version before it (None for a new deal) and its sources.

    `first_seen_at` is when the deal's newest report was first seen; `feed_is_new` marks a feed's first poll.
    """

    deal_id: int
    version: int
    cause: Cause
    before: DealRecord | None
    after: DealRecord
    sources: tuple[Source, ...]
    changed_at: datetime
    merged_into: int | None = None
