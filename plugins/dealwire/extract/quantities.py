"""Quantities of power and machines: gigawatts, GPUs, chips, racks, with the product named beside them."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.money import Money, amounts
from dealwire.extract.numerals import Numeral, find_numerals, measures
from dealwire.extract.products import Product, find_products, product_of
from dealwire.extract.qualifiers import qualifier_of
from dealwire.extract.text import fold
from dealwire.model import Qualifier, Unit

_POWER = frozenset({"GW", "MW", "kW", "TWh", "GWh", "MWh", "kWh"})
_TO_UNIT: dict[str, tuple[Unit, Decimal]] = {
    "GWh": ("MWh", Decimal(1000)),
    "kWh": ("MWh", Decimal("0.001")),
    "kW": ("MW", Decimal("0.001")),
    "TPU": ("chip", Decimal(1)),
}
_PROCESSOR = cast(Unit, "processor")  # until the whole text says which kind
_GRAPHICS = ("gpu", "nvidia", "graphics", "英伟达", "輝達", "エヌビディア", "grafik", "graphique")
_STOPS = frozenset(".;:!?。；！？、，\n$€£%")
_MACHINE_WORDS = 6
_MOST_MACHINES = 100_000_000
_FEW = 20
_MOST_UNITS = 250  # more than any article holds


@dataclass(frozen=True, slots=True)
class Quantity:
    """`quantity` is None where the text only gives "hundreds of thousands"; the upper figure of a range else."""

    start: int
    end: int
    quantity: Decimal | None
    unit: Unit
    qualifier: Qualifier
    item: str | None
    text: str


def find_quantities(body: str, language: Language) -> list[Quantity]:
    """All quantities in our units, in order; then the accelerators that are named without a number."""
    return _Reader(body, language).read()


class _Reader:
    """One body's numbers and unit words, and which count which."""

    def __init__(self, body: str, language: Language) -> None:
        self._body, self._folded, self._language = body, fold(body), language
        self._hits = measures(body, language)
        self._hit_starts = [hit.start for hit in self._hits]
        paid = [money for money in amounts(body, language) if not money.inherited]
        durations = {hit.start for hit in self._hits if hit.kind == "duration"}
        counting = [n for n in find_numerals(body, language) if not durations & {n.end, n.end + 1}]
        self._numerals = _unpaid(counting, paid)
        self._starts = [numeral.start for numeral in self._numerals]
        self._ends = [numeral.end for numeral in self._numerals]
        self._products = find_products(body, language)
        self._powered: set[int] = set()  # numbers that count power, and so no machines
        self._found: list[Quantity] = []

    def read(self) -> list[Quantity]:
        for unit in _longest(self._units())[:_MOST_UNITS]:
            self._read_unit(unit)
        self._read_products()
        kept: list[Quantity] = []
        for quantity in self._found:
            if not any(_repeats(quantity, other) for other in kept[-3:]):
                kept.append(quantity)
        kept = [quantity for quantity in kept if not any(_says_which(other, quantity) for other in kept)]
        return _only_machines(kept, self._folded)

    def _units(self) -> list[Hit]:
        """The unit words, and the unit symbols that touch their figure ("750MW")."""
        units = [hit for hit in self._hits if hit.kind == "unit"]
        for numeral in self._numerals:
            match = self._language.unit_symbols.match(self._folded, numeral.end) if numeral.figure else None
            if match:
                units.append(Hit(numeral.end, match.end(), "unit", self._language.unit_of_symbol[match[0]]))
        return sorted(units, key=lambda hit: (hit.start, -hit.end))

    def _read_unit(self, unit: Hit) -> None:
        index = self._numeral_for(unit)
        if index is None:
            return
        if unit.value in _POWER:
            self._powered.add(index)
        numeral = self._numerals[index]
        start, end = min(self._range_start(index), unit.start), max(numeral.end, unit.end)
        self._add(numeral, unit.value, start, end)
        shared = self._shares_unit(unit)
        if shared is not None:
            self._add(shared, unit.value, shared.start, shared.end)

    def _read_products(self) -> None:
        """ "350,000 H100s" counts them; an accelerator without a number is a capacity whose quantity nobody gives."""
        named = {quantity.item for quantity in self._found}
        for product in self._products:
            if product.unit is None or any(q.start <= product.start < q.end for q in self._found):
                continue
            unit = Hit(product.start, product.end, "unit", product.unit)
            index = self._numeral_for(unit)
            if index is not None and not self._counted(index):
                numeral = self._numerals[index]
                self._add(numeral, product.unit, min(numeral.start, unit.start), max(numeral.end, unit.end))
            elif product.name not in named:
                self._found.append(_unnumbered(product, self._body))
            named.add(product.name)

    def _counted(self, index: int) -> bool:
        at = self._numerals[index].start
        return any(quantity.start <= at < quantity.end for quantity in self._found)

    def _add(self, numeral: Numeral, unit: str, start: int, end: int) -> None:
        name, factor = _TO_UNIT.get(unit, (cast(Unit, unit), Decimal(1)))
        near = self._near(start, end)
        qualifier = qualifier_of(start, end, near, self._folded, more=numeral.more)
        if qualifier == "exact" and (numeral.about or numeral.value is None):
            qualifier = "approx"
        value = None if numeral.value is None else numeral.value * factor
        item = product_of(start, end, self._products, self._body) or ("TPU" if unit == "TPU" else None)
        text = self._body[start:end]
        self._found.append(Quantity(start, end, value, name, "approx" if value is None else qualifier, item, text))

    def _near(self, start: int, end: int) -> Sequence[Hit]:
        return self._hits[bisect_left(self._hit_starts, start - 60) : bisect_left(self._hit_starts, end + 16)]

    def _numeral_for(self, unit: Hit) -> int | None:
        """The number that counts this unit: the nearest before it, or in joined scripts right after it (GPU10万個)."""
        index = bisect_right(self._ends, unit.start) - 1
        for _ in range(4):  # "a" is a number only right before what it counts
            if index < 0 or self._language.joined or not self._numerals[index].weak:
                break
            if unit.start - self._ends[index] <= 1:
                break
            index -= 1
        if index >= 0 and self._counts(index, unit):
            return index
        if self._language.joined and unit.value not in _POWER:
            index = bisect_left(self._starts, unit.end)
            if index < len(self._numerals) and self._follows(index, unit):
                return index
        return None

    def _follows(self, index: int, unit: Hit) -> bool:
        gap = self._folded[unit.end : self._starts[index]]
        listed = gap.strip(" \u00a0」』】") in ("", "を", "约", "約", "超", "达", "共", "は", "が")
        return len(gap) <= 3 and listed and not self._numerals[index].weak

    def _counts(self, index: int, unit: Hit) -> bool:
        numeral = self._numerals[index]
        gap = self._folded[numeral.end : unit.start]
        power = unit.value in _POWER
        if len(gap) > (14 if power else 56) or any(c in _STOPS for c in gap):
            return False
        if not power and (index in self._powered or not _may_count_machines(numeral, gap, self._language)):
            return False
        if self._language.joined:
            return len(gap) <= (3 if power else 14)
        if gap == "":
            return numeral.figure
        if _is_year(numeral) and gap.strip():
            return False
        return len(re.findall(r"\w+", gap)) <= (2 if power else _MACHINE_WORDS)

    def _range_start(self, index: int) -> int:
        """Where the lower figure of "200 to 300 MW" starts, else where the number itself starts."""
        start = self._starts[index]
        if index == 0:
            return start
        before = self._numerals[index - 1]
        between = self._folded[before.end : start].strip(" \u00a0")
        return before.start if between in self._language.range_connectors and before.figure else start

    def _shares_unit(self, unit: Hit) -> Numeral | None:
        """The second figure of "50 MW, expandable to 200": bare, and right behind a word that says "up to"."""
        index = bisect_left(self._starts, unit.end)
        if index >= len(self._numerals) or unit.value not in _POWER:
            return None
        numeral = self._numerals[index]
        gap = self._folded[unit.end : numeral.start]
        if len(gap) > 40 or any(c in ".;!?。；\n" for c in gap) or not numeral.figure or numeral.scaled:
            return None
        if self._folded[numeral.end : numeral.end + 1] not in ("", ".", ",", ";", ")", "。", "，", "、"):
            return None
        words = (h for h in self._near(unit.end, numeral.end) if h.kind == "qualifier" and h.value == "up_to")
        return numeral if any(h.start >= unit.end and 0 <= numeral.start - h.end <= 1 for h in words) else None


def _may_count_machines(numeral: Numeral, gap: str, language: Language) -> bool:
    """Not a sum of money without its currency, nor the 一 of 新一代, nor "two firms that also develop chips"."""
    if numeral.value is None or (numeral.figure and numeral.value < _MOST_MACHINES):
        return True
    if numeral.value >= _MOST_MACHINES or (numeral.weak and language.joined):
        return False
    return numeral.value >= _FEW or gap.count(" ") <= 3


def _is_year(numeral: Numeral) -> bool:
    return numeral.value is not None and 1900 <= numeral.value <= 2100 and not numeral.scaled


def _unnumbered(product: Product, body: str) -> Quantity:
    text = body[product.start : product.end]
    return Quantity(product.start, product.end, None, cast(Unit, product.unit), "approx", product.name, text)


def _repeats(one: Quantity, other: Quantity) -> bool:
    """The same number counted by a counter word and by its noun ("数十万個の半導体")."""
    return one.unit == other.unit and one.quantity == other.quantity and other.start <= one.start < other.end


def _says_which(one: Quantity, other: Quantity) -> bool:
    """The same number, with the kind of processor behind it ("10,000 processors (CPUs)")."""
    return other.unit == _PROCESSOR and one.unit in ("CPU", "GPU") and one.start == other.start and one.end > other.end


def _unpaid(numerals: Sequence[Numeral], moneys: Sequence[Money]) -> list[Numeral]:
    """The numbers that count no money ("$14 billion worth of servers" counts dollars). Both come in order."""
    starts = [money.start for money in moneys]
    places = [bisect_right(starts, numeral.start) - 1 for numeral in numerals]
    return [n for n, at in zip(numerals, places, strict=True) if at < 0 or n.start >= moneys[at].end]


def _only_machines(found: Sequence[Quantity], folded: str) -> list[Quantity]:
    """Processors are GPUs where the text speaks of GPUs or of their maker."""
    graphics = any(word in folded for word in _GRAPHICS)
    return [dataclasses.replace(q, unit="GPU" if graphics else "chip") if q.unit == _PROCESSOR else q for q in found]


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
