"""The words that tell names of organisations from other capitalised words: data in name_words/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import ahocorasick

SHARED = "shared"
_LONGEST_WORD = 60  # letters; longer ones are no words


@dataclass(frozen=True, slots=True)
class NameWords:
    """One language's words, all of them in lower case but for names of persons and places."""

    code: str
    nouns_are_capitalised: bool
    compounds: bool  # German, Dutch: the last part of a word tells its kind
    no_spaces: bool  # Japanese, Chinese: a capital in Latin letters always marks a name or an abbreviation
    stop: frozenset[str]  # capitalised for their place in the sentence or the headline only
    forms: frozenset[str]  # Bank, Ventures, Ministry: words that make a capitalised sequence an organisation
    apposition: frozenset[str]  # start-up, fabricant: a name that follows is an organisation's
    institutions: frozenset[str]  # ministry, department: names in which even "and" may stand
    connectors: frozenset[str]  # of, de, für: inside a name
    foreign_connectors: frozenset[str]  # small words of other languages, which only names have: Casa dos Ventos
    conjunctions: frozenset[str]  # and, et, und
    person_titles: frozenset[str]  # CEO, ministre: a name that follows or precedes is a person's
    first_names: frozenset[str]
    unsure_first_names: frozenset[str]  # Mark, Will
    places: frozenset[str]
    place_endings: frozenset[str]
    place_starts: frozenset[str]
    code_names: frozenset[str]  # project: the name that follows is no organisation's
    products: frozenset[str]  # single words: Trainium, ChatGPT
    other: frozenset[str]  # months, weekdays, nationalities, events
    demonym_endings: tuple[str, ...]  # of adjectives made from places: Amsterdam-se, Düsseldorf-er
    determiners: frozenset[str]  # articles; where nouns have capitals, also what else stands before a common noun
    not_adjectives: frozenset[str]  # verbs and the like with an adjective's ending
    word_endings: tuple[str, ...]  # of common words that begin sentences: Deliver-ing, Pilot-é
    noun_endings: tuple[str, ...]  # where nouns have capitals: -ung, -heit
    cjk: CjkWords
    context: ContextWords

    def is_apposition(self, word: str) -> bool:
        """Start-up, or a compound of it where the language makes them: Chipmachinefabrikant."""
        return word in self.apposition or (self.compounds and _ends_with_one(word, self.apposition))

    def is_common_noun(self, word: str) -> bool:
        """A noun of the language, by list, by its last part, or by its ending."""
        if word in self.stop or _ends_with_one(word, self.stop):
            return True
        return len(word) > 5 and word.endswith(self.noun_endings)

    def is_demonym(self, word: str) -> bool:
        for ending in self.demonym_endings:
            if word.endswith(ending):
                stem = word.removesuffix(ending)
                if len(stem) > 2 and (stem in self.places or stem + "n" in self.places or stem + "e" in self.places):
                    return True
        return False

    def before_common_noun(self, word: str) -> bool:
        """Whether a word, in a language of capitalised nouns, is an article or adjective by its form."""
        return word in self.determiners or (
            word not in self.not_adjectives and word.endswith(("en", "er", "es", "em", "te"))
        )


@dataclass(frozen=True)
class CjkWords:
    """The words of a language without spaces."""

    kana: bool
    common: frozenset[str]  # words that are no names: katakana loan words, or the Chinese dictionary
    places: frozenset[str]
    forms: tuple[str, ...]  # what follows a company's name; the longest first
    han_forms: tuple[str, ...]  # what ends a name written in Han characters
    offices: tuple[str, ...]  # what makes even common words a name: デジタル庁
    nations: frozenset[str]  # 米, 英: one character for a country before a name
    before: tuple[str, ...]  # what precedes a name
    after: tuple[str, ...]  # what follows it
    titles: tuple[str, ...]  # what marks a person
    says: tuple[str, ...]
    surnames: frozenset[str]
    units: frozenset[str]  # characters that after a figure count or date
    place_endings: tuple[str, ...] = ("州", "市", "郡", "県", "町", "村", "区")

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for word in self.common:
            automaton.add_word(word, len(word))
        automaton.make_automaton()
        return automaton


@dataclass(frozen=True, slots=True)
class ContextWords:
    """The words beside a mention that mention_context.py looks for, in lower case."""

    products: frozenset[str]  # GPUs, puces: what an organisation's name can qualify, products' names included
    products_joined: tuple[str, ...]  # the same in scripts without spaces
    links: tuple[str, ...]  # de, von: between product and maker
    backed_before: tuple[str, ...]
    backed_after: tuple[str, ...]
    said_before: tuple[str, ...]
    said_after: tuple[str, ...]


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
        no_spaces=bool(own.get("no_spaces", False)),
        stop=lower("stop"),
        forms=lower("forms"),
        apposition=lower("apposition"),
        institutions=lower("institutions"),
        connectors=lower("connectors"),
        foreign_connectors=lower("foreign_connectors"),
        conjunctions=lower("conjunctions"),
        person_titles=lower("person_titles"),
        first_names=frozenset(_words(shared, "first_names")) | frozenset(_words(own, "first_names")),
        unsure_first_names=frozenset(_words(shared, "unsure_first_names")),
        places=lower("places"),
        place_endings=lower("place_endings"),
        place_starts=lower("place_starts"),
        code_names=lower("code_names"),
        products=lower("products"),
        other=lower("other"),
        demonym_endings=tuple(_words(own, "demonym_endings")),
        determiners=lower("determiners"),
        not_adjectives=lower("not_adjectives"),
        word_endings=tuple(_words(own, "word_endings")),
        noun_endings=tuple(_words(own, "noun_endings")),
        cjk=_cjk_words(own),
        context=_context_words(own, shared, joined=bool(own.get("no_spaces", False))),
        compounds=bool(own.get("compounds", False)),
    )


def _cjk_words(own: Mapping[str, object]) -> CjkWords:
    def longest_first(key: str) -> tuple[str, ...]:
        return tuple(sorted(_words(own, key), key=len, reverse=True))

    common = [*_words(own, "common"), *_words(own, "places"), *_words(own, "cuts")]
    return CjkWords(
        kana=not _words(own, "surnames"),
        common=frozenset(common),
        places=frozenset(_words(own, "places")),
        forms=longest_first("forms_after"),
        han_forms=longest_first("han_forms"),
        offices=longest_first("offices"),
        nations=frozenset(_words(own, "nations")),
        before=longest_first("before_name"),
        after=longest_first("after_name"),
        titles=longest_first("person_titles"),
        says=longest_first("says"),
        surnames=frozenset(_words(own, "surnames")),
        units=frozenset(_words(own, "units")),
    )


def _context_words(own: Mapping[str, object], shared: Mapping[str, object], *, joined: bool) -> ContextWords:
    def lower(key: str) -> tuple[str, ...]:
        return tuple(word.lower() for word in _words(own, key))

    products = [*lower("product_nouns"), *(word.lower() for word in _words(shared, "products"))]
    return ContextWords(
        products=frozenset(products),
        products_joined=tuple(products) if joined else (),
        links=tuple(sorted((f" {word}" for word in lower("product_links")), key=len, reverse=True)),
        backed_before=_after_space(lower("backed_before"), joined),
        backed_after=lower("backed_after"),
        said_before=_after_space(lower("said_before"), joined),
        said_after=lower("said_after"),
    )


def _after_space(words: tuple[str, ...], joined: bool) -> tuple[str, ...]:
    """Whole words only: "by" must not be found at the end of "nearby"."""
    return words if joined else tuple(f" {word}" for word in words)


@cache
def phrases() -> tuple[str, ...]:
    """Phrases of several words, and words in scripts without spaces, that look like organisations and are none."""
    found: dict[str, None] = {}
    for code in (SHARED, "en", "fr", "de", "es", "it", "pt", "nl", "ja", "zh"):
        table = _table(code)
        for key in ("phrases", "places", "products", "other"):
            for word in _words(table, key):
                if key == "phrases" or " " in word or "-" in word:
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
    return [word.strip() for word in text.split(";") if word.strip()] if ";" in text else text.split()


def _ends_with_one(word: str, endings: frozenset[str]) -> bool:
    """Whether the end of a word, of at least five letters and after at least three others, is among `endings`."""
    return len(word) <= _LONGEST_WORD and any(word[cut:] in endings for cut in range(3, len(word) - 4))
