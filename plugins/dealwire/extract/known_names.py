"""Known organisations in a text: one Aho-Corasick pass, then boundaries, capitals and context decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import ahocorasick

from dealwire.extract.name_words import NameWords, phrases
from dealwire.extract.organisation_table import Alias, Gazetteer
from dealwire.extract.script import at_boundary, is_cjk, same_length_lower

GENITIVE_LANGUAGES = frozenset({"de", "nl"})
_SHORT = 4  # up to this length capitals must be as in the gazetteer, or all of them ("META")


class Hit(NamedTuple):
    """A spelling found in the text. `alias` None: a product, place or phrase that is no organisation."""

    start: int
    end: int
    alias: Alias | None


@dataclass(frozen=True)
class NameIndex:
    """The automaton over a gazetteer's spellings and the phrases that must not be read as organisations."""

    gazetteer: Gazetteer

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        spellings: dict[str, list[Alias | None]] = {}
        for alias in self.gazetteer.aliases:
            spellings.setdefault(same_length_lower(alias.text), []).append(alias)
        for phrase in phrases():
            spellings.setdefault(same_length_lower(phrase), []).append(None)
        automaton = ahocorasick.Automaton()
        for key, values in spellings.items():
            automaton.add_word(key, (len(key), tuple(values)))
        automaton.make_automaton()
        return automaton

    def hits(self, body: str, words: NameWords) -> list[Hit]:
        """Non-overlapping hits, leftmost and longest first, in text order."""
        lowered = same_length_lower(body)
        found = [
            hit
            for hit in self._raw(body, lowered, words)
            if not _is_surname(body, hit, words) and not _is_part_of_name(body, hit, words)
        ]
        kept = _supported(body, lowered, found, words)
        return _longest(kept)

    def _raw(self, body: str, lowered: str, words: NameWords) -> Iterator[Hit]:
        for last, (length, aliases) in self.automaton.iter(lowered):
            start, end = last - length + 1, last + 1
            genitive = words.code in GENITIVE_LANGUAGES and lowered[end : end + 1] == "s" and at_boundary(body, end + 1)
            dated = words.no_spaces and body[end - 1].isalpha() and body[end : end + 1].isdigit()  # IREN11月5日
            if not at_boundary(body, start) or not (genitive or dated or at_boundary(body, end)):
                continue
            surface = body[start:end]
            for alias in aliases:
                if alias is None or _case_fits(surface, alias, words):
                    yield Hit(start, end, alias)


def _case_fits(surface: str, alias: Alias, words: NameWords) -> bool:
    text = alias.text
    if alias.ambiguous and _is_word_of(text, words):
        return False  # the operator "du" in a French text, PDG
    if surface == text:
        return True
    if alias.ambiguous or len(text) < _SHORT:
        return False
    if len(text) == _SHORT:
        return surface == text.upper()
    first = text[0]
    return not first.isupper() or surface[0].isupper()


def _is_word_of(text: str, words: NameWords) -> bool:
    lower = text.lower()
    if text.isupper() and len(text) > 1:
        return lower in words.stop or lower in words.other or lower in words.person_titles
    return not text[0].isupper() and lower in words.stop


def _is_part_of_name(body: str, hit: Hit, words: NameWords) -> bool:
    """Michael Dell is no mention of Dell, Helen Toner none of Helen, Starwood Capital Group none of Capital Group."""
    alias = hit.alias
    if alias is None or is_cjk(body[hit.start]):
        return False
    if _follows_capital(body, hit.start, words) and (alias.ambiguous or _first_word(alias.text) in words.forms):
        return True
    if " " in alias.text:
        return False
    if alias.text in words.first_names and body[hit.end : hit.end + 2].strip()[:1].isupper():
        return True
    return alias.ambiguous and hit.start > body.find("\n") and body[hit.end : hit.end + 2].istitle()


def _first_word(text: str) -> str:
    return text.partition(" ")[0].lower()


def _follows_capital(body: str, start: int, words: NameWords) -> bool:
    """The word before begins with a capital that is not its sentence's: the spelling is part of a longer name."""
    if body[start - 1 : start] != " " or start < body.find("\n"):
        return False
    before = body[max(0, start - 30) : start].split()[-2:]
    if len(before) < 2 or not before[1][0].isupper() or before[1][-1] in ".,:;!?)":
        return False
    lower = before[1].lower()
    return lower not in words.stop and lower not in words.person_titles and before[0][-1] not in ".:!?"


def _is_surname(body: str, hit: Hit, words: NameWords) -> bool:
    """Michael Dell is no mention of Dell."""
    if hit.alias is None or " " in hit.alias.text or not body[hit.start].isalpha() or is_cjk(body[hit.start]):
        return False
    before = body[max(0, hit.start - 24) : hit.start]
    if not before.endswith(" "):
        return False
    previous = before.split()[-1:] or [""]
    return previous[0] in words.first_names


def _supported(body: str, lowered: str, found: list[Hit], words: NameWords) -> list[Hit]:
    """Without the ambiguous spellings for which nothing in the article speaks."""
    clear = {hit.alias.organisation_id for hit in found if hit.alias and not hit.alias.ambiguous}
    long_forms = _by_first_word(found)
    verdicts: dict[Alias, bool] = {}
    for hit in found:
        alias = hit.alias
        if alias is None or not alias.ambiguous:
            continue
        if alias.organisation_id in clear:
            verdicts[alias] = True
        elif alias.text in long_forms:
            verdicts[alias] = False
        elif alias.needs:
            verdicts.setdefault(alias, any(word in lowered for word in alias.needs))
        else:
            verdicts[alias] = verdicts.get(alias, False) or _mid_sentence(body, hit.start, words)
    kept = [hit for hit in found if hit.alias is None or verdicts.get(hit.alias, True)]
    return kept + [
        Hit(hit.start, hit.end, long_forms[hit.alias.text])
        for hit in found
        if hit.alias and hit.alias.text in long_forms and hit.alias.organisation_id not in clear
    ]


def _by_first_word(found: list[Hit]) -> dict[str, Alias]:
    """In an article on Spark Capital, "Spark" is Spark Capital."""
    return {
        hit.alias.text.partition(" ")[0]: hit.alias
        for hit in found
        if hit.alias and not hit.alias.ambiguous and " " in hit.alias.text
    }


def _mid_sentence(body: str, start: int, words: NameWords) -> bool:
    """A capital here is no matter of grammar: a lower-case word stands before it, outside the title."""
    if start < body.find("\n"):
        return False
    before = body[max(0, start - 24) : start].rstrip("'’\"“«„ ")
    last = before.split()[-1:] or [""]
    if not last[0] or not last[0][-1].isalpha() or not last[0].islower():
        return False
    return not (words.nouns_are_capitalised and words.before_common_noun(last[0]))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=_rank):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.end - hit.start > kept[-1].end - kept[-1].start:
            kept[-1] = hit
    return kept


def _rank(hit: Hit) -> tuple[int, int, bool]:
    """Of two organisations with one spelling, the one that needs support and has it is meant."""
    return hit.start, -hit.end, not (hit.alias and hit.alias.ambiguous)
