"""Products beside a quantity: makers, families and model codes such as "Nvidia GB300"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dealwire.extract.language import Language
from dealwire.extract.text import READ_LIMIT

_MOST_PRODUCTS = 200
_AHEAD, _BEHIND = 40, 8  # characters in which a product still belongs to the number before or after it
_ENDS = re.compile(r"[.,;:!?()。，、；（）\n和与と及]|\b(?:and|et|und|y|e|en|with|avec|mit|con|com|met)\b")


@dataclass(frozen=True, slots=True)
class Product:
    """`unit` None: only a maker's name, which counts nothing."""

    start: int
    end: int
    name: str
    unit: str | None


def find_products(body: str, language: Language) -> list[Product]:
    """All products in `body`, in order."""
    return list(_products(body, language))


def _products(body: str, language: Language) -> Iterator[Product]:
    for match in islice(language.item.finditer(body, 0, READ_LIMIT), _MOST_PRODUCTS):
        name = _tidy(match[0])
        unit = next((unit for pattern, unit in language.item_units if pattern.search(name)), None)
        yield Product(match.start(), match.start() + len(match[0].rstrip()), name, unit)


def product_of(start: int, end: int, products: list[Product], body: str) -> str | None:
    """The product named inside body[start:end], else right behind it, else right before it."""
    inside = [p for p in products if start <= p.start < end]
    if inside:
        return max(inside, key=lambda p: len(p.name)).name
    behind = next((p for p in products if end <= p.start <= end + _AHEAD), None)
    if behind is not None and not _ENDS.search(body, end, behind.start):
        return behind.name
    before = next((p for p in reversed(products) if p.end <= start), None)
    if before is not None and start - before.end <= _BEHIND and not _ENDS.search(body, before.end, start):
        return before.name
    return None


def _tidy(name: str) -> str:
    words = re.sub(r"['’]s(?=\s)", "", re.sub(r"\s+", " ", name)).strip(" -")
    words = re.sub(r" (?:and|et|und|y|e|en)$", "", words)
    return re.sub(r"(?<=\d)s$", "", words)
