"""The status of a deal over time, its versions, and figures out of the ordinary."""

from __future__ import annotations

from decimal import Decimal

import pytest
from unit.resolve.made import PARENTS, capacity, judgement, report

from dealwire.deal_model import Report
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.fold import fold
from dealwire.resolve.history import changed_fields, history
from dealwire.resolve.outliers import outliers

PAIR = ("aws:provider", "openai:customer")


def told(*stations: str) -> list[Report]:
    """ "0 rumored", "9 announced official" … as reports."""
    reports = []
    for number, station in enumerate(stations):
        day, status, *rest = station.split()
        confidence = 0.5 if "unsure" in rest else 0.9
        reports.append(
            report(
                f"r{number}", *PAIR, day=float(day), status=status, official="official" in rest, confidence=confidence
            )
        )
    return reports


@pytest.mark.parametrize(
    ("stations", "status", "disputed"),
    [
        (["0 rumored"], "rumored", False),
        (["0 rumored", "0.5 announced", "1 rumored"], "rumored", False),
        (["0 rumored", "1 announced official"], "announced", False),
        (["0 rumored", "9 announced", "30 completed"], "completed", False),
        (["0 announced", "9 cancelled unsure"], "announced", True),
        (["0 announced", "9 cancelled unsure", "9.2 cancelled unsure"], "cancelled", False),
        (["0 announced", "9 cancelled"], "cancelled", False),
        (["0 announced", "9 cancelled official", "20 announced"], "cancelled", False),
        (["0 announced", "9 cancelled", "20 announced", "20.1 announced"], "announced", False),
        (["0 completed", "90 announced"], "completed", False),
    ],
)
def test_status(stations: list[str], status: str, disputed: bool) -> None:
    record = fold(told(*stations), (), shipped_rates(), PARENTS)
    assert (record.status, record.disputed) == (status, disputed)


def test_a_life_has_a_version_for_each_change_with_its_cause() -> None:
    reports = [
        report("a", *PAIR, amount=30e9, status="rumored"),
        report("b", *PAIR, amount=30e9, day=1, status="rumored"),
        report("c", *PAIR, amount=38e9, day=12, official=True),
        report("d", *PAIR, day=200, status="completed"),
    ]
    judged = [judgement(1, "override", field="term_months", value="84")]
    versions = history(reports, judged, shipped_rates(), PARENTS)
    assert [(v.version, v.cause, v.report_key, v.judgement_id) for v in versions] == [
        (1, "reported", "a", None),
        (2, "corroborated", "b", None),
        (3, "amended", "c", None),
        (4, "judgement", None, 1),
        (5, "amended", "d", None),
    ]
    assert [(v.record.status, v.record.amount) for v in versions][::2] == [
        ("rumored", Decimal("30e9")),
        ("announced", Decimal("38e9")),
        ("completed", Decimal("38e9")),
    ]
    assert "status" in changed_fields(versions[1].record, versions[2].record)


def test_a_deal_whose_reports_are_all_retracted_is_disputed_and_for_review() -> None:
    record = fold([report("a", *PAIR, amount=38e9, retracted=True)], (), shipped_rates(), PARENTS)
    assert (record.disputed, record.needs_review, record.source_count) == (True, True, 0)
    assert record.amount == Decimal("38e9")


@pytest.mark.parametrize(
    ("usd", "items", "found"),
    [
        (38e9, (capacity(2, "GW"),), ()),
        (38e12, (capacity(2, "GW"),), ("usd_per_gw", "amount_huge")),
        (38e6, (capacity(200, "MW"),), ("usd_per_gw",)),
        (9.7e9, (capacity(200_000, "GPU"),), ()),
        (9.7e12, (capacity(200_000, "GPU"),), ("usd_per_gpu", "amount_huge")),
        (9.7e9, (capacity(None, "GPU", "approx"),), ()),
        (None, (capacity(2, "GW"),), ()),
    ],
)
def test_outliers(usd: float | None, items: tuple[object, ...], found: tuple[str, ...]) -> None:
    assert outliers("compute_contract", Decimal(str(usd)) if usd else None, items, []) == found  # type: ignore[arg-type]


def test_an_acquisition_has_no_price_per_gigawatt() -> None:
    assert outliers("acquisition", Decimal("100e6"), (capacity(2, "GW"),), []) == ()
