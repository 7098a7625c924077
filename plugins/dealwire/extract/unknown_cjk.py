"""Organisations that no list knows, in Japanese and Chinese: what common words leave over of katakana and Han."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import ahocorasick

from dealwire.extract.name_words import CjkWords, NameWords

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc\u30fb]{2,40}")
_HAN = re.compile(r"[\u4e00-\u9fff々]{2,400}")
_LATIN_TAIL = re.compile(r"[A-Z][A-Za-z]{0,2}(?![A-Za-z])")
_HAN_HEAD = re.compile(r"[\u4e00-\u9fff々]{1,4}$")
_SHORTEST, _LONGEST = 2, 12
_MOST_RESTS = 1_000  # pieces of Han that no common word covers; more than any article holds
_MANY_PARTS = 12  # katakana words in a compound; a longer one is not looked into


class Piece(NamedTuple):
    """`certain`: a form word or a cue makes it a name."""

    start: int
    end: int
    certain: bool


def unknown_pieces(body: str, taken: Sequence[tuple[int, int]], words: NameWords) -> list[Piece]:
    """Candidate names outside the spans already taken, in text order."""
    cjk = words.cjk
    free = _mask(body, taken)
    found = [
        *_katakana(free, cjk),
        *(_han_japanese(free, cjk) if cjk.kana else _han_chinese(free, cjk)),
    ]
    kept: list[Piece] = []
    for piece in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _mask(body: str, taken: Sequence[tuple[int, int]]) -> str:
    """The body with taken spans blanked, offsets kept."""
    parts: list[str] = []
    last = 0
    for start, end in sorted(taken):
        parts += [body[last:start], "\n" * (end - max(start, last))]
        last = max(last, end)
    return "".join([*parts, body[last:]])


def _katakana(text: str, words: CjkWords) -> Iterator[Piece]:
    persons: set[str] = set()
    runs = [match for match in _KATAKANA.finditer(text) if match.group().strip("・")]
    for match in runs:
        if words.kana and text.startswith(words.titles, match.end()):
            persons.update(match.group().split("・"))
    for match in runs:
        run = match.group().strip("・")
        start = match.start() + match.group().index(run[0]) if run else 0
        if run and run not in persons and not persons & set(run.split("・")):
            piece = _katakana_name(text, start, run, words)
            if piece:
                yield piece


def _katakana_name(text: str, start: int, run: str, words: CjkWords) -> Piece | None:
    end = start + len(run)
    office = next((form for form in words.offices if text.startswith(form, end)), None)
    if office:  # デジタル庁
        return Piece(start, end + len(office), True)
    if text.startswith(words.place_endings, end):
        return None
    tail = _LATIN_TAIL.match(text, end)
    if tail:  # スペースX
        return Piece(start, tail.end(), True)
    if _is_common(run, words):
        return None
    ends_in_form = next(
        (form for form in words.forms if len(form) > 3 and run.endswith(form) and run != form),
        None,
    )
    if ends_in_form and (head := _HAN_HEAD.search(text, max(0, start - 4), start)):  # 伊藤忠テクノソリューションズ
        start = head.start()
    certain = (
        bool(ends_in_form)
        or text.startswith(words.forms, end)
        or text[max(0, start - 3) : start].endswith(words.before)
    )
    return Piece(start, end, certain)


def _is_common(run: str, words: CjkWords) -> bool:
    """A listed word, a place, or a compound of nothing else."""
    parts = run.split("・")
    return len(parts) <= _MANY_PARTS and all(_made_of(part, words.common) for part in parts)


def _made_of(run: str, common: frozenset[str]) -> bool:
    reachable = [True] + [False] * len(run)
    for end in range(1, len(run) + 1):
        reachable[end] = any(reachable[cut] and run[cut:end] in common for cut in range(max(0, end - 14), end))
    return reachable[-1]


def _han_japanese(text: str, words: CjkWords) -> Iterator[Piece]:
    """住友商事, 経済産業省: Han before a form word."""
    for match in _HAN.finditer(text):
        run = match.group()
        for form in words.han_forms:
            if run.endswith(form) and 2 <= len(run) - len(form) <= _LONGEST and run not in words.common:
                start = match.start() + (run[0] in words.nations and len(run) - len(form) > 2)
                if text[start : match.end()] not in words.common:
                    yield Piece(start, match.end(), True)
                break


def _han_chinese(text: str, words: CjkWords) -> Iterator[Piece]:
    rests = list(islice(_rests(text, words), _MOST_RESTS))
    counts = Counter(text[start:end] for start, end, _ in rests)
    for start, end, has_form in rests:
        length = end - start
        if not _SHORTEST <= length <= _LONGEST or _is_chinese_person(text, start, end, words):
            continue
        cue = length > 2 or counts[text[start:end]] > 1 or text.startswith(words.after, end)
        if has_form or cue or text[max(0, start - 4) : start].endswith(words.before):
            yield Piece(start, end, has_form)


def _rests(text: str, words: CjkWords) -> Iterator[tuple[int, int, bool]]:
    """What common words leave of each Han run, with the form word that follows it or the place before it."""
    for match in _HAN.finditer(text):
        run, offset = match.group(), match.start()
        covered = _cover(run, words.automaton)
        counted = not covered[0] and run[0] in words.units and text[max(0, offset - 1) : offset].isdigit()
        position = int(counted)
        place = -1  # where a place name that ends at `position` begins
        while position < len(run):
            if covered[position]:
                place = position if run[position : covered[position]] in words.places else -1
                position = covered[position]
                continue
            end = position
            while end < len(run) and not covered[end]:
                end += 1
            stop, has_form = _with_form(run, end, words)
            if end - position >= _SHORTEST:
                start = place if place >= 0 and end - position == _SHORTEST and not has_form else position
                yield offset + start, offset + stop, has_form
            position, place = stop, -1


def _cover(run: str, automaton: ahocorasick.Automaton) -> list[int]:
    """For each place where a common word begins, its end; 0 elsewhere. Longest words from the left."""
    longest = [0] * len(run)
    for last, length in automaton.iter(run):
        start = last - length + 1
        longest[start] = max(longest[start], last + 1)
    chosen = [0] * len(run)
    position = 0
    while position < len(run):
        if longest[position]:
            chosen[position] = longest[position]
            position = longest[position]
        else:
            position += 1
    return chosen


def _with_form(run: str, end: int, words: CjkWords) -> tuple[int, bool]:
    found = False
    for _ in range(3):
        if not run.startswith(words.forms, end):
            break
        form = next(form for form in words.forms if run.startswith(form, end))
        end, found = end + len(form), True
    return end, found


def _is_chinese_person(text: str, start: int, end: int, words: CjkWords) -> bool:
    if end - start > 3 or text[start] not in words.surnames:
        return False
    return text[max(0, start - 5) : start].endswith(words.titles) or text.startswith((*words.says, *words.titles), end)
