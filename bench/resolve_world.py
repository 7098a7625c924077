"""A made-up world of deals for the scale curves: skewed like news, the same for the same seed, built report by report.

Three hundred mentions arrive a day. A few of 1000 companies are in most deals (Zipf), most deals are told once or twice
and a few by dozens of outlets; reports of a deal come within days, and one in ten recalls it weeks later.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dealwire.deal_model import Report
from dealwire.model import Capacity, Kind, Mention, Party

START = datetime(2023, 1, 1, tzinfo=UTC)
PER_DAY = 300
COMPANIES = 1000
_KINDS: tuple[Kind, ...] = ("compute_contract", "chip_supply", "datacenter", "power", "partnership")
_WORDS = [f"word{number}" for number in range(200)]


@dataclass(frozen=True, slots=True)
class Telling:
    """One report of a deal: which deal, when, and whether it only recalls it."""

    deal: int
    number: int
    at: datetime
    recalled: bool


def company(chance: random.Random) -> int:
    """A company by Zipf's law: the first is in about a sixth of all deals."""
    return min(int(math.exp(chance.random() * math.log(COMPANIES))), COMPANIES - 1)


def tellings(count: int) -> list[Telling]:
    """The first `count` reports of the world in the order of arrival."""
    chance = random.Random(11)
    found: list[Telling] = []
    deal = 0
    span = timedelta(days=count / PER_DAY)
    while len(found) < count * 1.02:
        at = START + span * chance.random()
        for number in range(min(int(chance.paretovariate(0.9)), 60)):
            recalled = chance.random() < 0.1
            delay = chance.expovariate(1 / 40) if recalled else chance.expovariate(1.0)
            found.append(Telling(deal, number, at + timedelta(days=delay), recalled))
        deal += 1
    return sorted(found, key=lambda telling: telling.at)[:count]


def report_of(telling: Telling) -> Report:
    """The report of a telling."""
    deal = random.Random(telling.deal)
    provider, customer = company(deal), company(deal)
    kind = deal.choice(_KINDS)
    amount = None if deal.random() < 0.3 else Decimal(round(math.exp(deal.gauss(20, 1.5)), -7))
    own = random.Random(telling.deal * 1000 + telling.number)
    known = amount if amount and own.random() < 0.85 else None
    roles = ("partner", "partner") if kind == "partnership" else ("provider", "customer")
    names = (f"Company {provider}", f"Company {customer + 1000 if customer == provider else customer}")
    key = f"{telling.deal}-{telling.number}"
    title = f"{names[1]} {' '.join(own.sample(_WORDS, 5))} {names[0]}"
    mention = Mention(
        salience="background" if telling.recalled else "primary",
        kind=kind,
        status="announced",
        parties=tuple(Party(n, r, "x:" + n.casefold()) for n, r in zip(names, roles, strict=True)),  # type: ignore[arg-type]
        amount=known,
        currency="USD" if known else None,
        amount_qualifier="exact" if known else None,
        amount_basis="total" if known else None,
        amount_low=None,
        amount_high=None,
        amount_text=None,
        valuation=None,
        valuation_currency=None,
        term_months=deal.choice((None, None, 60, 120)),
        announced_on=None,
        capacity=(Capacity(Decimal(deal.randrange(50, 900, 10)), "MW", "exact"),) if deal.random() < 0.2 else (),
        confidence=0.8,
        needs_review=False,
        claims=(),
        extractor_version="bench",
    )
    return Report(
        key, key, None, f"outlet {own.randrange(300)}", False, None, title, title, "en", telling.at, telling.at, mention
    )
