"""The texts of alerts in each language (catalogue/*.toml), and figures worded in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("catalogue")
SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "CN¥",
    "INR": "₹",
    "KRW": "₩",
    "AUD": "A$",
    "CAD": "C$",
}
_SCALES = (("trillion", 12), ("billion", 9), ("million", 6))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's texts. `code` is its language."""

    code: str
    texts: Mapping[str, Mapping[str, Any]]

    def text(self, section: str, key: str, **values: object) -> str:
        """A text with its names filled in. The values are never read as templates."""
        return str(self.texts[section][key]).format(**values)

    def has(self, section: str, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.texts[section]

    def count(self, section: str, key: str, n: int) -> str:
        """A text for one or for many."""
        return self.text(section, f"{key}_one" if n == 1 else f"{key}_many", n=n)

    def figure(self, value: Decimal, digits: int) -> str:
        """A number with this language's separators, without trailing zeros."""
        written = f"{value:,.{digits}f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
        marks = self.texts["format"]
        return written.translate({ord(","): marks["group"], ord("."): marks["decimal"]})

    def money(self, value: Decimal, currency: str) -> str:
        """An amount as headlines write it: $38bn, 38 Md$."""
        name, power = next(((n, p) for n, p in _SCALES if abs(value) >= Decimal(10) ** p), ("thousand", 0))
        scale = self.texts["format"][name]
        if name == "trillion" and scale == self.texts["format"]["billion"]:
            power = 9  # French counts on in milliards
        scaled = value / Decimal(10) ** power
        figure = self.figure(scaled, 2 if abs(scaled) < 100 else 1)
        symbol = SYMBOLS.get(currency)
        if symbol is not None:
            return self.text("format", "money", symbol=symbol, figure=figure, scale=scale)
        return self.text("format", "money_code", code=currency, figure=figure, scale=scale).strip()

    def date(self, value: date | datetime) -> str:
        """A day, written out; instants in UTC."""
        months = self.texts["format"]["months"]
        return self.text("format", "date", day=value.day, month=months[value.month - 1], year=value.year)

    def term(self, months: int) -> str:
        """A duration in years where it is whole or half years, else in months."""
        if months % 12 == 0:
            return self.count("term", "years", months // 12)
        if months % 6 == 0 and months > 12:
            return self.text("term", "half", n=self.figure(Decimal(months) / 12, 1))
        return self.count("term", "months", months)

    def join(self, items: list[str], last: bool = True) -> str:
        """A list in words."""
        marks = self.texts["format"]
        if last and len(items) > 1:
            return str(marks["list"]).join(items[:-1]) + str(marks["and"]) + items[-1]
        return str(marks["list"]).join(items)


@cache
def load_catalogue(code: str) -> Catalogue:
    """The texts of a language; English where there are none."""
    path = FOLDER / f"{code}.toml"
    if not path.exists():
        path, code = FOLDER / "en.toml", "en"
    return Catalogue(code, tomllib.loads(path.read_text("utf-8")))
