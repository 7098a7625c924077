"""Organisations that no list knows, in alphabetic scripts: capitalised sequences, and what speaks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dealwire.extract.name_words import NameWords
from dealwire.extract.script import is_cjk

_TOKEN = re.compile(r"[^\W_\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+")
_JOIN = frozenset({" ", "\u00a0", "-", "\u2011", "&", " & ", "."})
_SENTENCE_END = re.compile(r"[.!?:;…\n\"“”«»„‚()•–—|]")
_GERMAN_NOUN = re.compile(
    r".{2,}(ung|heit|keit|schaft|ion|tät|ismus|nis|ling|chen|ment|enz|anz|ik|ur|ungen|ionen|schaften|heiten|keiten|werk|"
    r"zentrum|zentren|markt|vertrag|konzern|geber|nehmer|preis|kosten|jahr|leistung|technik|technologie|branche|anlage|anlagen)s?$"
)
LONGEST = 8  # tokens in a name; longer sequences are headlines and lists


@dataclass(slots=True)
class Token:
    start: int
    end: int
    text: str
    lower: str
    gap: str  # what stands between the token before and this one
    first: bool  # begins a sentence


@dataclass(slots=True)
class Run:
    """A capitalised sequence. `certain`: its own letters, a form word or an apposition make it a name."""

    tokens: list[Token]
    certain: bool = False
    weak: bool = False  # its capital may be grammar's
    modifier: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


@dataclass(slots=True)
class Found:
    """What the pass over one article gathers."""

    runs: list[Run] = field(default_factory=list)
    surnames: set[str] = field(default_factory=set)


def tokens_of(body: str) -> list[Token]:
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(body):
        gap = body[last : match.start()]
        first = not found or (bool(_SENTENCE_END.search(gap)) and gap != ".")
        text = match.group()
        found.append(Token(match.start(), match.end(), text, text.lower(), gap, first))
        last = match.end()
    return found


def unknown_runs(body: str, title_length: int, taken: Sequence[tuple[int, int]], words: NameWords) -> list[Run]:
    """Candidate names outside the spans already taken, in text order."""
    tokens = tokens_of(body)
    lower_seen = {token.text for token in tokens if token.text.islower()}
    headline = _is_title_case([token for token in tokens if token.end <= title_length])
    found = Found()
    for run in _sequences(tokens, taken, words):
        in_headline = headline and run[0].start < title_length
        for part in _split(run, words, lower_seen):
            _judge(part, body, words, lower_seen, in_headline, found)
    return _confirmed(found)


def _is_title_case(tokens: Sequence[Token]) -> bool:
    long = [token for token in tokens if len(token.text) > 3 and token.text.isalpha()]
    return len(long) >= 4 and sum(token.text[0].isupper() for token in long) >= 0.7 * len(long)


def _is_capital(token: Token) -> bool:
    text = token.text
    return text[0].isupper() or (not text.islower() and not text.isdigit() and any(char.isupper() for char in text))


def _sequences(tokens: list[Token], taken: Sequence[tuple[int, int]], words: NameWords) -> Iterator[list[Token]]:
    spans = iter(sorted(taken))
    span = next(spans, None)
    current: list[Token] = []
    waiting: list[Token] = []  # connectors that join only if a capital follows
    for position, token in enumerate(tokens):
        while span is not None and span[1] <= token.start:
            span = next(spans, None)
        inside = span is not None and span[0] < token.end
        joined = bool(current) and token.gap in _JOIN and not inside and len(current) < LONGEST
        if current and not joined:
            yield current
            current, waiting = [], []
        if inside:
            continue
        if _is_capital(token) or (joined and token.gap == "." and current and not waiting):
            current += [*waiting, token]
            waiting = []
        elif current and token.lower in words.connectors and len(waiting) < 2 and _takes_connector(current, words):
            waiting.append(token)
        else:
            if current:
                yield current
            current, waiting = [], []
            if token.text.isdigit() and position + 1 < len(tokens) and tokens[position + 1].lower in words.forms:
                current = [token]
    if current:
        yield current


def _takes_connector(current: Sequence[Token], words: NameWords) -> bool:
    return any(token.lower in words.forms for token in current[-2:])


def _split(run: list[Token], words: NameWords, lower_seen: set[str]) -> Iterator[Run]:
    """Cut at products, months and nationalities; shed words whose capital is grammar's from both ends."""
    part: list[Token] = []
    for token in run:
        if token.lower in words.products or token.lower in words.other:
            if part:
                yield from _trimmed(part, words, lower_seen)
            part = []
        else:
            part.append(token)
    if part:
        yield from _trimmed(part, words, lower_seen)


def _trimmed(part: list[Token], words: NameWords, lower_seen: set[str]) -> Iterator[Run]:
    start, end = 0, len(part)
    while start < end and _sheds(part[start], words, lower_seen):
        start += 1
    while end > start and (part[end - 1].lower in words.stop or part[end - 1].lower in words.connectors):
        end -= 1
    if start < end:
        yield Run(part[start:end])


def _sheds(token: Token, words: NameWords, lower_seen: set[str]) -> bool:
    return (
        token.lower in words.stop
        or token.lower in words.person_titles
        or token.lower in words.connectors
        or (token.first and token.lower in lower_seen)
    )


def _judge(run: Run, body: str, words: NameWords, lower_seen: set[str], in_headline: bool, found: Found) -> None:
    tokens = run.tokens
    lowers = [token.lower for token in tokens]
    if all(lower in words.places or lower in words.forms or lower in words.stop for lower in lowers) and (
        len(tokens) == 1 or not any(lower in words.forms for lower in lowers)
    ):
        return
    has_form = len(tokens) > 1 and any(lower in words.forms for lower in lowers)
    if _is_person(tokens, body, words) and not has_form:
        found.surnames.update(lowers[1:] or lowers)
        return
    run.certain = has_form or _looks_coined(tokens) or _apposed(run, body, words)
    run.weak = not run.certain and (in_headline or _by_grammar(run, body, words, lower_seen))
    found.runs.append(run)


def _is_person(tokens: Sequence[Token], body: str, words: NameWords) -> bool:
    if len(tokens) > 1 and tokens[0].text in words.first_names:
        return True
    before = body[max(0, tokens[0].start - 30) : tokens[0].start].split()[-1:]
    return 1 <= len(tokens) <= 3 and bool(before) and before[0].strip(",").lower() in words.person_titles


def _looks_coined(tokens: Sequence[Token]) -> bool:
    for token in tokens:
        text = token.text
        inner = text[1:]
        if any(char.isdigit() for char in text) and any(char.isalpha() for char in text) and len(text) > 2:
            return True
        if any(char.isupper() for char in inner) and (not text.isupper() or len(text) >= 3):
            return True
    return False


def _apposed(run: Run, body: str, words: NameWords) -> bool:
    """Start-up X; X, a Paris-based firm."""
    before = body[max(0, run.start - 30) : run.start].split()[-1:]
    return bool(before) and before[0].lower().rstrip(",") in words.apposition


def _by_grammar(run: Run, body: str, words: NameWords, lower_seen: set[str]) -> bool:
    token = run.tokens[0]
    if len(run.tokens) > 1:
        return token.first and token.lower in lower_seen
    if token.first or token.lower in lower_seen:
        return True
    return words.nouns_are_capitalised and bool(
        _GERMAN_NOUN.match(token.text) or _after_article(body, token.start, words)
    )


def _after_article(body: str, start: int, words: NameWords) -> bool:
    before = body[max(0, start - 24) : start].split()[-1:]
    if not before or not before[0][0].islower():
        return False
    word = before[0]
    return word in words.stop or word.endswith(("en", "er", "es", "em", "e"))


def _confirmed(found: Found) -> list[Run]:
    """A doubtful name stands where a sound mention of it, or of a longer form of it, stands elsewhere."""
    sound = {token.lower for run in found.runs if not run.weak for token in run.tokens[:1]}
    kept = []
    for run in found.runs:
        if len(run.tokens) == 1 and run.tokens[0].lower in found.surnames:
            continue
        if run.weak and run.tokens[0].lower not in sound:
            continue
        kept.append(run)
    return kept


def spans(runs: Iterable[Run]) -> list[tuple[int, int]]:
    return [(run.start, run.end) for run in runs]


def has_cjk(text: str) -> bool:
    return any(is_cjk(char) for char in text)
