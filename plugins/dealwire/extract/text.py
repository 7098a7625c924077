"""Text as the finders see it: folded copies of the body in which every offset still counts in the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwire.extract.language import Language

_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HYPHENS = "\u2010\u2011\u2012\u2212\uff0d\ufe63"
_APOSTROPHES = "\u2019\u2018\u02bc\uff07\u00b4`"
_FOLDS = {
    **{ord(c): "\u00a0" for c in _SPACES + _UNSEEN},
    **{ord(c): "-" for c in _HYPHENS},
    **{ord(c): "'" for c in _APOSTROPHES},
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
    **{code: chr(code - 0xFEE0).lower() for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    0xFF0E: ".",
    0xFF04: "$",
    0xFFE5: "¥",
    0xFFE1: "£",
}
READ_LIMIT = 30_000  # no article is longer; what stands beyond is neither folded nor searched, so that cost is bounded
_INITIALS = re.compile(r"[A-ZÀ-Þ](?:\.[A-ZÀ-Þ])*")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_NONWORD = re.compile(r"[\W_]")


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    index: int
    in_title: bool
    paragraph: int


@lru_cache(maxsize=16)
def fold(body: str) -> str:
    """The body in lower case, with one kind of hyphen, apostrophe and hard space and ASCII digits.

    Offsets are those of the body; it ends at READ_LIMIT."""
    body = body[:READ_LIMIT]
    lowered = body.lower()
    if len(lowered) != len(body):  # a few capitals (İ) lower to two characters
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in body)
    return lowered if lowered.isascii() else lowered.translate(_FOLDS)


@lru_cache(maxsize=16)
def words_only(body: str) -> str:
    """`fold(body)` with a space for everything that is no letter or digit, and one space around."""
    return f" {_NONWORD.sub(' ', fold(body))} "


def sentences(body: str, title_length: int, language: Language) -> list[Sentence]:
    """The title, then the sentences of each paragraph. Offsets count in `body`; white space belongs to none."""
    found: list[Sentence] = []
    _add(found, body, 0, min(title_length, len(body)), in_title=True, paragraph=0)
    paragraph, at = 0, title_length
    for block in re.finditer(r"\n\s*\n|\Z", body[title_length:]):
        end = title_length + block.start()
        if body[at:end].strip():
            paragraph += 1
            _split(found, body, at, end, language, paragraph)
        at = title_length + block.end()
    return found


def _split(found: list[Sentence], body: str, start: int, end: int, language: Language, paragraph: int) -> None:
    at = start
    for stop in language.sentence_end.finditer(body, start, end):
        if not _ends_sentence(body, stop.start(), stop.end(), end, language):
            continue
        _add(found, body, at, stop.end(), in_title=False, paragraph=paragraph)
        at = stop.end()
    _add(found, body, at, end, in_title=False, paragraph=paragraph)


def _ends_sentence(body: str, dot: int, after: int, end: int, language: Language) -> bool:
    """No sentence ends before a small letter, after a German ordinal, or, unless a function word follows, after an
    abbreviation or initials ("Acme Inc. It paid", but "J.P. Morgan")."""
    if body[dot] != ".":
        return True
    if after < end and not body[after].isspace():
        return False
    word_start = dot
    while word_start > 0 and dot - word_start < 20 and (body[word_start - 1].isalnum() or body[word_start - 1] == "."):
        word_start -= 1
    word = body[word_start:dot]
    following = body[after : after + 40].lstrip()
    if following[:1].islower():
        return False
    if word.lower() in language.abbreviations or _INITIALS.fullmatch(word):
        opener = _FIRST_WORD.match(following)
        return not following or (opener is not None and opener[0].lower() in language.function_words)
    return not (word.isdigit() and len(word) <= 2 and language.dotted_ordinals and bool(following))


def _add(found: list[Sentence], body: str, start: int, end: int, *, in_title: bool, paragraph: int) -> None:
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Sentence(start, end, len(found), in_title, paragraph))
