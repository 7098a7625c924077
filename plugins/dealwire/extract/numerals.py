"""Numbers as written: figures with any separators, scale words, spelled numbers, 2兆3605億, "hundreds of thousands"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from dealwire.extract.figures import decimal_style, parse_figure
from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.text import fold

_NUMERIC = frozenset({"number", "power", "scale", "articles", "halves", "vague", "collective"})
_BILLION = Decimal(10) ** 9
SAME_CURRENCY = {"RMB": "CNY", "CNH": "CNY"}
_GAPS = frozenset({"", " ", "-", "\u00a0", "\n"})
_MOST_NUMERALS = 300  # far more than an article holds; a wall of figures stops there
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœ_")


@dataclass(frozen=True, slots=True)
class Numeral:
    """`value` None = vague ("several"). `scaled` = holds a scale word; `short` = a one-letter one, which proves little.
    `weak` = only an article or a lone ideograph: a number where something countable follows.
    `more` = "100多亿"; `about` = "une centaine"; `factor` = what the last scale word multiplies with.
    """

    start: int
    end: int
    value: Decimal | None
    scaled: bool = False
    short: bool = False
    weak: bool = False
    more: bool = False
    about: bool = False
    figure: bool = False
    factor: Decimal = Decimal(1)


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    kind: str
    value: Decimal | None
    short: bool = False


@lru_cache(maxsize=8)
def measures(body: str, language: Language) -> tuple[Hit, ...]:
    """The language's number, unit, currency, duration, qualifier and date words in `body`, by start, longest first."""
    return tuple(sorted(language.measures.find(body), key=lambda hit: (hit.start, -hit.end)))


@lru_cache(maxsize=8)
def find_numerals(body: str, language: Language) -> tuple[Numeral, ...]:
    """All numbers in `body`, in order, none overlapping another."""
    builder = _Builder(body, language)
    for token in _tokens(body, language):
        builder.add(token)
        if len(builder.found) >= _MOST_NUMERALS:
            break
    builder.close()
    return tuple(builder.found)


def _tokens(body: str, language: Language) -> Iterator[_Token]:
    """Figures and number words in order, longest first, without overlaps."""
    figures = list(islice(_figures(body, language), 2 * _MOST_NUMERALS))
    hits = measures(body, language)
    units = {hit.start for hit in hits if hit.kind == "unit"}  # the 兆 of 兆瓦 is no trillion
    words = [_Token(h.start, h.end, h.kind, h.value) for h in hits if h.kind in _NUMERIC and h.start not in units]
    last_end = -1
    for token in sorted([*figures, *words], key=lambda t: (t.start, -t.end)):
        if token.start >= last_end:
            last_end = token.end
            yield token


def _figures(body: str, language: Language) -> Iterator[_Token]:
    folded = fold(body)
    unit_ends = {hit.end for hit in measures(body, language) if hit.kind == "unit"}
    style = decimal_style(folded, language)
    at, last_end = 0, -1
    while (match := language.figure.search(folded, at)) is not None:
        start, end = match.span()
        at = end
        glued_digits = start == last_end or (start > 1 and folded[start - 1] in ".," and folded[start - 2].isdigit())
        last_end = end
        if glued_digits or not (start in unit_ends or _stands_free(folded, start, language)):
            continue
        yield _Token(start, end, "figure", parse_figure(match[0], style))
        suffix = language.suffix.match(folded, end) if language.suffix else None
        if suffix is not None:
            name = suffix.lastgroup or "long"
            scale = Decimal(10) ** language.suffixes[suffix[name]]
            at = last_end = suffix.end(name)
            yield _Token(suffix.start(name), at, "scale", scale, short=name == "short")
        elif end < len(folded) and folded[end] in _LATIN and not language.joined:
            continue


def _stands_free(folded: str, start: int, language: Language) -> bool:
    """A digit inside a name (GB300) is no number, but one after a currency code (EUR500m) is."""
    if start == 0 or folded[start - 1] not in _LATIN:
        return not (
            start > 1 and folded[start - 1] == "-" and folded[start - 2] in _LATIN and not language.joined
        ) or _hyphen_word(folded, start)
    return glued_code(folded, start, language) is not None


def _hyphen_word(folded: str, start: int) -> bool:
    """After a hyphen a figure counts when a real word precedes ("mid-20", "nearly-500"), not a name part ("B-52")."""
    letters = 0
    at = start - 2
    while at >= 0 and letters < 4 and folded[at] in _LATIN:
        letters += 1
        at -= 1
    return letters >= 3


def glued_code(folded: str, start: int, language: Language) -> tuple[int, str] | None:
    """The currency code that touches the figure at `start`, with where it begins."""
    for length in (3, 2):
        begin = start - length
        if begin >= 0 and (begin == 0 or folded[begin - 1] not in _LATIN):
            word = folded[begin:start]
            if word.upper() in language.codes:
                return begin, SAME_CURRENCY.get(word.upper(), word.upper())
            if word in language.symbols:
                return begin, language.symbols[word]
    return None


def _plain(value: Decimal) -> Decimal:
    """Without a fraction of zeros, so that 38.0 billion reads 38000000000."""
    whole = value.to_integral_value()
    return whole if value == whole else value


class _Builder:
    """Joins neighbouring tokens into numerals."""

    def __init__(self, body: str, language: Language) -> None:
        self.found: list[Numeral] = []
        self._folded = fold(body)
        self._language = language
        self._reset()

    def _reset(self) -> None:
        self._start = -1
        self._end = -1
        self._last = ""
        self._total = Decimal(0)
        self._section = Decimal(0)
        self._digit: Decimal | None = None
        self._top = Decimal(0)
        self._scaled = self._short = self._vague = self._more = self._about = self._figure = False
        self._strong = self._year = False
        self._power = Decimal(1)

    def _looks_like_year(self, token: _Token) -> bool:
        """The 2026 of "in 2026 billion-dollar deals": four digits without a separator, and no round number."""
        text = self._folded[token.start : token.end]
        return text.isdigit() and len(text) == 4 and text[:2] in ("19", "20") and text[3] != "0"

    def add(self, token: _Token) -> None:
        if self._start >= 0 and not (self._touches(token) and self._fits(token)):
            self.close()
        if self._start < 0:
            if token.kind == "halves":
                return
            self._start = token.start
        self._take(token)
        self._end, self._last = token.end, token.kind

    def _touches(self, token: _Token) -> bool:
        gap = self._folded[self._end : token.start]
        if gap in _GAPS:
            return True
        if len(gap) > 8:
            return False
        word = gap.strip(" \u00a0-")
        if word in self._language.number_links and token.kind == "scale":
            return self._last in ("collective", "vague") or self._language.joined
        if word in self._language.number_fillers:
            self._more = True
            return True
        return word in self._language.number_joiners and token.kind == "number" and self._last in ("number", "power")

    def _fits(self, token: _Token) -> bool:
        if token.kind == "number":
            return self._fits_number(token.value or Decimal(0))
        if token.kind == "figure":
            if self._language.figure_after_power and self._last == "power":
                return (token.value or 0) < self._power  # Mexican "3 mil 500 millones"
            return self._language.joined and self._last == "scale" and not self._vague
        if token.kind == "collective":
            return self._last in ("articles", "halves", "number")
        if token.kind == "power":
            return self._last in ("number", "power", "articles", "figure", "vague")
        if token.kind == "halves":
            return self._last in ("number", "scale", "articles", "figure")
        return token.kind == "scale" or (token.kind == "vague" and self._last == "vague")

    def _fits_number(self, value: Decimal) -> bool:
        if self._last in ("power", "scale"):
            return not self._figure or self._language.joined
        if self._last != "number" or self._digit is None:
            return False
        tens = self._digit >= 20 and self._digit % 10 == 0 and 0 < value < 10
        return tens or (self._digit >= 100 and self._digit % 100 == 0 and 0 < value < 100)

    def _take(self, token: _Token) -> None:
        value = token.value or Decimal(0)
        if token.kind in ("figure", "number"):
            self._digit = (self._digit or Decimal(0)) + value
            self._year = token.kind == "figure" and self._looks_like_year(token)
            self._figure |= token.kind == "figure"
            self._strong |= token.kind == "figure" or not self._language.joined
        elif token.kind == "collective":
            self._digit = (self._digit or Decimal(1)) * value
            self._about = self._strong = True
        elif token.kind == "articles":
            self._digit = Decimal(1)
        elif token.kind == "power":
            self._take_power(value)
        elif token.kind == "scale":
            self._take_scale(value, token.short)
        elif token.kind == "halves":
            self._take_half()
        elif token.kind == "vague":
            self._vague = True

    def _take_power(self, power: Decimal) -> None:
        held = self._digit if self._digit is not None else Decimal(0)
        self._power = power
        if 0 < self._section < power:
            self._section = (self._section + held) * power
        else:
            self._section += (held or Decimal(1)) * power
        self._digit = None

    def _take_scale(self, scale: Decimal, short: bool) -> None:
        held = self._section + (self._digit or Decimal(0))
        if self._digit is None and self._section == 0:
            if self._total:
                self._total *= scale
            else:
                self._vague = True
        else:
            self._total += held * scale
        self._top = scale
        self._section, self._digit = Decimal(0), None
        self._scaled, self._short = True, self._short or short

    def _take_half(self) -> None:
        if self._digit is None and self._top:
            self._total += self._top / 2
        else:
            self._digit = (self._digit or Decimal(0)) + Decimal("0.5")

    def close(self) -> None:
        if self._start >= 0:
            vague = self._vague or (self._year and self._top >= _BILLION)
            value = None if vague else _plain(self._total + self._section + (self._digit or Decimal(0)))
            weak = not (self._strong or self._scaled or self._vague)
            if self._last == "vague" and self._end - self._start == 1:
                return self._reset()  # the 数 of 数据 is no "several"
            self.found.append(
                Numeral(
                    self._start,
                    self._end,
                    value,
                    self._scaled,
                    self._short,
                    weak,
                    self._more,
                    self._about,
                    self._figure,
                    self._top or Decimal(1),
                )
            )
        self._reset()
