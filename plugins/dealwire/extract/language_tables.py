"""A language file's tables as lexicon entries: (phrase, kind, value)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Entry = tuple[str, str, Any]


def measures(common: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Entry]:
    """Words for numbers, currencies, units, durations, qualifiers and dates."""
    yield from _numbers(own["numbers"])
    for kind, shared, additional in (
        ("currency", common["currency"].get("words", {}), own["currency"].get("words", {})),
        ("unit", common.get("units", {}), own.get("units", {})),
    ):
        yield from _listed(kind, shared)
        yield from _listed(kind, additional)
    for kind, table in (("qualifier", "qualifiers"), ("qualifier_after", "qualifiers_after"), ("basis", "basis")):
        yield from _listed(kind, own.get(table, {}))
    yield from _terms(own["numbers"].get("words", {}), own.get("terms", {}))
    for kind in ("months", "weekdays", "days"):
        for word, value in own.get("dates", {}).get(kind, {}).items():
            yield word, kind, int(value)


def cues(common: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Entry]:
    """Cue phrases, whose kind is their class."""
    for table in (common.get("cues", {}), own.get("cues", {})):
        for cue, phrases in table.items():
            for phrase in phrases:
                yield phrase, cue, None


def _numbers(numbers: Mapping[str, Any]) -> Iterator[Entry]:
    for word, number in numbers.get("words", {}).items():
        yield word, "number", Decimal(str(number))
    for word, number in numbers.get("collectives", {}).items():
        yield word, "collective", Decimal(str(number))
    for kind, table in (("power", "powers"), ("scale", "scales")):
        for word, exponent in numbers.get(table, {}).items():
            yield word, kind, Decimal(10) ** exponent
    for kind in ("articles", "halves", "vague"):
        for word in numbers.get(kind, ()):
            yield word, kind, None


def _listed(kind: str, table: Mapping[str, Any]) -> Iterator[Entry]:
    """A table of value = [words]."""
    for value, words in table.items():
        for word in words:
            yield word, kind, value


def _terms(numbers: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[Entry]:
    """Duration words, adjectives such as "triennale", and compounds such as "fünfjährig"."""
    for word, months in terms.get("durations", {}).items():
        yield word, "duration", int(months)
    for word, months in terms.get("words", {}).items():
        yield word, "term", int(months)
    for word, number in numbers.items():
        if Decimal(str(number)) <= 30:
            for ending, months in terms.get("compounds", {}).items():
                yield word + ending, "term", int(Decimal(str(number)) * months)
