"""Totals that an analyst who distrusts us works out again: two hundred odd deals, each sum done once more in Python.

They have several parties on a side, a company on both sides, units and their parents, sellers beside targets, ceilings,
annual amounts with and without a term, rumors, denials, cancelled and merged ones, and amounts without dollars.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dealwire.store.analyst import read_rows, role_url
from dealwire.store.database import Connection, connect, fetch_all
from dealwire.store.queries import SQL_ROOT

SIDES = {
    "compute_contract": ("customer", "provider"),
    "power": ("customer", "developer"),
    "equity_investment": ("investor", "investee"),
    "acquisition": ("acquirer", "target"),
    "debt_financing": ("lender", "borrower"),
    "partnership": ("partner", "partner"),
}
PAYS = {"customer", "investor", "acquirer", "lender"}
RECEIVES = {"provider", "developer", "investee", "seller", "borrower"}
PARENTS = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}
COMPANIES = ["a", "a1", "a2", "b", "b1", "c", "c1", *"defghij"]
CONTRACTS = ("compute_contract", "chip_supply", "power", "datacenter")


@dataclass(frozen=True, slots=True)
class Odd:
    """One deal as we made it."""

    id: int
    kind: str
    status: str
    disputed: bool
    needs_review: bool
    qualifier: str | None
    basis: str | None
    usd: Decimal | None
    term: int | None
    day: date
    merged_into: int | None
    parties: frozenset[tuple[str, str]]

    @property
    def money(self) -> str | None:
        """What kind of dollars it has."""
        if self.usd is None:
            return None
        if self.status in ("cancelled", "rumored"):
            return self.status
        if self.disputed or self.needs_review:
            return "doubtful"
        if self.basis == "per_year":
            return "per_year"
        return "up_to" if self.qualifier == "up_to" else "firm"

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Who pays whom."""
        sold = any(role == "seller" for _, role in self.parties)
        payers = {who for who, role in self.parties if role in PAYS}
        paid = {who for who, role in self.parties if role in RECEIVES or (role == "target" and not sold)}
        return sorted((payer, payee) for payer in payers for payee in paid if payer != payee)

    @property
    def share(self) -> Decimal:
        """What each of its ways is worth."""
        return (self.usd or Decimal(0)) / len(self.ways)


def made(seed: int) -> list[Odd]:
    chance = random.Random(seed)
    deals: list[Odd] = []
    for number in range(1, 201):
        kind = chance.choice(list(SIDES))
        left, right = SIDES[kind]
        parties = {(chance.choice(COMPANIES), left) for _ in range(chance.choice((0, 1, 1, 2, 3)))}
        parties |= {(chance.choice(COMPANIES), right) for _ in range(chance.choice((0, 1, 1, 1, 2)))}
        if kind == "acquisition" and chance.random() < 0.5:
            parties.add((chance.choice(COMPANIES), "seller"))
        usd = None if chance.random() < 0.1 else Decimal(chance.randrange(1, 400)) * 10**8
        living = [deal.id for deal in deals if deal.merged_into is None]
        deals.append(
            Odd(
                number, kind, chance.choice(("announced",) * 5 + ("completed", "rumored", "cancelled")),
                chance.random() < 0.1, chance.random() < 0.1,
                usd and chance.choice(("exact", "approx", "up_to", "at_least")),
                usd and chance.choice(("total", "total", "per_year")), usd, chance.choice((None, 1, 12, 60, 84, 97)),
                date(2026, 11, 24) - timedelta(days=chance.randrange(900)),
                chance.choice(living) if living and chance.random() < 0.1 else None,
                frozenset(parties),
            )
        )  # fmt: skip
    into = {deal.merged_into for deal in deals}
    return [deal for deal in deals if not (deal.merged_into and deal.id in into)]


def stored(connection: Connection, deals: list[Odd]) -> None:
    with connection.cursor() as cursor:
        for name in sorted(COMPANIES):
            cursor.execute(
                "INSERT INTO deal.organisation (organisation_id, name, type, parent_id) VALUES (%s, %s, 'x', %s)",
                (name, f"Company {name}", PARENTS.get(name)),
            )
        for deal in sorted(deals, key=lambda one: one.merged_into is not None):
            row = (
                deal.id, deal.kind, deal.status, deal.disputed, deal.needs_review, deal.qualifier, deal.basis, deal.usd,
                deal.usd, deal.usd and "USD", deal.term, deal.day, deal.merged_into,
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO deal.deal (deal_id, kind, status, disputed, needs_review, amount_qualifier, amount_basis, "
                "amount_usd, amount, currency, term_months, announced_on, merged_into, confidence, headline, "
                "created_at, updated_at) OVERRIDING SYSTEM VALUE VALUES "
                f"({', '.join(['%s'] * len(row))}, 0.9, 'x', now(), now())",
                row,
            )
            rows = [(deal.id, who, role) for who, role in sorted(deal.parties)]
            cursor.executemany("INSERT INTO deal.deal_party VALUES (%s,%s,%s) ON CONFLICT DO NOTHING", rows)


@pytest.fixture(params=[1, 2, 3])
def market(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[tuple[Connection, list[Odd]]]:
    """An analyst of the odd deals, and those that count."""
    owner = connect(database_url)
    deals = made(request.param)
    stored(owner, deals)
    reader = connect(role_url(owner, tmp_path))
    yield reader, [deal for deal in deals if deal.merged_into is None]
    reader.close()
    owner.close()


def answer(reader: Connection, name: str) -> list[dict[str, Any]]:
    (path,) = [one for one in (SQL_ROOT / "examples").glob("*.sql") if one.stem.endswith(name)]
    return read_rows(reader, path.read_text("utf-8"))


def near(found: Mapping[Any, Any], wanted: Mapping[Any, Any], by: Decimal = Decimal(2)) -> bool:
    keys = {key for key in {*found, *wanted} if abs((found.get(key) or 0) - (wanted.get(key) or 0)) > by}
    assert not keys, [(key, found.get(key), wanted.get(key)) for key in list(keys)[:5]]
    return True


def test_who_pays_whom_is_divided_without_remainder_and_never_twice(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    rows = read_rows(reader, "SELECT deal_id, from_id, to_id, share_usd, from_group_id, amount_class FROM money_flow")
    wanted = {(deal.id, *way): deal.share for deal in deals for way in deal.ways}
    near({(row["deal_id"], row["from_id"], row["to_id"]): row["share_usd"] for row in rows}, wanted, Decimal("0.01"))
    assert len(rows) == len(wanted) > 100
    assert all(row["from_group_id"] == PARENTS.get(row["from_id"], row["from_id"]) for row in rows)
    assert {row["deal_id"]: row["amount_class"] for row in rows} == {deal.id: deal.money for deal in deals if deal.ways}


def test_totals_by_month_hold_each_deal_in_one_column_at_most(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    found, wanted = {}, defaultdict(Decimal)
    for row in answer(reader, "dollars_by_month_and_kind"):
        for money in ("firm", "up_to", "per_year", "rumored", "doubtful"):
            found[row["month_on"], row["kind"], money] = row[f"{money}_usd"]
        found[row["month_on"], row["kind"], "deals"] = Decimal(row["deals"])
    for deal in deals:
        month = deal.day.replace(day=1)
        wanted[month, deal.kind, "deals"] += 1
        if deal.money not in (None, "cancelled"):
            wanted[month, deal.kind, deal.money] += deal.usd
    near(found, wanted, Decimal(0))


def test_what_is_owed_is_spread_over_the_term_month_by_month(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    columns = ("due_usd", "no_term_usd", "yearly_usd")
    found = {
        (row["year"], row["customer"], row["provider"], column): row[column] or 0
        for row in answer(reader, "who_owes_what_to_whom_by_year")
        for column in columns
    }
    wanted: dict[Any, Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.kind not in CONTRACTS or deal.money not in ("firm", "per_year") or deal.usd is None:
            continue
        for payer, payee in deal.ways:
            who = (f"Company {payer}", f"Company {payee}")
            share = deal.usd / len(deal.ways)
            if deal.money == "firm" and deal.term is None:
                wanted[deal.day.year, *who, "no_term_usd"] += share
                continue
            for month in range(deal.term or 12):
                year = deal.day.year + (deal.day.month - 1 + month) // 12
                column, part = (
                    ("due_usd", share / deal.term) if deal.money == "firm" and deal.term else ("yearly_usd", share / 12)
                )
                wanted[year, *who, column] += part
    near(found, wanted)
    whole = sum(deal.usd or 0 for deal in deals if deal.kind in CONTRACTS and deal.money == "firm" and deal.ways)
    assert abs(sum(found[key] for key in found if key[3] != "yearly_usd") - whole) < 500


def test_buyers_pay_what_sellers_receive(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    paid, received = defaultdict(Decimal), defaultdict(Decimal)
    for deal in deals:
        for payer, payee in deal.ways if deal.money == "firm" else ():
            paid[f"Company {PARENTS.get(payer, payer)}"] += deal.share
            received[f"Company {PARENTS.get(payee, payee)}"] += deal.share
    rows = answer(reader, "top_buyers_and_sellers")
    near({row["name"]: row["paid_usd"] for row in rows}, paid)
    near({row["name"]: row["received_usd"] for row in rows}, received)


def test_one_companys_exposure_counts_its_own_share_only(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    number = {who: len({deal.id for deal in deals if who in {party for party, _ in deal.parties}}) for who in COMPANIES}
    assert {row["organisation_id"]: row["deals"] for row in read_rows(reader, "SELECT * FROM organisation")} == number
    company = min(COMPANIES, key=lambda who: (-number[who], who))
    wanted: dict[Any, Decimal] = defaultdict(Decimal)
    for deal in deals:
        for payer, payee in deal.ways:
            for side, who in (("pays", payer), ("receives", payee)):
                if who == company:
                    wanted[side, deal.kind, deal.money] += deal.share
    found = {
        (row["side"], row["kind"], row["amount_class"]): row["usd"] for row in answer(reader, "exposure_of_one_company")
    }
    near(found, wanted)
    assert set(found) == set(wanted)


def test_circles_are_all_of_them_and_each_once(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    edges: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for deal in deals:
        for way in deal.ways if deal.money in ("firm", "up_to", "per_year") else ():
            payer, payee = (PARENTS.get(who, who) for who in way)
            if payer != payee:
                edges[payer, payee] += deal.share if deal.money == "firm" else 0
    assert len(edges) < 250  # so that none is left out
    wanted: dict[str, Decimal] = {}

    def walk(path: tuple[str, ...]) -> None:
        for payer, payee in edges:
            if payer != path[-1]:
                continue
            if payee == path[0]:
                least = min(edges[step] for step in zip(path, (*path[1:], payee), strict=True))
                wanted[" -> ".join(f"Company {who}" for who in (*path, payee))] = least
            elif payee > path[0] and payee not in path and len(path) < 5:
                walk((*path, payee))

    for start in {payer for payer, _ in edges}:
        walk((start,))
    rows = answer(reader, "circular_flows")
    assert len(rows) == len({row["flow"] for row in rows})
    near({row["flow"]: row["least_usd"] for row in rows}, wanted)
    assert {row["flow"] for row in rows} == set(wanted)
    assert all(bool(row["not_firm"]) == (row["least_usd"] == 0) for row in rows)


def test_concentration_adds_up_to_the_whole(market: tuple[Connection, list[Odd]]) -> None:
    reader, deals = market
    received: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for deal in deals:
        for _, payee in deal.ways if deal.money == "firm" else ():
            received[deal.kind][PARENTS.get(payee, payee)] += deal.share
    wanted = {
        kind: sum((part / sum(parts.values())) ** 2 for part in parts.values()) * 10_000
        for kind, parts in received.items()
    }
    near({row["kind"]: row["herfindahl"] for row in answer(reader, "concentration_by_kind")}, wanted, Decimal(1))


def test_the_kept_flows_follow_every_change_of_parties(connection: Connection) -> None:
    stored(connection, made(1))
    chance = random.Random(5)
    with connection.cursor() as cursor:
        for _ in range(60):
            cursor.execute("SELECT deal_id, organisation_id, role FROM deal.deal_party ORDER BY random() LIMIT 3")
            keys = cursor.fetchall()
            change = chance.choice(("DELETE", "UPDATE", "INSERT"))
            for key in keys:
                if change == "DELETE":
                    cursor.execute(
                        "DELETE FROM deal.deal_party WHERE (deal_id, organisation_id, role) = (%s, %s, %s)", key
                    )
                elif change == "INSERT":
                    cursor.execute(
                        "INSERT INTO deal.deal_party VALUES (%s, 'j', 'seller') ON CONFLICT DO NOTHING", key[:1]
                    )
                else:
                    cursor.execute(
                        "UPDATE deal.deal_party AS p SET organisation_id = 'i' "
                        "WHERE (deal_id, organisation_id, role) = (%s, %s, %s) AND NOT EXISTS (SELECT FROM "
                        "deal.deal_party AS q WHERE q.deal_id = p.deal_id AND q.organisation_id = 'i')",
                        key,
                    )
        cursor.execute((SQL_ROOT / "checks" / "flow_follows_parties.sql").read_text("utf-8"))
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM deal.deal_flow")
        assert cursor.fetchone()[0] > 50  # type: ignore[index]


def test_the_pages_network_gives_shared_values_to_nobody(database_url: str) -> None:
    owner = connect(database_url)
    deals = made(2)
    stored(owner, deals)
    with owner.cursor() as cursor:
        cursor.execute("UPDATE deal.deal SET first_reported_at = announced_on")
    rows = fetch_all(owner, "page_flows", {"since": date(2020, 1, 1), "limit": 1000})
    wanted: dict[Any, Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.merged_into is None and deal.money == "firm" and len(deal.ways) == 1:
            payer, payee = (PARENTS.get(who, who) for who in deal.ways[0])
            if payer != payee:
                wanted[payer, payee] += deal.usd or 0
    near({(row.payer_id, row.payee_id): row.usd for row in rows}, wanted, Decimal(0))
    owner.close()
