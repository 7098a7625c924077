"""Sites that a title or lead names: "$1bn in Texas" and "$1bn in Ohio" are two deals."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources
from typing import Any

from dealwire.resolve.wording import folded


def places_in(text: str) -> frozenset[str]:
    """Canonical places named in the text, each with the region around it."""
    found: set[str] = set()
    names, within = _names()
    for match in _pattern().finditer(folded(text)):
        place = names[match.group()]
        found.add(place)
        if place in within:
            found.add(within[place])
    return frozenset(found)


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("dealwire.resolve").joinpath("places.toml").read_text("utf-8"))


@functools.cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    within: dict[str, str] = {}
    for region, spellings in _table()["regions"].items():
        names |= {folded(spelling): region for spelling in [region, *spellings]}
    for city, entry in _table()["cities"].items():
        names |= {folded(spelling): city for spelling in [city, *entry.get("names", [])]}
        if "within" in entry:
            within[city] = entry["within"]
    return names, within


@functools.cache
def _pattern() -> re.Pattern[str]:
    spellings = sorted(_names()[0], key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"\b{re.escape(s)}\b" if s.isascii() else re.escape(s) for s in spellings))
