"""Figures as the page writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from dealwire.web import figures


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (38_000_000_000, "USD", "$38bn"),
        (9_700_000_000, "USD", "$9.7bn"),
        (17_400_000_000, "USD", "$17.4bn"),
        (1_234_000_000, "EUR", "€1.23bn"),
        (850_000_000, "EUR", "€850m"),
        (999_960_000, "USD", "$1bn"),
        (1_400_000_000_000, "USD", "$1.4tn"),
        (500, "USD", "$500"),
        (1_100_000_000, "NOK", "NOK 1.1bn"),
        (0, "USD", "$0"),
    ],
)
def test_money_is_short(amount: int, currency: str, written: str) -> None:
    assert figures.money(Decimal(amount), currency) == written


def deal(**fields: object) -> SimpleNamespace:
    base = {"amount": Decimal(19_400_000_000), "currency": "USD", "amount_qualifier": "exact", "amount_basis": "total"}
    return SimpleNamespace(**base | {"amount_usd": None} | fields)


def test_a_value_says_how_sure_it_is() -> None:
    assert figures.value(deal()) == "$19.4bn"
    assert figures.value(deal(amount_qualifier="up_to")) == "up to $19.4bn"
    assert figures.value(deal(amount_qualifier="at_least", amount_basis="per_year")) == "at least $19.4bn a year"
    assert figures.value(deal(amount=None, currency=None)) == "not stated"


def test_dollars_stand_beside_other_currencies_only() -> None:
    assert figures.in_dollars(deal(amount_usd=Decimal(19_400_000_000))) is None
    assert figures.in_dollars(deal(currency="EUR", amount_usd=Decimal(22_000_000_000))) == "≈ $22bn"


def test_terms_days_and_times() -> None:
    assert [figures.term(months) for months in (84, 12, 18, None)] == ["7 years", "1 year", "18 months", "–"]
    assert figures.day(date(2026, 11, 3)) == "3 Nov 2026"
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    spans = [timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=3), timedelta(days=2), timedelta(hours=-2)]
    assert [figures.ago(now - span, now) for span in spans] == [
        "just now",
        "1 minute ago",
        "3 hours ago",
        "2 days ago",
        "in 2 hours",
    ]


def test_capacity_keeps_its_qualifier() -> None:
    part = {"quantity": "24000", "unit": "GPU", "qualifier": "exact", "item": "NVIDIA GB300"}
    assert figures.capacity(part) == "24,000 GPUs (NVIDIA GB300)"
    assert (
        figures.capacity(part | {"quantity": 750, "unit": "MW", "qualifier": "up_to", "item": None}) == "up to 750 MW"
    )
    assert figures.capacity(part | {"quantity": None, "item": None}) == "many GPUs"


def test_money_flows_from_left_to_right() -> None:
    parties = [{"name": n, "role": r} for n, r in (("A", "provider"), ("B", "customer"), ("C", "partner"))]
    left, right = figures.sides(parties)
    assert [party["name"] for party in left] == ["B", "C"]
    assert [party["name"] for party in right] == ["A"]


def test_nothing_is_certain() -> None:
    assert figures.percent(0.999) == "99%"
