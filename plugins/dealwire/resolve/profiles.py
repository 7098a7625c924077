"""What is read once from a report so that comparing it with others is cheap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dealwire.deal_model import Report
from dealwire.model import Kind, Qualifier, Role, Status
from dealwire.resolve.blocking import blocking_keys, family_of, happened_at, identity
from dealwire.resolve.exchange import Rates
from dealwire.resolve.places import places_in
from dealwire.resolve.wording import amends, folded, folded_story

_SUPPLY: frozenset[Role] = frozenset(("provider", "developer", "investor", "acquirer", "lender"))
_DEMAND: frozenset[Role] = frozenset(("customer", "investee", "target", "borrower", "seller"))
_FOCUS: frozenset[Role] = frozenset(("investee", "target", "borrower"))  # whom the money or the takeover is for
_LEAST_AMOUNT = 100_000  # a smaller figure is a share price, or a number that lost its "million"
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3040-\u30ff\u3400-\u9fff]{2}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Profile:
    """A report as the comparison sees it. `sides` says for each family on which side of the deal it stands."""

    key: str
    article_id: str
    story_id: str | None
    keys: frozenset[str]
    roots: frozenset[str]
    sides: Mapping[str, str]
    focus: frozenset[str]
    kind: Kind
    status: Status
    background: bool
    amount: Decimal | None
    currency: str | None
    usd: Decimal | None
    qualifier: Qualifier | None
    low: Decimal | None
    high: Decimal | None
    per_year: bool
    valuation: Decimal | None
    term_months: int | None
    announced_on: date | None
    capacity: Mapping[str, Decimal]
    at: datetime | None
    words: frozenset[str]
    figures: frozenset[str]
    places: frozenset[str]
    title_places: frozenset[str]
    amends: bool

    @property
    def weak(self) -> bool:
        """Too little said to join two deals: at most one family, and neither amount nor capacity."""
        return len(self.roots) <= 1 and self.amount is None and not self.capacity


def profile(report: Report, parents: Mapping[str, str], rates: Rates) -> Profile:
    """Read a report."""
    mention, at = report.mention, happened_at(report)
    families = family_of(report, parents)
    text = folded_story(report.title, report.lead)
    on = mention.announced_on or (at.date() if at else None)
    dollars = rates.usd(mention.amount, mention.currency, on) if mention.amount and mention.currency else None
    return Profile(
        key=report.key,
        article_id=report.article_id,
        story_id=report.story_id,
        keys=blocking_keys(report, parents),
        roots=frozenset(families.values()),
        sides=_sides(report, families),
        focus=frozenset(identity(p.name, p.organisation_id) for p in mention.parties if p.role in _FOCUS),
        kind=mention.kind,
        status=mention.status,
        background=mention.salience == "background",
        amount=mention.amount if (mention.amount or 0) >= _LEAST_AMOUNT else None,
        currency=mention.currency,
        usd=dollars.usd if dollars else None,
        qualifier=mention.amount_qualifier,
        low=mention.amount_low,
        high=mention.amount_high,
        per_year=mention.amount_basis == "per_year",
        valuation=mention.valuation,
        term_months=mention.term_months,
        announced_on=mention.announced_on,
        capacity={c.unit: c.quantity for c in mention.capacity if c.quantity is not None},
        at=at,
        words=frozenset(_WORD.findall(text)),
        figures=frozenset(number for number in _NUMBER.findall(text) if len(number) > 1),
        places=places_in(text),
        title_places=places_in(folded(report.title)),
        amends=amends(report),
    )


class Readings:
    """Profiles of reports, each report read once however often it is asked for."""

    def __init__(self, parents: Mapping[str, str], rates: Rates) -> None:
        self.parents, self.rates = parents, rates
        self._read: dict[int, tuple[Report, Profile]] = {}  # the report is kept, so that its id stays its own

    def of(self, report: Report) -> Profile:
        """The report's profile."""
        found = self._read.get(id(report))
        if found is None:
            found = self._read[id(report)] = (report, profile(report, self.parents, self.rates))
        return found[1]


def _sides(report: Report, families: Mapping[str, str]) -> dict[str, str]:
    sides: dict[str, str] = {}
    for party in report.mention.parties:
        root = families[identity(party.name, party.organisation_id)]
        side = "supply" if party.role in _SUPPLY else "demand" if party.role in _DEMAND else "both"
        sides[root] = side if sides.get(root, side) == side else "both"
    return sides
