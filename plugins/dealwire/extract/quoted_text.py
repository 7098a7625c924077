"""An article's text as a model's answer is checked against it: where a quote stands, and what our finders see there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from dealwire.extract.dates import DateMention, find_dates
from dealwire.extract.gazetteer import OrganisationMention, find_organisations
from dealwire.extract.language import Language, detect_language, load_language
from dealwire.extract.money import Money, find_money
from dealwire.extract.quantities import Quantity, find_quantities
from dealwire.extract.terms import Term, find_terms
from dealwire.extract.text import Sentence, sentences
from dealwire.model import Article

LONGEST_QUOTE = 800
MOST_PLACES = 20
PLAIN = str.maketrans("’‘“”„«»–—‑−", '\'\'"""""----')
Span = tuple[int, int]


class Spanned(Protocol):
    """Something that stands somewhere in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Found = TypeVar("Found", bound=Spanned)


@dataclass
class QuotedText:
    """Finders run once, and only where an answer needs them."""

    article: Article

    def __post_init__(self) -> None:
        self.body = self.article.body
        self.language: Language = load_language(self.article.lang or detect_language(self.body))
        self.folded, self._offsets = fold_text(self.body)

    @cached_property
    def money(self) -> list[Money]:
        return find_money(self.body, self.language)

    @cached_property
    def terms(self) -> list[Term]:
        return find_terms(self.body, self.language)

    @cached_property
    def dates(self) -> list[DateMention]:
        return find_dates(self.body, self.language, self.article.published)

    @cached_property
    def quantities(self) -> list[Quantity]:
        return find_quantities(self.body, self.language)

    @cached_property
    def organisations(self) -> list[OrganisationMention]:
        return find_organisations(self.body, self.language)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self.body, len(self.article.title), self.language)

    def spans(self, quote: object) -> list[Span]:
        """Where the quote stands, forgiving width, case, spacing and the shape of quotation marks and dashes only."""
        wanted = fold_text(quote)[0].strip() if isinstance(quote, str) else ""
        if not wanted or len(wanted) > LONGEST_QUOTE:
            return []
        found: list[Span] = []
        at = self.folded.find(wanted)
        while at >= 0 and len(found) < MOST_PLACES:
            found.append((self._offsets[at], self._offsets[at + len(wanted) - 1] + 1))
            at = self.folded.find(wanted, at + 1)
        return found


def overlapping(found: Iterable[Found], spans: Iterable[Span]) -> list[Found]:
    """What stands at any of the places, in the places' order."""
    things = list(found)
    return [thing for start, end in spans for thing in things if thing.start < end and start < thing.end]


def fold_text(text: str) -> tuple[str, list[int]]:
    """Compatibility forms, lower case, runs of space as one; with the offset of each character's origin."""
    letters: list[str] = []
    offsets: list[int] = []
    for at, original in enumerate(text):
        plain = original if original.isascii() else unicodedata.normalize("NFKC", original)
        for letter in plain.casefold().translate(PLAIN):
            if letter.isspace():
                if letters and letters[-1] == " ":
                    continue
                letter = " "
            letters.append(letter)
            offsets.append(at)
    return "".join(letters), offsets
