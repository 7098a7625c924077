"""Sites that a title or lead names: "$1bn in Texas" and "$1bn in Ohio" are two deals."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from dealwire.resolve.wording import folded

_WORD = re.compile(r"\w+")


def places_in(text: str) -> frozenset[str]:
    """Canonical places named in a folded text, each with the region around it."""
    table = _names()
    found = {table.words[word] for word in _WORD.findall(text) if word in table.words}
    found.update(place for name, place in table.phrases.items() if name in text)
    if not text.isascii():
        found.update(place for name, place in table.other_scripts.items() if name in text)
    return frozenset(found | {table.within[place] for place in found if place in table.within})


@dataclass(frozen=True, slots=True)
class _Names:
    """Spellings by how they are looked for: a word, several words, or characters of a script without spaces."""

    words: dict[str, str]
    phrases: dict[str, str]
    other_scripts: dict[str, str]
    within: dict[str, str]


@functools.cache
def _names() -> _Names:
    table: dict[str, Any] = tomllib.loads(
        resources.files("dealwire.resolve").joinpath("places.toml").read_text("utf-8")
    )
    names = _Names({}, {}, {}, {})
    entries = [(region, [region, *spellings]) for region, spellings in table["regions"].items()]
    entries += [(city, [city, *entry.get("names", [])]) for city, entry in table["cities"].items()]
    for place, spellings in entries:
        for spelling in map(folded, spellings):
            if not spelling.isascii():
                names.other_scripts[spelling] = place
            elif _WORD.fullmatch(spelling):
                names.words[spelling] = place
            else:
                names.phrases[spelling] = place
    names.within.update({city: entry["within"] for city, entry in table["cities"].items() if "within" in entry})
    return names
