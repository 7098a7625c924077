"""Organisations that no list knows, in alphabetic scripts: capitalised sequences, and what speaks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dealwire.extract.name_words import NameWords

_TOKEN = re.compile(r"[^\W_\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+")
_HYPHENS = ("-", "\u2010", "\u2011")
_JOIN = frozenset({" ", "\u00a0", "&", " & ", ".", *_HYPHENS})
_AFTER_INITIAL = frozenset({". ", "."})  # B. Riley
_SENTENCE_END = re.compile(r"[.!?:;…\n\"“”«»„‚•–—|]")
_QUANTITY = re.compile(r"\d+[A-Za-z]{1,3}$")  # 446MW, 9B
_AFTER_FIGURE = frozenset({"capital", "ventures", "partners", "equity", "holdings", "labs", "group"})
LONGEST = 8  # tokens in a name; longer sequences are headlines and lists
_TITLE_CASE_SHARE = 0.7
_DATE_UNITS = frozenset("年月日")


@dataclass(slots=True)
class Token:
    """A word. `gap` is what stands between the word before and this one; `first`: it begins a sentence."""

    start: int
    end: int
    text: str
    lower: str
    gap: str
    first: bool


@dataclass(slots=True)
class Run:
    """A capitalised sequence.

    `certain`: its own letters, a form word or an apposition make it a name; `weak`: its capital may be grammar's.
    """

    tokens: list[Token]
    certain: bool = False
    weak: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


@dataclass(slots=True)
class _Text:
    """What the decisions on one article look at."""

    body: str
    words: NameWords
    lower_seen: frozenset[str]  # words that the article also has in lower case
    title_case_until: int  # end of a headline that capitalises every word; 0 otherwise
    runs: list[Run] = field(default_factory=list)
    surnames: set[str] = field(default_factory=set)


def unknown_runs(body: str, title_length: int, taken: Sequence[tuple[int, int]], words: NameWords) -> list[Run]:
    """Candidate names outside the spans already taken, in text order."""
    tokens = _tokens(body)
    title_case = _is_title_case([token for token in tokens if token.end <= title_length])
    text = _Text(
        body,
        words,
        frozenset(token.text for token in tokens if token.text.islower()),
        title_length if title_case else 0,
    )
    for sequence in _sequences(tokens, taken, words):
        for part in _parts(sequence, text):
            _judge(part, text)
    return _confirmed(text)


def _tokens(body: str) -> list[Token]:
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(body):
        gap = body[last : match.start()]
        initial = bool(found) and gap in _AFTER_INITIAL and len(found[-1].text) == 1 and found[-1].text.isupper()
        first = not found or (gap != "." and not initial and bool(_SENTENCE_END.search(gap)))
        text = _without_date(match.group(), body[match.end() : match.end() + 1])
        found.append(Token(match.start(), match.start() + len(text), text, text.lower(), gap, first))
        last = match.start() + len(text)
    return found


def _without_date(word: str, following: str) -> str:
    """OpenAI11月5日: the figure is the date's."""
    bare = word.rstrip("0123456789")
    return bare if len(bare) > 1 and bare != word and following in _DATE_UNITS else word


def _is_title_case(tokens: Sequence[Token]) -> bool:
    long = [token for token in tokens if len(token.text) > 3 and token.text.isalpha()]
    return len(long) >= 4 and sum(token.text[0].isupper() for token in long) >= _TITLE_CASE_SHARE * len(long)


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


def _sequences(tokens: list[Token], taken: Sequence[tuple[int, int]], words: NameWords) -> Iterator[list[Token]]:
    spans = iter(sorted(taken))
    span = next(spans, None)
    joiner = _Joiner(words)
    numbered = _numbered(tokens)
    for position, token in enumerate(tokens):
        while span is not None and span[1] <= token.start:
            span = next(spans, None)
        inside = span is not None and span[0] < token.end
        if joiner.current and (inside or not joiner.accepts(token)):
            yield joiner.take()
        if inside:
            continue
        if _is_capital(token) or (joiner.current and not joiner.waiting and token.gap == "."):
            joiner.add(token)
        elif joiner.current and (tokens[position - 1].lower, token.text) in numbered:
            joiner.add(token)  # Hut 8
        elif joiner.may_link(token):
            joiner.waiting.append(token)
        else:
            if joiner.current:
                yield joiner.take()
            if token.text.isdigit() and _next_is_form(tokens, position):
                joiner.add(token)  # 1789 Capital
    if joiner.current:
        yield joiner.take()


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


def _parts(sequence: list[Token], text: _Text) -> Iterator[list[Token]]:
    """Cut at products, months and nationalities; shed words whose capital is grammar's from both ends."""
    words = text.words
    part: list[Token] = []
    for token in sequence:
        if _cuts(token, words) or (part and token.gap in _HYPHENS and _is_head(token, words)):
            yield from _trimmed(part, text)
            part = []
        else:
            part.append(token)
    yield from _trimmed(part, text)


def _cuts(token: Token, words: NameWords) -> bool:
    return token.lower in words.products or token.lower in words.other or words.is_demonym(token.lower)


def _is_head(token: Token, words: NameWords) -> bool:
    """Telekom-Chef, Aquila-Tochter, Schwarz-Gruppe: the word after the hyphen says what the name before it is."""
    lower = token.lower
    if lower in words.person_titles or words.is_apposition(lower):
        return True
    return words.nouns_are_capitalised and words.is_common_noun(lower)


def _trimmed(part: list[Token], text: _Text) -> Iterator[list[Token]]:
    words = text.words
    start, end = 0, len(part)
    while start < end and _sheds(part[start], text):
        start += 1
    while end > start and _sheds_last(part, start, end, words):
        end -= 1
    if start < end:
        yield part[start:end]


def _sheds(token: Token, text: _Text) -> bool:
    words = text.words
    if not (token.first or words.nouns_are_capitalised or token.start < text.title_case_until or token.text.isupper()):
        return token.lower in words.person_titles or (
            words.is_apposition(token.lower) and token.lower not in words.forms
        )  # amid a sentence even a common word has its capital from a name: Digital Realty
    return (
        token.lower in words.stop
        or token.lower in words.person_titles
        or token.lower in words.connectors
        or (token.first and token.lower in text.lower_seen)
        or (words.nouns_are_capitalised and words.is_common_noun(token.lower))
        or (words.is_apposition(token.lower) and token.lower not in words.forms)
    )


def _sheds_last(part: list[Token], start: int, end: int, words: NameWords) -> bool:
    token = part[end - 1]
    alone = end - start == 1
    if token.lower in words.connectors and not alone:
        return True
    if words.nouns_are_capitalised:
        return (alone or token.lower not in words.forms) and words.is_common_noun(token.lower)
    if token.gap in _HYPHENS and not alone:
        return words.is_apposition(token.lower) and token.lower not in words.forms
    return alone and token.lower in words.stop


def _judge(tokens: list[Token], text: _Text) -> None:
    words = text.words
    lowers = [token.lower for token in tokens]
    has_form = len(tokens) > 1 and any(lower in words.forms for lower in lowers)
    if all(lower in words.places or lower in words.forms or lower in words.stop for lower in lowers) and not has_form:
        return
    if len(tokens) == 1 and len(lowers[0]) == 1:
        return
    if not has_form and _is_person(tokens, text):
        text.surnames.update(lowers[-2:])
        return
    run = Run(tokens)
    run.certain = has_form or _looks_coined(tokens) or _apposed(run, text)
    run.weak = not run.certain and (run.start < text.title_case_until or _by_grammar(run, text))
    text.runs.append(run)


def _is_person(tokens: Sequence[Token], text: _Text) -> bool:
    """A first name, or a title before the name, in it, or after its comma."""
    titles = text.words.person_titles
    if len(tokens) > 1 and tokens[0].text in text.words.first_names:
        return True
    if any(token.lower in titles for token in tokens[:-1]):
        return True  # Defence Minister Ana Bello
    if len(tokens) > 3:
        return False
    if _word_before(text.body, tokens[0].start).strip(",").lower() in titles:
        return True
    following = text.body[tokens[-1].end : tokens[-1].end + 40]
    return len(tokens) > 1 and following[:2] == ", " and bool(titles.intersection(following.lower().split()[:5]))


def _looks_coined(tokens: Sequence[Token]) -> bool:
    """nScale, Data4, IONOS: letters that no grammar explains."""
    for token in tokens:
        word = token.text
        if len(word) > 2 and any(char.isdigit() for char in word) and any(char.isalpha() for char in word):
            return not word[0].isdigit() or any(char.isupper() for char in word[:3])
        if any(char.isupper() for char in word[1:]) and (not word.isupper() or len(word) >= 3):
            return True
    return False


def _apposed(run: Run, text: _Text) -> bool:
    """Start-up X, le fabricant X."""
    if len(run.tokens[0].text) < 3 and len(run.tokens) == 1:
        return False
    return text.words.is_apposition(_word_before(text.body, run.start).lower().strip(",„“«»\"'"))


def _by_grammar(run: Run, text: _Text) -> bool:
    """The sentence's start or a rule on nouns explains the capital as well as a name would."""
    token = run.tokens[0]
    words = text.words
    if words.no_spaces:
        return False
    if len(run.tokens) > 1:
        return token.first and token.lower in text.lower_seen
    if token.first or token.lower in text.lower_seen:
        return True
    return words.nouns_are_capitalised and words.before_common_noun(_word_before(text.body, token.start))


def _word_before(body: str, start: int) -> str:
    last = body[max(0, start - 30) : start].split()[-1:]
    return last[0].rpartition("-")[2] if last else ""


def _confirmed(text: _Text) -> list[Run]:
    """A doubtful name stands where a sound mention of it, or of a longer form of it, stands elsewhere."""
    sound = {run.tokens[0].lower for run in text.runs if not run.weak}
    twice = _met_twice(text.runs)
    names = _names_by_first_word([run for run in text.runs if run.start >= text.title_case_until])
    kept = []
    for run in text.runs:
        first = run.tokens[0].lower
        if run.start < text.title_case_until:
            kept += _known_from_body(run, names)
        elif len(run.tokens) == 1 and first in text.surnames:
            continue
        elif not run.weak or first in sound or first in twice:
            kept.append(run)
    return kept


def _met_twice(runs: Sequence[Run]) -> set[str]:
    """Capitalised at two places and never in lower case: a name even where each capital has another reason."""
    counts: dict[str, int] = {}
    for run in runs:
        counts[run.tokens[0].lower] = counts.get(run.tokens[0].lower, 0) + 1
    return {lower for lower, count in counts.items() if count > 1}


def _names_by_first_word(runs: Sequence[Run]) -> dict[str, tuple[bool, int]]:
    """First word of the body's names -> whether one is certain, and the most words of one."""
    names: dict[str, tuple[bool, int]] = {}
    for run in runs:
        first = run.tokens[0].lower
        certain, length = names.get(first, (False, 0))
        names[first] = (certain or run.certain, max(length, len(run.tokens)))
    return names


def _known_from_body(run: Run, names: dict[str, tuple[bool, int]]) -> Iterator[Run]:
    """Of a headline that capitalises every word, the words that are names in the body, and coined ones."""
    position = 0
    while position < len(run.tokens):
        token = run.tokens[position]
        certain, length = names.get(token.lower, (False, 0))
        if length:
            yield Run(run.tokens[position : position + 1], certain=certain)
        elif _looks_coined([token]):
            yield Run([token], certain=True)
        position += 1
