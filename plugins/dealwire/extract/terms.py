"""Durations that may be a contract's length, in months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.numerals import Numeral, find_numerals, measures
from dealwire.extract.text import fold

_LONGEST_YEARS = 60


@dataclass(frozen=True, slots=True)
class Term:
    start: int
    end: int
    months: int
    text: str


def find_terms(body: str, language: Language) -> list[Term]:
    """Durations of one month to sixty years, without ages and spans that lie in the past."""
    folded = fold(body)
    hits = measures(body, language)
    found = [
        Term(hit.start, hit.end, hit.value, body[hit.start : hit.end])
        for hit in hits
        if hit.kind == "term" and not _rejected(hit.start, hit.end, folded, language)
    ]
    durations: dict[int, Hit] = {}
    for hit in hits:
        if hit.kind == "duration" and hit.start not in durations:
            durations[hit.start] = hit
    for numeral in find_numerals(body, language):
        term = _term(numeral, durations, body, folded, language)
        if term is not None:
            found.append(term)
    return _without_overlaps(sorted(found, key=lambda term: (term.start, -term.end)))


def _term(numeral: Numeral, durations: dict[int, Hit], body: str, folded: str, language: Language) -> Term | None:
    if numeral.value is None or numeral.scaled or not 0 < numeral.value <= _LONGEST_YEARS * 12:
        return None
    hit = _duration_after(numeral.end, durations, folded, language)
    if hit is None:
        return None
    months = numeral.value * hit.value
    if not 1 <= months <= _LONGEST_YEARS * 12 or _rejected(numeral.start, hit.end, folded, language):
        return None
    if numeral.weak and not language.joined and not _preceded(numeral.start, folded, language.term_prepositions):
        return None
    return Term(numeral.start, hit.end, int(months), body[numeral.start : hit.end])


def _duration_after(at: int, durations: dict[int, Hit], folded: str, language: Language) -> Hit | None:
    for word in language.term_between:
        if folded.startswith(word, at + 1):
            at += 1 + len(word)
    for gap in (0, 1, 2):
        if gap and folded[at + gap - 1 : at + gap] not in (
            " ",
            "-",
            "\u00a0",
            "个",
            "個",
            "か",
            "カ",
            "ヶ",
            "ヵ",
            "箇",
        ):
            return None
        if at + gap in durations:
            return durations[at + gap]
    return None


def _rejected(start: int, end: int, folded: str, language: Language) -> bool:
    """Ages ("22-year-old"), the past ("three years ago", "in the last five years") and dates are no terms."""
    after = folded[end : end + 24].lstrip(" \u00a0-")
    return any(_starts_with(after, word, language) for word in language.term_reject_after) or _preceded(
        start, folded, language.term_reject_before
    )


def _starts_with(text: str, word: str, language: Language) -> bool:
    return text.startswith(word) and (language.joined or not text[len(word) : len(word) + 1].isalpha())


def _preceded(start: int, folded: str, words: Sequence[str]) -> bool:
    before = folded[max(0, start - 28) : start].replace("\u00a0", " ").rstrip(" -")
    return any(
        before.endswith(word)
        and (len(before) == len(word) or not before[-len(word) - 1].isalpha() or not word.isascii())
        for word in words
    )


def _without_overlaps(terms: list[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in terms:
        if not kept or term.start >= kept[-1].end:
            kept.append(term)
    return kept
