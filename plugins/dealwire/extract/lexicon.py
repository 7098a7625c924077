"""Many phrases found in one pass over a text, by Aho-Corasick: time grows with the text, not with the phrases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import ahocorasick

from dealwire.extract.text import words_only

_MOST_HITS = 4_000  # twice what a text of READ_LIMIT characters holds; a wall of one word stops there
_LONGEST_WORD = 40  # a stem is completed to its word within this many letters, so that no input costs more


class Hit(NamedTuple):
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
            bare = phrase.strip("*-")
            core = words_only(bare).strip()
            if not core or "*" in bare or not bare[0].isalnum() or not (bare[-1].isalnum() or bare[-1] in ".'’"):
                raise ValueError(f"{kind}: {phrase!r} is empty, or has a star inside or a sign at its edge")
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
        for last, (key, meanings) in islice(self._automaton.iter(text), _MOST_HITS):
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
