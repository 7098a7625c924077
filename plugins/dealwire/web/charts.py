"""The bars of the charts as plain geometry; the templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
class MonthsChart:
    """Value a month: firm value stacked by kind, "up to" value on top of it, hatched."""

    segments: list[Segment]
    months: list[Label]
    values: list[Label]
    kinds: list[str]


def draw_months(rows: Sequence[Any], first: date, count: int = 12) -> MonthsChart:
    """The chart of `count` months from the month of `first`."""
    months = [_add_months(first, number) for number in range(count)]
    most = max((_total(rows, month) for month in months), default=Decimal(0))
    top, ticks = _scale(float(most))
    slot = (WIDTH - _LEFT - _RIGHT) / count
    segments = []
    for number, month in enumerate(months):
        segments += _bar(rows, month, _LEFT + slot * number + slot * 0.18, slot * 0.64, top)
    kinds = [kind for kind in figures.KINDS if any(row.kind == kind and row.firm_usd > 0 for row in rows)]
    return MonthsChart(
        segments=segments,
        months=[Label(figures.day(m).split()[1], round(_LEFT + slot * (n + 0.5), 1)) for n, m in enumerate(months)],
        values=[Label(figures.money(Decimal(tick)), round(_height(tick, top), 1)) for tick in ticks],
        kinds=kinds,
    )


def _add_months(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)


def _total(rows: Sequence[Any], month: date) -> Decimal:
    return sum((row.firm_usd + row.up_to_usd for row in rows if row.month == month), Decimal(0))


def _height(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top


def _bar(rows: Sequence[Any], month: date, x: float, width: float, top: float) -> list[Segment]:
    segments, below = [], 0.0
    stack = [(row.kind, row.firm_usd, figures.KINDS[row.kind]) for row in rows if row.month == month]
    stack.sort(key=lambda part: list(figures.KINDS).index(part[0]))
    up_to = sum((row.up_to_usd for row in rows if row.month == month), Decimal(0))
    for kind, usd, name in [*stack, ("up_to", up_to, "“Up to” amounts")]:
        if usd <= 0:
            continue
        begin, end = _height(below, top), _height(below + float(usd), top)
        label = f"{figures.day(month).split(' ', 1)[1]}, {name}: {figures.money(usd)}"
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
