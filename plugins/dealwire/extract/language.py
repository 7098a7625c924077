"""Languages as data: everything a finder needs to know of a language, read from `languages/<code>.toml`.

`languages/common.toml` holds what all share (currency signs and codes, unit symbols, product names).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import ahocorasick
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dealwire.extract.text import fold, words_only
from dealwire.model import LANGUAGES

FOLDER = Path(__file__).parent / "languages"
_LONGEST_WORD = 40  # a stem is completed to its word within this many letters, so that no input costs more


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry of a lexicon found in a body. `kind` is a measure's kind or a cue class."""

    start: int
    end: int
    kind: str
    value: Any


class Lexicon:
    """Phrases found in one pass. `stem*` completes to the word's end, `*stem` also starts inside a word.

    In alphabetic scripts phrases match whole words; `joined` scripts (no spaces) match anywhere, but a Latin letter
    or digit at the phrase's edge never touches another one.
    """

    def __init__(self, entries: Iterable[tuple[str, str, Any]], *, joined: bool) -> None:
        self._joined = joined
        self._automaton = ahocorasick.Automaton()
        table: dict[str, list[tuple[int, bool, bool, str, Any]]] = {}
        for phrase, kind, value in entries:
            open_start, open_end = phrase.startswith("*"), phrase.endswith("*")
            core = words_only(phrase.strip("*"))[1:-1]
            if not core.strip():
                raise ValueError(f"empty phrase for {kind}")
            inner = open_start or joined
            key = ("" if inner else " ") + core + ("" if open_end or joined else " ")
            meaning = (len(core), open_start, open_end, kind, value)
            meanings = table.setdefault(key, [])
            if meaning not in meanings:
                meanings.append(meaning)
        for key, meanings in table.items():
            self._automaton.add_word(key, (key, tuple(meanings)))
        self._empty = not table
        if table:
            self._automaton.make_automaton()

    def find(self, body: str) -> Iterator[Hit]:
        """All entries in `body`, overlaps included, by their end."""
        if self._empty:
            return
        text = words_only(body)
        for last, (key, meanings) in self._automaton.iter(text):
            start = last + 1 - len(key)
            if self._joined and _cuts_latin(text, start, last + 1):
                continue
            if key[0] == " ":
                start += 1
            for length, open_start, open_end, kind, value in meanings:
                left, right = start, start + length
                if open_start and not self._joined:
                    left = text.rfind(" ", max(0, start - _LONGEST_WORD), start) + 1 or start
                if open_end and not self._joined:
                    right = _word_end(text, right)
                yield Hit(left - 1, right - 1, kind, value)


def _word_end(text: str, at: int) -> int:
    end = text.find(" ", at, at + _LONGEST_WORD)
    return end if end >= 0 else min(at + _LONGEST_WORD, len(text) - 1)


def _cuts_latin(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    return (first.isascii() and first.isalpha() and text[start - 1].isascii() and text[start - 1].isalpha()) or (
        last.isascii() and last.isalpha() and text[end].isascii() and text[end].isalpha()
    )


@dataclass(frozen=True, eq=False)
class Language:
    """One language's tables, compiled. Identity is the cache's: compare codes."""

    code: str
    joined: bool
    decimal: str
    groups: frozenset[str]
    figure: re.Pattern[str]
    suffix: re.Pattern[str] | None
    suffixes: Mapping[str, int]
    number_joiners: frozenset[str]
    number_fillers: frozenset[str]
    measures: Lexicon
    symbols: Mapping[str, str]
    symbol: re.Pattern[str]
    codes: frozenset[str]
    currency_links: re.Pattern[str]
    range_connectors: frozenset[str]
    range_pairs: Mapping[str, str]
    range_from: frozenset[str]
    conversion_words: re.Pattern[str]
    bare_reject: frozenset[str]
    bare_accept: frozenset[str]
    bare_reject_capitalised: bool
    adjectival_before: frozenset[str]
    adjectival_after: bool
    function_words: frozenset[str]
    term_prepositions: tuple[str, ...]
    term_reject_before: tuple[str, ...]
    term_reject_after: tuple[str, ...]
    day_first: bool
    capital_dates: bool
    date_patterns: tuple[re.Pattern[str], ...]
    date_next: frozenset[str]
    date_last: frozenset[str]
    item: re.Pattern[str]
    cues: Lexicon
    sentence_end: re.Pattern[str]
    abbreviations: frozenset[str]
    dotted_ordinals: bool
    capital_stop_words: frozenset[str]
    person_cues: tuple[str, ...]
    place_cues: tuple[str, ...]
    self_tests: tuple[Mapping[str, Any], ...]


@lru_cache(maxsize=32)
def load_language(code: str) -> Language:
    """The language's compiled tables. An unknown code reads English, the commonest guess."""
    known = code if code in LANGUAGES else "en"
    return _compile(known, _read("common"), _read(known))


def detect_language(text: str) -> str:
    """The most probable of our languages."""
    return str(_identifier().classify(text[:4000])[0])


@lru_cache(maxsize=1)
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _compile(code: str, common: Mapping[str, Any], own: Mapping[str, Any]) -> Language:
    joined = bool(own.get("joined", False))
    numbers, currency, bare = own["numbers"], own["currency"], own.get("bare", {})
    symbols = {fold(k): v for k, v in {**common["currency"]["symbols"], **currency.get("symbols", {})}.items()}
    suffixes = {fold(k): int(v) for k, v in numbers.get("suffixes", {}).items()}
    groups = frozenset(numbers["groups"])
    names, terms, dates = own.get("names", {}), own.get("terms", {}), own.get("dates", {})
    return Language(
        code=code,
        joined=joined,
        decimal=numbers["decimal"],
        groups=groups,
        figure=_figure(groups),
        suffix=_suffix(suffixes),
        suffixes=suffixes,
        number_joiners=frozenset(numbers.get("joiners", ())),
        number_fillers=frozenset(numbers.get("fillers", ())),
        measures=Lexicon(_measures(common, own), joined=joined),
        symbols=symbols,
        symbol=_symbol(symbols),
        codes=frozenset(common["currency"]["codes"]),
        currency_links=re.compile(rf"\.?[ \u00a0-]{{0,2}}(?:(?:{_alternatives(currency.get('links', ()))})[ \u00a0]?)?"),
        range_connectors=frozenset(fold(w) for w in [*common["ranges"]["connectors"], *own["ranges"]["connectors"]]),
        range_pairs={fold(a): fold(b) for a, b in own["ranges"].get("pairs", {}).items()},
        range_from=frozenset(own["ranges"].get("from", ())),
        conversion_words=re.compile(rf"[ \u00a0]*[(（\[,，–—-]?[ \u00a0]*(?:{_alternatives(currency.get('conversion', ()))})?"),
        bare_reject=frozenset(bare.get("reject", ())),
        bare_accept=frozenset(bare.get("accept", ())),
        bare_reject_capitalised=bool(bare.get("reject_capitalised", False)),
        adjectival_before=frozenset(own.get("adjectival", {}).get("before", ())),
        adjectival_after=bool(own.get("adjectival", {}).get("after", False)),
        function_words=frozenset(own.get("function_words", ())),
        term_prepositions=tuple(terms.get("prepositions", ())),
        term_reject_before=tuple(terms.get("reject_before", ())),
        term_reject_after=tuple(terms.get("reject_after", ())),
        day_first=bool(dates.get("day_first", True)),
        capital_dates=bool(dates.get("capitalised", False)),
        date_patterns=tuple(re.compile(pattern) for pattern in dates.get("patterns", ())),
        date_next=frozenset(dates.get("next", ())),
        date_last=frozenset(dates.get("last", ())),
        item=re.compile(common["products"]["pattern"]),
        cues=Lexicon(_cues(common, own), joined=joined),
        sentence_end=re.compile(rf"[{re.escape(own.get('sentence_marks', '.!?…。！？'))}]+[\"'»”’）)」』]*"),
        abbreviations=frozenset(a.lower().rstrip(".") for a in own.get("abbreviations", ())),
        dotted_ordinals=bool(dates.get("dotted_ordinals", False)),
        capital_stop_words=frozenset(names.get("capital_stop_words", ())),
        person_cues=tuple(names.get("person_cues", ())),
        place_cues=tuple(names.get("place_cues", ())),
        self_tests=tuple(own.get("tests", ())),
    )


def _alternatives(words: Iterable[str]) -> str:
    listed = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) for word in listed) or "(?!)"


def _symbol(symbols: Iterable[str]) -> re.Pattern[str]:
    """Currency signs, longest first; those with letters at an edge touch no other letter there ("kr", "US$")."""
    letter = "a-zà-öø-ÿ"
    listed = sorted(symbols, key=lambda sign: (-len(sign), sign))
    return re.compile(
        "|".join(
            (f"(?<![{letter}])" if sign[0].isalpha() else "")
            + re.escape(sign).replace(r"\ ", "[ \u00a0]")
            + (f"(?![{letter}])" if sign.rstrip()[-1].isalpha() else "")
            for sign in listed
        )
    )


def _figure(groups: frozenset[str]) -> re.Pattern[str]:
    """Digits with separators; at most 15 groups, so that a wall of digits costs no more than its length."""
    separators = re.escape("".join(sorted(groups | {".", ",", "'", "\u00a0"})))
    return re.compile(rf"\d{{1,3}}(?:[{separators}]\d{{3}}(?!\d)){{1,15}}(?:[.,]\d{{1,6}}(?!\d))?|\d{{1,18}}(?:[.,]\d{{1,9}})?")


def _suffix(suffixes: Mapping[str, int]) -> re.Pattern[str] | None:
    """Scale abbreviations after a figure: one letter touches it or stands before a currency sign ("5 M€")."""
    if not suffixes:
        return None
    longer = _alternatives(s for s in suffixes if len(s) > 1)
    single = _alternatives(s for s in suffixes if len(s) == 1)
    letter = "a-zà-öø-ÿ"
    return re.compile(
        rf"[ \u00a0-]?(?P<long>{longer})(?![{letter}\d])|(?P<short>{single})(?![{letter}\d])"
        rf"|[ \u00a0](?P<spaced>{single})(?=[ \u00a0]?[€$£])"
    )


def _measures(common: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    numbers = own["numbers"]
    for word, number in numbers.get("words", {}).items():
        yield word, "number", Decimal(str(number))
    for word, exponent in numbers.get("powers", {}).items():
        yield word, "power", Decimal(10) ** exponent
    for word, exponent in numbers.get("scales", {}).items():
        yield word, "scale", Decimal(10) ** exponent
    for kind in ("articles", "halves", "vague"):
        for word in numbers.get(kind, ()):
            yield word, kind, None
    for table in (common["currency"].get("words", {}), own["currency"].get("words", {})):
        for currency, words in table.items():
            for word in words:
                yield word, "currency", currency
    for table in (common.get("units", {}), own.get("units", {})):
        for unit, words in table.items():
            for word in words:
                yield word, "unit", unit
    yield from _word_lists(own)


def _word_lists(own: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for qualifier, words in own.get("qualifiers", {}).items():
        for word in words:
            yield word, "qualifier", qualifier
    for qualifier, words in own.get("qualifiers_after", {}).items():
        for word in words:
            yield word, "qualifier_after", qualifier
    for basis, words in own.get("basis", {}).items():
        for word in words:
            yield word, "basis", basis
    terms = own.get("terms", {})
    for word, months in terms.get("durations", {}).items():
        yield word, "duration", int(months)
    for word, months in terms.get("words", {}).items():
        yield word, "term", int(months)
    yield from _compound_terms(own["numbers"].get("words", {}), terms.get("compounds", {}))
    dates = own.get("dates", {})
    for kind in ("months", "weekdays", "days"):
        for word, value in dates.get(kind, {}).items():
            yield word, kind, int(value)


def _compound_terms(words: Mapping[str, Any], endings: Mapping[str, int]) -> Iterator[tuple[str, str, Any]]:
    """Number and duration in one word ("fünfjährig", "tienjarig")."""
    for word, number in words.items():
        if Decimal(str(number)) <= 30:
            for ending, months in endings.items():
                yield word + ending, "term", int(Decimal(str(number)) * months)


def _cues(common: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for table in (common.get("cues", {}), own.get("cues", {})):
        for cue, phrases in table.items():
            for phrase in phrases:
                yield phrase, cue, None
