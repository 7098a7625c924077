"""Words of an alphabetic script with their gaps, and the sequences of capitalised ones that may be names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dealwire.extract.name_words import NameWords

_TOKEN = re.compile(r"[^\W_\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+")
HYPHENS = ("-", "\u2010", "\u2011")
_JOIN = frozenset({" ", "\u00a0", "&", " & ", ".", *HYPHENS})
_AFTER_INITIAL = frozenset({". ", "."})  # B. Riley
_SENTENCE_END = re.compile(r"[.!?:;…\n\"“”«»„‚•–—|]")
_QUANTITY = re.compile(r"\d+[A-Za-z]{1,3}$")  # 446MW, 9B
_AFTER_FIGURE = frozenset({"capital", "ventures", "partners", "equity", "holdings", "labs", "group"})
LONGEST = 8  # tokens in a name; longer sequences are headlines and lists
_DATE_UNITS = frozenset("年月日")
_DIGITS = "0123456789"


@dataclass(slots=True)
class Token:
    """A word. `gap` is what stands between the word before and this one; `first`: it begins a sentence."""

    start: int
    end: int
    text: str
    lower: str
    gap: str
    first: bool


def tokens_of(body: str) -> list[Token]:
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(body):
        start, end = match.span()
        text = match[0]
        if text[-1] in _DIGITS:
            text = _without_date(text, body[end : end + 1])
            end = start + len(text)
        gap = body[last:start]
        first = not found or (gap not in (" ", ".") and _begins_sentence(gap, found[-1].text))
        found.append(Token(start, end, text, text.lower(), gap, first))
        last = end
    return found


def _begins_sentence(gap: str, before: str) -> bool:
    initial = gap in _AFTER_INITIAL and len(before) == 1 and before.isupper()
    return not initial and _SENTENCE_END.search(gap) is not None


def _without_date(word: str, following: str) -> str:
    """OpenAI11月5日: the figure is the date's."""
    bare = word.rstrip(_DIGITS)
    return bare if len(bare) > 1 and bare != word and following in _DATE_UNITS else word


def _is_capital(token: Token) -> bool:
    text = token.text
    return text[0].isupper() or (not text.islower() and not text.isdigit() and not _QUANTITY.match(text))


class _Joiner:
    """Gathers one sequence of capitalised words with the small words inside it."""

    def __init__(self, words: NameWords) -> None:
        self.words = words
        self.current: list[Token] = []
        self.waiting: list[Token] = []  # small words that belong to the name if a capital follows

    def take(self) -> list[Token]:
        done, self.current, self.waiting = self.current, [], []
        return done

    def accepts(self, token: Token) -> bool:
        if not self.current or len(self.current) >= LONGEST:
            return False
        return token.gap in _JOIN or (token.gap in _AFTER_INITIAL and len(self.current[-1].text) == 1)

    def add(self, token: Token) -> None:
        self.current += [*self.waiting, token]
        self.waiting = []

    def may_link(self, token: Token) -> bool:
        """Bank *of* America, Ministère *de la* Santé, Department for Work *and* Pensions."""
        if len(self.waiting) >= 2 or not self.current:
            return False
        if token.lower in self.words.conjunctions:
            return self.current[0].lower in self.words.institutions
        if token.lower in self.words.foreign_connectors:
            return True
        recent = self.current[-2:]
        return token.lower in self.words.connectors and any(word.lower in self.words.forms for word in recent)


def capital_sequences(tokens: list[Token], taken: Sequence[tuple[int, int]], words: NameWords) -> Iterator[list[Token]]:
    """Runs of capitalised words outside the taken spans, with the small words and figures that belong to them."""
    joiner = _Joiner(words)
    numbered = _numbered(tokens)
    for position, (token, inside) in enumerate(_with_taken(tokens, taken)):
        if not joiner.current and token.text.islower():
            continue
        if joiner.current and (inside or not joiner.accepts(token)):
            yield joiner.take()
        if inside:
            continue
        if _belongs(tokens, position, joiner, numbered):
            joiner.add(token)
        elif joiner.may_link(token):
            joiner.waiting.append(token)
        elif joiner.current:
            yield joiner.take()
    if joiner.current:
        yield joiner.take()


def _with_taken(tokens: list[Token], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it lies in a taken span."""
    spans = iter(sorted(taken))
    span = next(spans, None)
    for token in tokens:
        while span is not None and span[1] <= token.start:
            span = next(spans, None)
        yield token, span is not None and span[0] < token.end


def _belongs(
    tokens: list[Token],
    position: int,
    joiner: _Joiner,
    numbered: frozenset[tuple[str, str]],
) -> bool:
    token = tokens[position]
    if _is_capital(token):
        return True
    if joiner.current and not joiner.waiting:
        return token.gap == "." or (tokens[position - 1].lower, token.text) in numbered  # Nod.ai, Hut 8
    return not joiner.current and token.text.isdigit() and _next_is_form(tokens, position)  # 1789 Capital


def _numbered(tokens: list[Token]) -> frozenset[tuple[str, str]]:
    """Capitalised words that the article has more than once before one and the same short figure."""
    counts: dict[tuple[str, str], int] = {}
    for word, figure in pairwise(tokens):
        if figure.gap == " " and figure.text.isdigit() and len(figure.text) < 3 and word.text[0].isupper():
            key = (word.lower, figure.text)
            counts[key] = counts.get(key, 0) + 1
    return frozenset(key for key, count in counts.items() if count > 1)


def _next_is_form(tokens: list[Token], position: int) -> bool:
    if position + 1 >= len(tokens):
        return False
    following = tokens[position + 1]
    return following.gap == " " and following.text[0].isupper() and following.lower in _AFTER_FIGURE
