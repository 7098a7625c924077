"""Organisations that no list knows, in alphabetic scripts: capitalised sequences, and what speaks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from dealwire.extract.name_sequences import HYPHENS, Token, capital_sequences, tokens_of
from dealwire.extract.name_words import NameWords

_TITLE_CASE_SHARE = 0.7
_MOST_SEQUENCES = 600  # more than any article holds; a wall of capitals stops there


@dataclass(slots=True)
class Run:
    """A capitalised sequence.

    `certain`: its own letters, a form word or an apposition make it a name; `weak`: its capital may be grammar's.
    """

    tokens: list[Token]
    certain: bool = False
    weak: bool = False

    @property
    def initial(self) -> bool:
        """One word that begins a sentence."""
        return len(self.tokens) == 1 and self.tokens[0].first

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
    tokens = tokens_of(body)
    title_case = _is_title_case([token for token in tokens if token.end <= title_length])
    text = _Text(
        body,
        words,
        frozenset(token.text for token in tokens if token.text.islower()),
        title_length if title_case else 0,
    )
    for sequence in islice(capital_sequences(tokens, taken, words), _MOST_SEQUENCES):
        for part in _parts(sequence, text):
            _judge(part, text)
    return _confirmed(text)


def _is_title_case(tokens: Sequence[Token]) -> bool:
    long = [token for token in tokens if len(token.text) > 3 and token.text.isalpha()]
    return len(long) >= 4 and sum(token.text[0].isupper() for token in long) >= _TITLE_CASE_SHARE * len(long)


def _parts(sequence: list[Token], text: _Text) -> Iterator[list[Token]]:
    """Cut at products, months and nationalities; shed words whose capital is grammar's from both ends."""
    words = text.words
    part: list[Token] = []
    for token in sequence:
        if _begins_institution(token, sequence, words):
            part.append(token)
        elif _cuts(token, words) or (part and token.gap in HYPHENS and _is_head(token, words)):
            yield from _trimmed(part, text)
            part = []
        else:
            part.append(token)
    yield from _trimmed(part, text)


def _begins_institution(token: Token, sequence: list[Token], words: NameWords) -> bool:
    """Australian Signals Directorate."""
    return (
        token is sequence[0]
        and len(sequence) > 2
        and token.lower in words.other
        and token.text.istitle()
        and sequence[-1].lower in words.forms
    )


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
        return (
            token.lower in words.person_titles
            or token.lower in words.determiners
            or (words.is_apposition(token.lower) and token.lower not in words.forms)
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
    if token.gap in HYPHENS and not alone:
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
    if not has_form and _is_place(tokens, text):
        return
    run = Run(tokens)
    run.certain = has_form or _looks_coined(tokens) or _apposed(run, text)
    run.weak = not run.certain and (run.start < text.title_case_until or _by_grammar(run, text))
    text.runs.append(run)


def _is_person(tokens: Sequence[Token], text: _Text) -> bool:
    """A first name, or a title before the name, in it, or after its comma."""
    titles = text.words.person_titles
    words = text.words
    if len(tokens) > 1 and (tokens[0].text in words.first_names or tokens[0].text in words.unsure_first_names):
        return True
    if any(token.lower in titles for token in tokens[:-1]):
        return True  # Defence Minister Ana Bello
    if len(tokens) > 3:
        return False
    if _word_before(text.body, tokens[0].start).strip(",").lower() in titles:
        return True
    following = text.body[tokens[-1].end : tokens[-1].end + 40]
    return len(tokens) > 1 and following[:2] == ", " and bool(titles.intersection(following.lower().split()[:5]))


def _is_place(tokens: Sequence[Token], text: _Text) -> bool:
    """Nueces County, San Vero, Project Matador; Tucson, Arizona."""
    words = text.words
    first, last = tokens[0].lower, tokens[-1].lower
    if len(tokens) > 1 and (last in words.place_endings or first in words.place_starts or first in words.code_names):
        return True
    following = text.body[tokens[-1].end : tokens[-1].end + 30]
    if not following.startswith(", "):
        return False
    after = [word.strip(",.;:)") for word in following[2:].lower().split()[:2]]
    return bool(after) and (after[0] in words.places or " ".join(after) in words.places)


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
    if token.lower in text.lower_seen:
        return True
    if token.first:
        return len(token.text) < 3 or token.lower.endswith(words.word_endings)
    return words.nouns_are_capitalised and words.before_common_noun(_word_before(text.body, token.start))


def _word_before(body: str, start: int) -> str:
    last = body[max(0, start - 30) : start].split()[-1:]
    return last[0].rpartition("-")[2] if last else ""


def _confirmed(text: _Text) -> list[Run]:
    """A doubtful name stands where a sound mention of it, or of a longer form of it, stands elsewhere."""
    sound = {run.tokens[0].lower for run in text.runs if not run.weak}
    twice = _met_twice(text.runs)
    names = _names_by_first_word([run for run in text.runs if run.start >= text.title_case_until])
    kept: list[Run] = []
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
