"""One record from all reports of a deal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from unit.resolve.made import PARENTS, capacity, judgement, report

from dealwire.deal_model import DealRecord, Judgement, Report
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.fold import fold

PAIR = ("aws:provider", "openai:customer")


def folded(*reports: Report, judged: tuple[Judgement, ...] = ()) -> DealRecord:
    return fold(reports, judged, shipped_rates(), PARENTS)


def test_an_official_source_beats_a_majority() -> None:
    outlets = [report(f"o{n}", *PAIR, amount=30e9) for n in range(5)]
    assert folded(*outlets, report("z", *PAIR, amount=38e9, official=True)).amount == Decimal("38e9")


def test_the_independent_majority_beats_the_count_of_copies() -> None:
    copies = [report(f"c{n}", *PAIR, amount=30e9, story_id="wire") for n in range(5)]
    own = [report("d", *PAIR, amount=38e9), report("e", *PAIR, amount=38e9)]
    assert folded(*copies, *own).amount == Decimal("38e9")


def test_probability_decides_between_equals() -> None:
    record = folded(report("a", *PAIR, amount=30e9, confidence=0.9), report("b", *PAIR, amount=38e9, confidence=0.5))
    assert record.amount == Decimal("30e9")


def test_up_to_never_overrides_signed() -> None:
    ceiling = [report(f"u{n}", *PAIR, amount=19.4e9, amount_qualifier="up_to", official=n == 0) for n in range(4)]
    record = folded(*ceiling, report("s", *PAIR, amount=17.4e9))
    assert (record.amount, record.amount_qualifier) == (Decimal("17.4e9"), "exact")
    assert (record.amount_low, record.amount_high) == (Decimal("17.4e9"), Decimal("19.4e9"))


def test_the_qualifier_of_one_figure_goes_by_majority() -> None:
    said = [report(f"u{n}", *PAIR, amount=10e9, amount_qualifier="up_to") for n in range(3)]
    assert folded(*said, report("s", *PAIR, amount=10e9)).amount_qualifier == "up_to"


def test_a_range_quotes_its_upper_end_and_keeps_both() -> None:
    ranged = report("a", *PAIR, amount=15e9, amount_low=Decimal("10e9"), amount_high=Decimal("15e9"))
    record = folded(ranged)
    assert (record.amount, record.amount_low, record.amount_high) == (Decimal("15e9"), Decimal("10e9"), Decimal("15e9"))


def test_a_unit_stands_for_its_family_and_stays_itself() -> None:
    record = folded(report("a", "amazon:provider", "openai:customer"), report("b", *PAIR))
    assert [(p.name, p.role) for p in record.parties] == [("Amazon Web Services", "provider"), ("OpenAI", "customer")]


def test_a_rumour_comes_true_and_is_completed() -> None:
    life = [
        report("a", *PAIR, status="rumored"),
        report("b", *PAIR, day=20),
        report("c", *PAIR, day=200, status="completed"),
    ]
    assert [folded(*life[: n + 1]).status for n in range(3)] == ["rumored", "announced", "completed"]
    assert folded(*reversed(life)).status == "completed"


def test_a_late_rumour_takes_nothing_back() -> None:
    assert folded(report("a", *PAIR), report("b", *PAIR, day=9, status="rumored")).status == "announced"


def test_a_denial_disputes_the_deal() -> None:
    record = folded(
        report("a", *PAIR, status="rumored"), report("b", *PAIR, day=1, title="OpenAI denies talks with AWS")
    )
    assert record.disputed
    assert folded(report("a", *PAIR)).disputed is False


def test_dollars_are_those_of_the_day() -> None:
    record = folded(report("a", *PAIR, amount=100, currency="EUR", announced_on="2023-12-31"))
    assert (record.amount_usd, record.usd_rate_on) == (Decimal("110.50"), date(2023, 12, 29))
    assert folded(report("a", *PAIR, amount=100, currency="TWD")).amount_usd is None


def test_capacity_counts_beat_vague_words() -> None:
    record = folded(
        report("a", *PAIR, capacity=(capacity(None, "GPU", "approx"),)),
        report("b", *PAIR, capacity=(capacity(200000, "GPU", "exact", "GB300"), capacity(200, "MW"))),
    )
    assert record.capacity == (capacity(200000, "GPU", "exact", "GB300"), capacity(200, "MW"))


def test_an_amount_a_thousand_times_too_large_is_for_review() -> None:
    record = folded(report("a", *PAIR, amount=38e9), report("b", *PAIR, amount=38e6), report("c", *PAIR, amount=38e9))
    assert record.needs_review
    assert not folded(report("a", *PAIR, amount=38e9)).needs_review
    assert folded(report("a", *PAIR, amount=38e12, capacity=(capacity(1, "GW"),))).needs_review


def test_an_override_stands_above_all_sources() -> None:
    said = report("a", *PAIR, amount=38e9, official=True)
    judged = (
        judgement(1, "override", field="amount", value="40000000000"),
        judgement(2, "override", field="status", value="completed"),
    )
    record = folded(said, judged=judged)
    assert (record.amount, record.amount_usd, record.status) == (Decimal("40e9"), Decimal("40e9"), "completed")


def test_the_order_of_reports_changes_nothing() -> None:
    reports = [report(f"r{n}", *PAIR, amount=30e9 + n % 3 * 4e9, day=n % 2, confidence=0.5 + n / 20) for n in range(7)]
    assert folded(*reports) == folded(*reversed(reports))
