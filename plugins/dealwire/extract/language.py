"""Languages as data: everything a finder needs to know of a language, read from `languages/<code>.toml`.

`languages/common.toml` holds what all share (currency signs and codes, unit symbols, product names).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dealwire.extract.language_tables import cues, measures
from dealwire.extract.lexicon import Lexicon
from dealwire.extract.text import fold
from dealwire.model import LANGUAGES

FOLDER = Path(__file__).parent / "languages"


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
    number_links: frozenset[str]
    number_fillers: frozenset[str]
    figure_after_power: bool
    suffix_currencies: Mapping[str, str]
    prefix_words: frozenset[str]
    measures: Lexicon
    symbols: Mapping[str, str]
    longest_symbol: int
    symbol_starts: frozenset[str]
    symbol_ends: frozenset[str]
    unit_symbols: re.Pattern[str]
    unit_of_symbol: Mapping[str, str]
    item_units: tuple[tuple[re.Pattern[str], str], ...]
    codes: frozenset[str]
    currency_links: re.Pattern[str]
    range_connectors: frozenset[str]
    range_pairs: Mapping[str, str]
    range_from: frozenset[str]
    conversion_words: re.Pattern[str]
    bare_reject: frozenset[str]
    bare_accept: frozenset[str]
    bare_reject_capitalised: bool
    money_nouns: tuple[str, ...]
    adjectival_before: frozenset[str]
    adjectival_after: bool
    function_words: frozenset[str]
    term_prepositions: tuple[str, ...]
    term_between: frozenset[str]
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
    unit_of_symbol = {fold(word): unit for unit, words in common["units"].items() for word in words}
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
        number_links=frozenset(numbers.get("links", ())),
        suffix_currencies=dict(numbers.get("suffix_currencies", {})),
        prefix_words=frozenset(fold(word) for word in common["currency"]["prefixes"]["words"]),
        figure_after_power=bool(numbers.get("figure_after_power", False)),
        number_fillers=frozenset(numbers.get("fillers", ())),
        measures=Lexicon(measures(common, own), joined=joined),
        symbols=symbols,
        symbol_starts=frozenset(sign[0] for sign in symbols),
        symbol_ends=frozenset(sign[-1] for sign in symbols),
        longest_symbol=max(len(sign) for sign in symbols),
        unit_symbols=re.compile(rf"(?:{_alternatives(unit_of_symbol)})(?![a-zà-öø-ÿ])"),
        unit_of_symbol=unit_of_symbol,
        item_units=tuple((re.compile(rf"(?<![A-Za-z]){p}"), u) for p, u in common["products"]["units"].items()),
        codes=frozenset(common["currency"]["codes"]),
        currency_links=re.compile(
            rf"\.?[ \u00a0\n-]{{0,2}}(?:(?:{_alternatives(currency.get('links', ()))})[ \u00a0]?)?"
        ),
        range_connectors=frozenset(fold(w) for w in [*common["ranges"]["connectors"], *own["ranges"]["connectors"]]),
        range_pairs={fold(a): fold(b) for a, b in own["ranges"].get("pairs", {}).items()},
        range_from=frozenset(own["ranges"].get("from", ())),
        conversion_words=re.compile(
            rf"[ \u00a0]*[(（\[,，–—-]?[ \u00a0]*(?:{_alternatives(currency.get('conversion', ()))})?"
        ),
        bare_reject=frozenset(bare.get("reject", ())),
        bare_accept=frozenset(bare.get("accept", ())),
        bare_reject_capitalised=bool(bare.get("reject_capitalised", False)),
        money_nouns=tuple(bare.get("money_nouns", ())),
        adjectival_before=frozenset(own.get("adjectival", {}).get("before", ())),
        adjectival_after=bool(own.get("adjectival", {}).get("after", False)),
        function_words=frozenset(own.get("function_words", ())),
        term_prepositions=tuple(terms.get("prepositions", ())),
        term_between=frozenset(terms.get("between", ())),
        term_reject_before=tuple(terms.get("reject_before", ())),
        term_reject_after=tuple(terms.get("reject_after", ())),
        day_first=bool(dates.get("day_first", True)),
        capital_dates=bool(dates.get("capitalised", False)),
        date_patterns=tuple(re.compile(pattern) for pattern in dates.get("patterns", ())),
        date_next=frozenset(dates.get("next", ())),
        date_last=frozenset(dates.get("last", ())),
        item=re.compile(common["products"]["pattern"]),
        cues=Lexicon(cues(common, own), joined=joined),
        sentence_end=_sentence_end(own.get("sentence_marks", ".!?…。！？")),
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


def _sentence_end(marks: str) -> re.Pattern[str]:
    """Marks with their closing quotes; ". . ." is one end."""
    mark = f"[{re.escape(marks)}]"
    return re.compile(rf"{mark}+[\"'»”’）)」』]*(?:[ ]{mark}+)*")


def _figure(groups: frozenset[str]) -> re.Pattern[str]:
    """Digits with separators; at most 15 groups, so that a wall of digits costs no more than its length."""
    separators = re.escape("".join(sorted(groups | {".", ",", "'", "\u00a0"})))
    indian = r"\d{1,2}(?:,\d\d){1,6},\d{3}(?!\d)"
    return re.compile(
        rf"{indian}|\d{{1,3}}(?:[{separators}]\d{{3}}(?!\d)){{1,15}}(?:[.,]\d{{1,6}}(?!\d))?|\d{{1,18}}(?:[.,]\d{{1,9}})?"
    )


def _suffix(suffixes: Mapping[str, int]) -> re.Pattern[str] | None:
    """Scale abbreviations after a figure: one letter touches it or stands before a currency sign ("5 M€")."""
    if not suffixes:
        return None
    longer = _alternatives(s for s in suffixes if len(s) > 1)
    single = _alternatives(s for s in suffixes if len(s) == 1)
    letter = "a-zà-öø-ÿ"
    return re.compile(
        rf"[ \u00a0-]?(?P<long>{longer})(?![{letter}\d])|(?P<short>{single})(?![{letter}\d])"
        rf"|[ \u00a0](?P<spaced>{single})(?=[ \u00a0]?(?:[€$£]|(?:de |d'|di )?(?:euro|d[oó]l|doll)))"
    )
