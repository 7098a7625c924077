"""The bars of the charts as plain geometry; the templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dealwire.web import figures

WIDTH, HEIGHT = 760, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 12, 28


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; `kind` colours it."""

    kind: str
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A label of an axis."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class PeriodsChart:
    """Value a month or week: firm value stacked by kind, "up to" value on top of it, hatched."""

    segments: list[Segment]
    periods: list[Label]
    values: list[Label]
    kinds: list[str]


def months(last: date, count: int) -> list[date]:
    """The first days of `count` months, the last of them the month of `last`."""
    number = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(number - count + 1, number + 1)]


def weeks(last: date, count: int) -> list[date]:
    """The Mondays of `count` weeks, the last of them the week of `last`."""
    monday = last - timedelta(days=last.weekday())
    return [monday - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def draw_periods(rows: Sequence[Any], periods: Sequence[date]) -> PeriodsChart:
    """The chart of months or weeks, each known by its first day."""
    most = max((_total(rows, period) for period in periods), default=Decimal(0))
    top, ticks = _scale(float(most))
    slot = (WIDTH - _LEFT - _RIGHT) / len(periods)
    segments = []
    for number, period in enumerate(periods):
        segments += _bar(rows, period, _LEFT + slot * number + slot * 0.18, slot * 0.64, top)
    monthly = all(period.day == 1 for period in periods)
    names = [figures.day(period).split() for period in periods]
    return PeriodsChart(
        segments=segments,
        periods=[
            Label(name[1] if monthly else f"{name[0]} {name[1]}", round(_LEFT + slot * (number + 0.5), 1))
            for number, name in enumerate(names)
        ],
        values=[Label(figures.money(Decimal(tick)), round(_height(tick, top), 1)) for tick in ticks],
        kinds=[kind for kind in figures.KINDS if any(row.kind == kind and row.firm_usd > 0 for row in rows)],
    )


def _total(rows: Sequence[Any], period: date) -> Decimal:
    return sum((row.firm_usd + row.up_to_usd for row in rows if row.period_on == period), Decimal(0))


def _height(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top


def _bar(rows: Sequence[Any], period: date, x: float, width: float, top: float) -> list[Segment]:
    segments, below = [], 0.0
    stack = [(row.kind, row.firm_usd, figures.KINDS[row.kind]) for row in rows if row.period_on == period]
    stack.sort(key=lambda part: list(figures.KINDS).index(part[0]))
    up_to = sum((row.up_to_usd for row in rows if row.period_on == period), Decimal(0))
    for kind, usd, name in [*stack, ("up_to", up_to, "“Up to” amounts")]:
        if usd <= 0:
            continue
        begin, end = _height(below, top), _height(below + float(usd), top)
        label = f"{figures.day(period)}, {name}: {figures.money(usd)}"
        height = round(max(begin - end, 0.5), 1)
        segments.append(Segment(kind, label, round(x, 1), round(end, 1), round(width, 1), height))
        below += float(usd)
    return segments


def _scale(most: float) -> tuple[float, list[float]]:
    """A round top of the axis and its ticks."""
    if most <= 0:
        return 1.0, [0.0]
    step = 10 ** math.floor(math.log10(most))
    unit = next(step * factor for factor in (0.2, 0.25, 0.5, 1, 2, 2.5, 5) if most / (step * factor) <= 5)
    count = math.ceil(most / unit)
    return unit * count, [unit * number for number in range(count + 1)]


@dataclass(frozen=True, slots=True)
class PartyBar:
    """An organisation with what it pays and is paid, each as a share of the longest bar (0 to 100)."""

    row: Any
    pays: float
    is_paid: float


def draw_parties(rows: Sequence[Any]) -> list[PartyBar]:
    """Bars to both sides of a middle line."""
    most = max((max(row.pays_usd or 0, row.is_paid_usd or 0) for row in rows), default=0) or 1

    def share(usd: Decimal | None) -> float:
        return round(float((usd or 0) / most) * 100, 1)

    return [PartyBar(row, share(row.pays_usd), share(row.is_paid_usd)) for row in rows]
