"""The currency of a number: the sign, code or word that touches it."""

from __future__ import annotations

from dealwire.extract.language import Language
from dealwire.extract.numerals import SAME_CURRENCY, Numeral, glued_code, measures


class Currencies:
    """The currency that stands right before or right after a number: a sign, a code, or a word."""

    def __init__(self, body: str, folded: str, language: Language) -> None:
        self._body, self._folded, self._language = body, folded, language
        self._starts: dict[int, tuple[int, str]] = {}
        self._ends: dict[int, tuple[int, str]] = {}
        for hit in measures(body, language):
            if hit.kind == "currency":
                if hit.end > self._starts.get(hit.start, (0, ""))[0]:
                    self._starts[hit.start] = (hit.end, hit.value)
                if hit.start < self._ends.get(hit.end, (hit.end, ""))[0]:
                    self._ends[hit.end] = (hit.start, hit.value)

    def before(self, at: int) -> tuple[int, str] | None:
        """Where it starts, and which it is."""
        if at and self._folded[at - 1].isalpha() and self._folded[at - 1].isascii():
            return glued_code(self._folded, at, self._language)
        for gap in (0, 1, 2):
            if gap and (at < gap or self._folded[at - gap] not in " \u00a0\n."):
                return None
            end = at - gap
            if not self._may_be_sign(end - 1, self._language.symbol_ends):
                if end in self._ends and self._may_precede(self._ends[end][0], end):
                    return self._ends[end]
                continue
            for length in range(min(self._language.longest_symbol, end), 0, -1):
                currency = self._sign(end - length, end)
                if currency:
                    return end - length, currency
            if end in self._ends and self._may_precede(self._ends[end][0], end):
                return self._ends[end]
        return None

    def after(self, numeral: Numeral) -> tuple[int, str] | None:
        """Where it ends, and which it is. A full stop is skipped only behind an abbreviated scale ("5 Mio. Euro")."""
        at = numeral.end
        named = self._language.suffix_currencies.get(self._folded[at - 3 : at])
        if named:
            return at, named
        link = self._language.currency_links.match(self._folded, at)
        places = [at, link.end() if link else at, at + (self._folded[at : at + 1] in (" ", "\u00a0", "-", "\n"))]
        for place in sorted(set(places)):
            if "." in self._folded[at:place] and not numeral.scaled:
                continue
            reach = self._language.longest_symbol if self._may_be_sign(place, self._language.symbol_starts) else 0
            for length in range(reach, 0, -1):
                currency = self._sign(place, place + length)
                if currency and not self._belongs_to_next(place + length):
                    return place + length, currency
            if place in self._starts:
                return self._starts[place]
        return None

    def _may_be_sign(self, at: int, edges: frozenset[str]) -> bool:
        """Whether a sign or a code can have its edge here: most places can be told by one character."""
        return 0 <= at < len(self._folded) and (self._folded[at] in edges or self._body[at].isupper())

    def _sign(self, start: int, end: int) -> str | None:
        text = self._folded[start:end].replace("\u00a0", " ")
        if len(text) != end - start:
            return None
        currency = self._language.symbols.get(text)
        if currency is None and end - start == 3 and self._body[start:end] in self._language.codes:
            currency = SAME_CURRENCY.get(self._body[start:end], self._body[start:end])
        if currency is None or (text[0].isalpha() and start and _latin(self._folded[start - 1])):
            return None
        if text[-1].isalpha() and end < len(self._folded) and _latin(self._folded[end]):
            return None
        return currency

    def _may_precede(self, start: int, end: int) -> bool:
        """ "RMB 5 billion", but not "it won 3 prizes"."""
        return self._language.joined or self._folded[start:end] in self._language.prefix_words

    def _belongs_to_next(self, end: int) -> bool:
        return self._folded[end : end + 2].lstrip(" \u00a0")[:1].isdigit()


def _latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"
