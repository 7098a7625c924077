"""Known organisations in a text: one Aho-Corasick pass, then boundaries, capitals and context decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import ahocorasick

from dealwire.extract.name_words import NameWords, phrases
from dealwire.extract.organisation_table import Alias, Gazetteer
from dealwire.extract.script import at_boundary, is_cjk, is_han, same_length_lower

GENITIVE_LANGUAGES = frozenset({"de", "nl"})
_SHORT = 4  # up to this length capitals must be as in the gazetteer, or all of them ("META")
_AFTER_JAPANESE_NAME = frozenset("社株系側製会")
_SHORT_HAN = 2  # Han spellings of this length are also met inside and across other words
_WINDOW = 30  # characters looked at before a spelling


class Hit(NamedTuple):
    """A spelling found in the text. `alias` None: a product, place or phrase that is no organisation."""

    start: int
    end: int
    alias: Alias | None


class _Page(NamedTuple):
    """One article as the checks see it."""

    body: str
    lowered: str
    title_end: int
    words: NameWords

    def words_before(self, start: int) -> list[str]:
        return self.body[max(0, start - _WINDOW) : start].split()


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
        page = _Page(body, same_length_lower(body), body.find("\n"), words)
        found = [hit for hit in self._raw(page) if not (_is_surname(page, hit) or _is_part_of_name(page, hit))]
        return _longest(_supported(page, found, self.gazetteer))

    def _raw(self, page: _Page) -> Iterator[Hit]:
        for last, (length, aliases) in self.automaton.iter(page.lowered):
            start, end = last - length + 1, last + 1
            if not at_boundary(page.body, start) or not _ends_here(page, end):
                continue
            if length == _SHORT_HAN and _cuts_a_word(page, start, end):
                continue
            surface = page.body[start:end]
            for alias in aliases:
                if alias is None or _case_fits(surface, alias, page.words):
                    yield Hit(start, end, alias)


def _ends_here(page: _Page, end: int) -> bool:
    if at_boundary(page.body, end):
        return True
    if page.words.code in GENITIVE_LANGUAGES:
        return page.lowered[end] == "s" and at_boundary(page.body, end + 1)  # Nvidias
    return page.words.no_spaces and page.body[end - 1].isalpha() and page.body[end].isdigit()  # IREN11月5日


def _cuts_a_word(page: _Page, start: int, end: int) -> bool:
    """算能 (Sophgo) inside 計算能力 or 计算能力."""
    if not (is_han(page.body[start]) and is_han(page.body[end - 1])):
        return False
    before, after = page.body[start - 1 : start], page.body[end : end + 1]
    words = page.words.cjk
    if words.kana:
        joins_before = bool(before) and is_han(before) and before not in words.nations
        return joins_before or (bool(after) and is_han(after) and after not in _AFTER_JAPANESE_NAME)
    return before + page.body[start] in words.common or page.body[end - 1] + after in words.common


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
    return _word_capitals(text, surface)


def _word_capitals(text: str, surface: str) -> bool:
    """Every word that the gazetteer begins with a capital has one: "The information" is not The Information."""
    capitals = [index for index, char in enumerate(text) if char.isupper()]
    starts = [index for index in capitals if index == 0 or not text[index - 1].isalnum()]
    return all(surface[index].isupper() for index in starts)


def _is_word_of(text: str, words: NameWords) -> bool:
    lower = text.lower()
    if text.isupper() and len(text) > 1:
        return lower in words.stop or lower in words.other or lower in words.person_titles
    return not text[0].isupper() and lower in words.stop


def _is_surname(page: _Page, hit: Hit) -> bool:
    """Michael Dell is no mention of Dell."""
    if hit.alias is None or " " in hit.alias.text or not page.body[hit.start].isalpha() or is_cjk(page.body[hit.start]):
        return False
    before = page.words_before(hit.start)
    return page.body[hit.start - 1 : hit.start] == " " and bool(before) and before[-1] in page.words.first_names


def _is_part_of_name(page: _Page, hit: Hit) -> bool:
    """Helen Toner is no mention of Helen, Starwood Capital Group none of Capital Group."""
    alias = hit.alias
    if alias is None or is_cjk(page.body[hit.start]):
        return False
    first_word = alias.text.partition(" ")[0].lower()
    if (alias.ambiguous or first_word in page.words.forms) and _follows_capital(page, hit.start):
        return True
    following = page.body[hit.end : hit.end + 2]
    before_capital = following[:1] == " " and following[1:].isupper()
    if " " in alias.text or not before_capital:
        return False
    return alias.text in page.words.first_names or (alias.ambiguous and hit.start > page.title_end)


def _follows_capital(page: _Page, start: int) -> bool:
    """The word before begins with a capital that is not its sentence's: the spelling is part of a longer name."""
    before = page.words_before(start)[-2:]
    if page.body[start - 1 : start] != " " or start < page.title_end or len(before) < 2:
        return False
    sentence_word, word = before
    if not word[0].isupper() or word[-1] in ".,:;!?)" or sentence_word[-1] in ".:!?":
        return False
    return word.lower() not in page.words.stop and word.lower() not in page.words.person_titles


def _supported(page: _Page, found: list[Hit], gazetteer: Gazetteer) -> list[Hit]:
    """Without the ambiguous spellings for which nothing in the article speaks."""
    clear = {hit.alias.organisation_id for hit in found if hit.alias and not hit.alias.ambiguous}
    long_forms = _by_first_word(found)
    edges = {edge for hit in found if hit.alias and not hit.alias.ambiguous for edge in (hit.start, hit.end)}
    verdicts: dict[Alias, bool] = {}
    kept = []
    for hit in found:
        alias = hit.alias
        if alias is None or not alias.ambiguous or alias.organisation_id in clear:
            kept.append(hit)
        elif _is_listed(page, hit, edges):
            verdicts[alias] = True
        elif alias.text in long_forms:
            long_form = long_forms[alias.text]
            is_unit = gazetteer.organisations[long_form.organisation_id].parent == alias.organisation_id
            kept.append(hit if is_unit else Hit(hit.start, hit.end, long_form))
        elif alias.needs:
            verdicts.setdefault(alias, any(word in page.lowered for word in alias.needs))
        else:
            verdicts[alias] = verdicts.get(alias, False) or _mid_sentence(page, hit.start)
    return kept + [hit for hit in found if hit.alias and verdicts.get(hit.alias, False)]


def _is_listed(page: _Page, hit: Hit, edges: set[int]) -> bool:
    """Benchmark, Coatue and others: a list's neighbour is an organisation beyond doubt."""
    return (hit.end + 2 in edges and page.body[hit.end : hit.end + 2] == ", ") or (
        hit.start - 2 in edges and page.body[hit.start - 2 : hit.start] == ", "
    )


def _by_first_word(found: list[Hit]) -> dict[str, Alias]:
    """In an article on Spark Capital, "Spark" is Spark Capital."""
    return {
        hit.alias.text.partition(" ")[0]: hit.alias
        for hit in found
        if hit.alias and not hit.alias.ambiguous and " " in hit.alias.text
    }


def _mid_sentence(page: _Page, start: int) -> bool:
    """A capital here is no matter of grammar: a lower-case word stands before it, outside the title."""
    before = page.body[max(0, start - _WINDOW) : start].rstrip("'’\"“«„ ").split()[-1:]
    if start < page.title_end or not before or not before[0][-1].isalpha() or not before[0].islower():
        return False
    return not (page.words.nouns_are_capitalised and page.words.before_common_noun(before[0]))


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
