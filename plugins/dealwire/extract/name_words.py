"""The words that tell names of organisations from other capitalised words: data in name_words/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class NameWords:
    """One language's words, all of them in lower case but for names of persons and places."""

    code: str
    nouns_are_capitalised: bool
    stop: frozenset[str]  # capitalised for their place in the sentence or the headline only
    forms: frozenset[str]  # Bank, Ventures, Ministry: words that make a capitalised sequence an organisation
    apposition: frozenset[str]  # start-up, fabricant: a name that follows is an organisation's
    connectors: frozenset[str]  # of, de, für: inside a name
    person_titles: frozenset[str]  # CEO, ministre: a name that follows or precedes is a person's
    first_names: frozenset[str]
    places: frozenset[str]
    products: frozenset[str]  # single words: Trainium, ChatGPT
    other: frozenset[str]  # months, weekdays, nationalities, events


@cache
def load_name_words(code: str) -> NameWords:
    """The words of a language with those that all languages share; an unknown language gets English ones."""
    shared = _table(SHARED)
    own = _table(code) or _table("en")

    def lower(key: str) -> frozenset[str]:
        return frozenset(word.lower() for table in (shared, own) for word in _words(table, key))

    return NameWords(
        code=code,
        nouns_are_capitalised=bool(own.get("nouns_are_capitalised", False)),
        stop=lower("stop"),
        forms=lower("forms"),
        apposition=lower("apposition"),
        connectors=lower("connectors"),
        person_titles=lower("person_titles"),
        first_names=frozenset(_words(shared, "first_names")) | frozenset(_words(own, "first_names")),
        places=lower("places"),
        products=lower("products"),
        other=lower("other"),
    )


@cache
def phrases() -> tuple[str, ...]:
    """Phrases of several words, and words in scripts without spaces, that look like organisations and are none."""
    found: dict[str, None] = {}
    for code in (SHARED, "en", "fr", "de", "es", "it", "pt", "nl", "ja", "zh"):
        table = _table(code)
        for key in ("phrases", "places", "products", "other"):
            for word in _words(table, key):
                if key == "phrases" or " " in word or (not word.isascii() and word[0] > "\u2e80"):
                    found[word] = None
    return tuple(found)


@cache
def _table(code: str) -> Mapping[str, object]:
    source = resources.files("dealwire.extract") / "name_words" / f"{code}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}


def _words(table: Mapping[str, object], key: str) -> list[str]:
    """The words under a key: a block of text, apart by white space, or by ";" where phrases have spaces."""
    value = table.get(key, "")
    text = value if isinstance(value, str) else ""
    return [word.strip() for word in text.split(";")] if ";" in text else text.split()


_GERMAN_DETERMINERS = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "eines",
        "kein",
        "keine",
        "keinen",
        "keiner",
        "im",
        "am",
        "zum",
        "zur",
        "vom",
        "beim",
        "ins",
        "ans",
        "sein",
        "seine",
        "seinen",
        "seiner",
        "seinem",
        "ihr",
        "ihre",
        "ihren",
        "ihrer",
        "ihrem",
        "unser",
        "unsere",
        "dieser",
        "diese",
        "dieses",
        "diesen",
        "diesem",
        "jeder",
        "jede",
        "jedes",
        "alle",
        "allen",
        "aller",
        "viele",
        "vielen",
        "mehr",
        "weniger",
        "einige",
        "mehrere",
        "beide",
        "beiden",
        "andere",
        "anderen",
        "zwei",
        "drei",
        "vier",
    ]
)


def before_common_noun(word: str) -> bool:
    """Whether a German word, by its form, stands before a common noun rather than a name: article or adjective."""
    return word in _GERMAN_DETERMINERS or word.endswith(("en", "er", "es", "em", "te"))
