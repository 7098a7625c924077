"""A small market of made-up companies, for the example questions: circles, a rumor, a merge, ceilings, yearly sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from store_samples import a_mention, a_record, an_article, decision

from dealwire.deal_model import DealRecord
from dealwire.model import Capacity, Claim, Organisation, Party
from dealwire.store import deals
from dealwire.store.database import Connection

BILLION = Decimal(10**9)
COMPANIES = [
    Organisation("red", "Red Lab", "lab", ("Red Laboratory",), country="US"),
    Organisation("blue", "Blue Cloud", "cloud", (), parent="bluegroup", country="US"),
    Organisation("bluegroup", "Blue Group", "company", country="US"),
    Organisation("chip", "Chip Works", "chips", country="TW", ticker="CHPW"),
    Organisation("sun", "Sun Power", "energy", country="FR"),
    Organisation("fund", "North Fund", "investor", country="NO"),
]


def _deal(kind: str, parties: dict[str, str], billions: int | None, **values: Any) -> DealRecord:
    names = {company.id: company.name for company in COMPANIES}
    amount = None if billions is None else billions * BILLION
    money = {"amount": amount, "amount_usd": amount, "currency": None if amount is None else "USD"}
    if amount is None:
        money |= dict.fromkeys(("usd_rate", "usd_rate_on", "amount_qualifier", "amount_basis", "amount_text"))
    told = " ".join(f"{names[organisation]} ({role})" for organisation, role in parties.items())
    changes = {
        "kind": kind,
        "parties": tuple(Party(names[key], role, key) for key, role in parties.items()),  # type: ignore[arg-type]
        "headline": f"{kind}: {told}",
        "capacity": (),
        "term_months": None,
    }
    return replace(a_record(), **money | changes | values)


def market(now: datetime) -> list[DealRecord]:
    """Deals of the last ten days; dollars in billions."""
    day = (now - timedelta(days=3)).date()
    gigawatts = (Capacity(Decimal(2), "GW", "exact"),)
    chips = (Capacity(Decimal(200_000), "GPU", "exact"),)
    records = [
        _deal("equity_investment", {"chip": "investor", "red": "investee"}, 10),
        _deal("compute_contract", {"red": "customer", "blue": "provider"}, 36, term_months=36),
        _deal("chip_supply", {"blue": "customer", "chip": "provider"}, 6, capacity=chips),
        _deal("power", {"blue": "customer", "sun": "provider"}, 4, capacity=gigawatts, currency="EUR"),
        _deal("datacenter", {"red": "customer", "blue": "developer", "sun": "provider"}, 20, capacity=gigawatts),
        _deal("datacenter", {"fund": "customer", "blue": "developer"}, 2, capacity=gigawatts),
        _deal("compute_contract", {"red": "customer", "blue": "provider"}, 1, amount_basis="per_year"),
        _deal("chip_supply", {"red": "customer", "chip": "provider"}, 50, amount_qualifier="up_to"),
        _deal("acquisition", {"fund": "acquirer", "sun": "target"}, 7, status="rumored"),
        _deal("partnership", {"sun": "partner", "red": "partner"}, None),
    ]
    return [replace(record, announced_on=day) for record in records]


def open_market(connection: Connection, now: datetime) -> None:
    """Store the market, a rumor that comes true, a changed amount and a merge."""
    deals.sync_organisations(connection, COMPANIES)
    week, start = now - timedelta(days=8), now - timedelta(days=10)
    records = market(now)
    numbers = [
        _report(connection, key, record, start if record.status == "rumored" else week)
        for key, record in enumerate(records, start=1)
    ]
    true = replace(records[8], status="announced", officially_confirmed=True, independent_source_count=2)
    _report(connection, 20, true, now - timedelta(days=2), numbers[8])
    more = replace(records[3], amount=5 * BILLION, amount_usd=5 * BILLION)
    _report(connection, 21, more, now - timedelta(hours=2), numbers[3])
    same = _report(connection, 22, replace(records[1], headline="the same again"), now - timedelta(hours=1))
    deals.mark_merged(connection, same, numbers[1], now - timedelta(minutes=30))


def _report(connection: Connection, key: int, record: DealRecord, at: datetime, deal_id: int | None = None) -> int:
    body = f"Title {key}\n\n"
    text = f"They agreed on {record.amount} {record.currency}."
    quote = f"{record.amount} {record.currency}"
    claims = (
        ()
        if record.amount is None
        else (Claim("amount", str(record.amount), quote, len(body) + 15, len(body) + 15 + len(quote), 0.9),)
    )
    article, version = an_article(connection, str(key), text=text, at=at, publisher=f"Outlet {key % 3}")
    names = ("kind", "status", "parties", "amount", "currency", "amount_text", "capacity", "term_months")
    said = {name: getattr(record, name) for name in names} | {"amount_qualifier": record.amount_qualifier}
    deals.replace_mentions(connection, article, version, "v1", [replace(a_mention(), **said, claims=claims)], at)
    mention_id = max(deals.pending_mentions(connection))
    timed = replace(record, first_reported_at=at, last_reported_at=at)
    cause = "reported" if deal_id is None else "amended"
    change = deals.write_deal(connection, deal_id, timed, cause, [mention_id], [decision(mention_id)], at, at)
    assert change is not None
    return change.deal_id
