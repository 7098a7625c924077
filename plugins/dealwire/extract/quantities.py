"""Quantities of power and machines: gigawatts, GPUs, chips, racks, with the product named beside them."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import cast

from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.money import Money, amounts
from dealwire.extract.numerals import Numeral, find_numerals, measures
from dealwire.extract.qualifiers import qualifier_of
from dealwire.extract.text import READ_LIMIT, fold
from dealwire.model import Qualifier, Unit

_POWER = frozenset({"GW", "MW", "kW", "TWh", "GWh", "MWh"})
_TO_UNIT: dict[str, tuple[Unit, Decimal]] = {
    "GWh": ("MWh", Decimal(1000)),
    "kW": ("MW", Decimal("0.001")),
    "TPU": ("chip", Decimal(1)),
}
_PROCESSOR = cast(Unit, "processor")  # until the whole text says which kind
_GRAPHICS = ("gpu", "nvidia", "graphics", "英伟达", "輝達", "エヌビディア", "grafik", "graphique")
_STOPS = frozenset(".;:!?。；！？、，\n")
_MACHINE_WORDS = 6
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
    """All quantities in our units, in order of the unit words."""
    hits, folded = measures(body, language), fold(body)
    numerals = _unpaid(find_numerals(body, language), [m for m in amounts(body, language) if not m.inherited])
    units = _longest(_units(hits, numerals, folded, language))[:_MOST_UNITS]
    starts, ends = [n.start for n in numerals], [n.end for n in numerals]
    hit_starts = [hit.start for hit in hits]
    found: list[Quantity] = []
    for unit in units:
        index = _numeral_for(unit, numerals, starts, ends, folded, language)
        if index is None:
            continue
        numeral = numerals[index]
        first = _range_start(index, numerals, folded, language)
        start, end = min(first, unit.start), max(numeral.end, unit.end)
        near = hits[bisect_left(hit_starts, start - 60) : bisect_left(hit_starts, end + 16)]
        found.append(_quantity(numeral, unit, start, end, near, body, folded, language))
        shared = _shares_unit(unit, numerals, bisect_left(starts, unit.end), near, folded)
        if shared is not None:
            found.append(_quantity(shared, unit, shared.start, shared.end, near, body, folded, language))
    found = [q for at, q in enumerate(found) if not any(_repeats(q, other) for other in found[max(0, at - 2) : at])]
    return _only_machines([*found, *_unnumbered(found, body, language)], folded)


def _repeats(one: Quantity, other: Quantity) -> bool:
    """The same number counted by a counter word and by its noun ("数十万個の半導体")."""
    return one.unit == other.unit and one.quantity == other.quantity and one.start < other.end


def _unpaid(numerals: Sequence[Numeral], moneys: Sequence[Money]) -> list[Numeral]:
    """The numbers that count no money ("$14 billion worth of servers" counts dollars). Both come in order."""
    starts = [money.start for money in moneys]
    places = [bisect_right(starts, numeral.start) - 1 for numeral in numerals]
    return [n for n, at in zip(numerals, places, strict=True) if at < 0 or n.start >= moneys[at].end]


def _units(hits: Sequence[Hit], numerals: Sequence[Numeral], folded: str, language: Language) -> list[Hit]:
    """The unit words, and the unit symbols that touch their figure ("750MW")."""
    units = [hit for hit in hits if hit.kind == "unit"]
    for numeral in numerals:
        match = language.unit_symbols.match(folded, numeral.end) if numeral.figure else None
        if match:
            units.append(Hit(numeral.end, match.end(), "unit", language.unit_of_symbol[match[0]]))
    return sorted(units, key=lambda hit: (hit.start, -hit.end))


def _shares_unit(
    unit: Hit, numerals: Sequence[Numeral], index: int, near: Sequence[Hit], folded: str
) -> Numeral | None:
    """The second figure of "50 MW, expandable to 200": bare, and right behind a word that says "up to"."""
    if index >= len(numerals) or unit.value not in _POWER:
        return None
    numeral = numerals[index]
    gap = folded[unit.end : numeral.start]
    if (
        len(gap) > 40
        or any(c in ".;!?。；\n" for c in gap)
        or not numeral.figure
        or numeral.scaled
        or numeral.value is None
    ):
        return None
    if folded[numeral.end : numeral.end + 1] not in ("", ".", ",", ";", ")", "。", "，", "、"):
        return None
    words = [hit for hit in near if hit.kind == "qualifier" and hit.value == "up_to" and hit.start >= unit.end]
    return numeral if any(0 <= numeral.start - hit.end <= 1 for hit in words) else None


def _unnumbered(found: Sequence[Quantity], body: str, language: Language) -> list[Quantity]:
    """Accelerators named without a number, once per name: a capacity whose quantity nobody gives."""
    seen = {quantity.item for quantity in found}
    unnumbered: list[Quantity] = []
    for match in islice(language.item.finditer(body, 0, READ_LIMIT), 200):
        item = _tidy(match[0])
        unit = next((u for pattern, u in language.item_units if pattern.search(item)), None)
        if unit is None or item in seen or any(q.start <= match.start() < q.end for q in found):
            continue
        seen.add(item)
        unnumbered.append(Quantity(match.start(), match.end(), None, cast(Unit, unit), "approx", item, match[0]))
    return unnumbered


def _only_machines(found: Sequence[Quantity], folded: str) -> list[Quantity]:
    """Processors are GPUs where the text speaks of GPUs or of their maker."""
    graphics = any(word in folded for word in _GRAPHICS)
    return [dataclasses.replace(q, unit="GPU" if graphics else "chip") if q.unit == _PROCESSOR else q for q in found]


def _quantity(
    numeral: Numeral, unit: Hit, start: int, end: int, near: Sequence[Hit], body: str, folded: str, language: Language
) -> Quantity:
    name, factor = _TO_UNIT.get(unit.value, (cast(Unit, unit.value), Decimal(1)))
    qualifier = qualifier_of(start, end, near, folded, more=numeral.more)
    value = None if numeral.value is None else numeral.value * factor
    item = _item(start, end, unit.value, body, language)
    return Quantity(start, end, value, name, "approx" if value is None else qualifier, item, body[start:end])


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _numeral_for(
    unit: Hit, numerals: Sequence[Numeral], starts: list[int], ends: list[int], folded: str, language: Language
) -> int | None:
    """The number that counts this unit: the nearest before it, or in joined scripts right after it (GPU10万個)."""
    index = bisect_right(ends, unit.start) - 1
    lowest = index - 4
    while (
        index > lowest and index >= 0 and numerals[index].weak and not language.joined and unit.start - ends[index] > 1
    ):
        index -= 1
    if index >= 0 and _counts(numerals[index], unit, folded, language):
        return index
    if language.joined and unit.value not in _POWER:
        index = bisect_left(starts, unit.end)
        if index < len(numerals) and _follows(folded[unit.end : starts[index]]) and not numerals[index].weak:
            return index
    return None


def _follows(gap: str) -> bool:
    return len(gap) <= 3 and gap.strip(" \u00a0") in ("", "を", "约", "約", "超", "达", "共", "は", "が")


def _counts(numeral: Numeral, unit: Hit, folded: str, language: Language) -> bool:
    gap = folded[numeral.end : unit.start]
    limit = 14 if unit.value in _POWER else 56
    if len(gap) > limit or any(c in _STOPS or c in "$€£%" for c in gap):
        return False
    if (
        numeral.value is not None
        and numeral.value >= 1900
        and numeral.value <= 2100
        and not numeral.scaled
        and gap.strip() != ""
    ):
        return False
    words = len(re.findall(r"\w+", gap))
    if language.joined:
        return len(gap) <= (3 if unit.value in _POWER else 14)
    if gap == "" and not numeral.figure:
        return False
    return words <= (2 if unit.value in _POWER else _MACHINE_WORDS)


def _range_start(index: int, numerals: Sequence[Numeral], folded: str, language: Language) -> int:
    """Where the lower figure of "200 to 300 MW" starts, else where the number itself starts."""
    start = numerals[index].start
    if index == 0:
        return start
    before = numerals[index - 1]
    if folded[before.end : start].strip(" \u00a0") in language.range_connectors and before.figure:
        return before.start
    return start


def _tidy(item: str) -> str:
    words = re.sub(r"['’]s(?=\s)", "", re.sub(r"\s+", " ", item)).strip(" -")
    return re.sub(r" (?:and|et|und|y|e|en)$", "", words)


def _item(start: int, end: int, unit: str, body: str, language: Language) -> str | None:
    """The product named inside the phrase, else right after or right before it."""
    for left, right in ((start, end), (end, min(len(body), end + 40)), (max(0, start - 30), start)):
        window = body[left:right]
        if left >= end:
            window = re.split(r"[.;:!?。；]", window, maxsplit=1)[0]
        best = max((m[0].strip() for m in language.item.finditer(window)), key=len, default="")
        if best:
            return _tidy(best)
    return "TPU" if unit == "TPU" else None
