"""The bars of the charts."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from dealwire.web.charts import HEIGHT, WIDTH, draw_parties, draw_periods, months, weeks


def row(period: date, kind: str, firm: int, up_to: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        period_on=period, kind=kind, deals=1, firm_usd=Decimal(firm), up_to_usd=Decimal(up_to), rumored_usd=Decimal(0)
    )


def test_periods_end_with_the_present_one() -> None:
    assert months(date(2026, 2, 5), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert weeks(date(2026, 11, 24), 2) == [date(2026, 11, 16), date(2026, 11, 23)]


def test_bars_are_as_high_as_their_value_and_stack() -> None:
    periods = months(date(2026, 11, 24), 12)
    rows = [row(date(2026, 11, 1), "power", 10**9, 5 * 10**8), row(date(2026, 11, 1), "compute_contract", 2 * 10**9)]
    chart = draw_periods(rows, periods)
    heights = {segment.kind: segment.height for segment in chart.segments}
    assert abs(heights["compute_contract"] - 2 * heights["power"]) < 0.3
    assert abs(heights["power"] - 2 * heights["up_to"]) < 0.3
    below = next(segment for segment in chart.segments if segment.kind == "compute_contract")
    above = next(segment for segment in chart.segments if segment.kind == "power")
    assert abs(above.y + above.height - below.y) < 0.2
    assert all(s.x >= 0 and s.x + s.width <= WIDTH and 0 <= s.y <= HEIGHT for s in chart.segments)
    assert chart.kinds == ["compute_contract", "power"]


def test_an_empty_chart_has_an_axis_and_no_bars() -> None:
    chart = draw_periods([], weeks(date(2026, 11, 24), 10))
    assert chart.segments == []
    assert [label.text for label in chart.values] == ["$0"]


def test_the_longest_party_bar_fills_its_half() -> None:
    rows = [
        SimpleNamespace(pays_usd=Decimal(40), is_paid_usd=None),
        SimpleNamespace(pays_usd=None, is_paid_usd=Decimal(10)),
    ]
    assert [(bar.pays, bar.is_paid) for bar in draw_parties(rows)] == [(100.0, 0.0), (0.0, 25.0)]
