"""Amounts of money: every figure with a currency, or with a scale and the currency of its context. Recall first.

Which of them is the amount of which deal is decided elsewhere.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from dealwire.extract.currencies import Currencies
from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.numerals import Numeral, find_numerals, measures
from dealwire.extract.qualifiers import qualifier_of
from dealwire.extract.text import fold
from dealwire.model import Qualifier

_WORD = re.compile(r"[^\W\d_]+")
_LARGEST = Decimal(10) ** 17
_SMALLEST_BARE = Decimal(10) ** 6
_SMALLEST_BARE_JOINED = Decimal(10) ** 8  # smaller ones count people and things more often


@dataclass(frozen=True, slots=True)
class Money:
    """`high` is the figure, or a range's upper one. `currency` is None where neither the phrase nor the text gives one.
    `conversion_of` is the index of the amount that this one repeats in another currency."""

    start: int
    end: int
    low: Decimal | None
    high: Decimal
    currency: str | None
    qualifier: Qualifier
    basis: Literal["total", "per_year"] | None
    text: str
    conversion_of: int | None = None
    adjectival: bool = False
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class _Amount:
    numeral: Numeral
    start: int
    end: int
    low: Decimal | None
    high: Decimal
    currency: str | None
    scale: Decimal


def find_money(body: str, language: Language) -> list[Money]:
    """All amounts in `body` in order."""
    return list(amounts(body, language))


@lru_cache(maxsize=8)
def amounts(body: str, language: Language) -> tuple[Money, ...]:
    """`find_money` for the other finders, which ask again for the same body."""
    folded = fold(body)
    currencies = Currencies(body, folded, language)
    single = [amount for amount in (_amount(n, currencies) for n in find_numerals(body, language)) if amount]
    joined = _join_ranges(_apart(single), folded, language)
    kept = [
        a
        for a in joined
        if a.currency
        or (
            a.high >= (_SMALLEST_BARE_JOINED if language.joined else _SMALLEST_BARE)
            and a.numeral.scaled
            and _may_be_bare(a, body, folded, language)
        )
    ]
    return tuple(_finish(kept, body, folded, language))


def _amount(numeral: Numeral, currencies: Currencies) -> _Amount | None:
    if numeral.value is None or (numeral.weak and not numeral.figure and not numeral.scaled):
        return None
    if not 0 < numeral.value < _LARGEST:
        return None
    before, after = currencies.before(numeral.start), currencies.after(numeral)
    start, end, currency = numeral.start, numeral.end, None
    if before:
        start, currency = before
    if after and (not before or after[1] != "USD" or before[1] == "USD"):
        end = after[0]
        currency = after[1] if not before or before[1] == "USD" else currency
    return _Amount(numeral, start, end, None, numeral.value, currency, numeral.factor)


def _apart(amounts: Sequence[_Amount]) -> list[_Amount]:
    """A currency sign between two numbers stays with the first; both keep the currency."""
    apart: list[_Amount] = []
    for amount in amounts:
        overlaps = apart and amount.start < apart[-1].end
        apart.append(dataclasses.replace(amount, start=amount.numeral.start) if overlaps else amount)
    return apart


def _join_ranges(amounts: Sequence[_Amount], folded: str, language: Language) -> list[_Amount]:
    joined: list[_Amount] = []
    for amount in amounts:
        previous = joined[-1] if joined else None
        merged = _merge(previous, amount, folded, language) if previous else None
        if merged is not None:
            joined[-1] = merged
        else:
            joined.append(amount)
    return joined


def _merge(first: _Amount, second: _Amount, folded: str, language: Language) -> _Amount | None:
    """One amount of "$5-6 billion", "between 5 and 6 billion euros", "38亿至40亿美元"; None when they are two."""
    gap = folded[first.end : second.start]
    if len(gap) > 16 or first.low is not None or (first.currency and second.currency not in (None, first.currency)):
        return None
    connector = gap.strip(" \u00a0")
    if not _connects(connector, first, folded, language):
        return None
    low = _scaled_low(first, second)
    if low is None or not (first.currency or second.currency or second.scale > 1):
        return None
    return _Amount(
        second.numeral, first.start, second.end, low, second.high, first.currency or second.currency, second.scale
    )


def _connects(connector: str, first: _Amount, folded: str, language: Language) -> bool:
    before = folded[max(0, first.start - 24) : first.start].rstrip(" \u00a0").replace("\u00a0", " ")
    if connector in language.range_connectors:
        return not any(_ends_with_word(before, word) for word in language.range_from)
    opener_of = [opener for opener, pair in language.range_pairs.items() if pair == connector]
    return any(_ends_with_word(before, opener) for opener in opener_of)


def _ends_with_word(text: str, word: str) -> bool:
    return text.endswith(word) and (
        len(text) == len(word) or not text[-len(word) - 1].isalpha() or not word[0].isascii()
    )


def _scaled_low(first: _Amount, second: _Amount) -> Decimal | None:
    low = first.high
    if first.scale == 1 and second.scale > 1:
        low = low * second.scale
    return low if low < second.high else None


def _may_be_bare(amount: _Amount, body: str, folded: str, language: Language) -> bool:
    """Whether a scaled number without a currency may be money: not where a counted thing follows."""
    at = amount.end
    following = folded[at : at + 32].lstrip(" \u00a0")
    if not following or following[0] in "%％":
        return not following
    if language.joined:
        return not any(following.startswith(counter) for counter in language.bare_reject)
    word = _WORD.match(following)
    if word is None:
        return True
    if _names_money(following, language):
        return True
    if word[0] in language.bare_reject:
        return False
    if language.bare_reject_capitalised:
        original = body[at : at + 32].lstrip(" \u00a0")
        return not original[:1].isupper()
    return not language.bare_accept or word[0] in language.bare_accept


def _names_money(following: str, language: Language) -> bool:
    """Whether what is counted is money all the same: "7,5 miliardi di debito", "15 Milliarden Umsatz"."""
    link = language.currency_links.match(following)
    rest = following[link.end() :] if link else following
    return any(rest.startswith(noun) for noun in language.money_nouns)


def _finish(amounts: Sequence[_Amount], body: str, folded: str, language: Language) -> list[Money]:
    hits = measures(body, language)
    starts = [hit.start for hit in hits]
    currencies = _inherit(amounts)
    found: list[Money] = []
    for index, amount in enumerate(amounts):
        previous_end = amounts[index - 1].end if index else -9
        near = hits[bisect_left(starts, amount.start - 60) : bisect_left(starts, amount.end + 48)]
        found.append(
            Money(
                start=amount.start,
                end=amount.end,
                low=amount.low,
                high=amount.high,
                currency=currencies[index],
                qualifier=_qualifier(amount, near, folded),
                basis=_basis(amount, near, folded, previous_end),
                text=body[amount.start : amount.end],
                adjectival=_adjectival(amount, folded, language),
                inherited=amount.currency is None,
            )
        )
    return _mark_conversions(found, folded, language)


def _qualifier(amount: _Amount, near: Sequence[Hit], folded: str) -> Qualifier:
    """A range's upper figure is "up to" unless another word says more."""
    found = qualifier_of(amount.start, amount.end, near, folded, more=amount.numeral.more)
    if found == "exact" and amount.numeral.about:
        return "approx"
    return "up_to" if amount.low is not None and found in ("exact", "approx") else found


def _inherit(amounts: Sequence[_Amount]) -> list[str | None]:
    """Each amount's currency; a bare one takes that of the amount before it, else of the first one after it."""
    first = next((amount.currency for amount in amounts if amount.currency), None)
    current, result = first, []
    for amount in amounts:
        current = amount.currency or current
        result.append(current)
    return list(result)


def _mark_conversions(found: list[Money], folded: str, language: Language) -> list[Money]:
    marked: list[Money] = []
    for index, money in enumerate(found):
        of = None
        if index and not money.inherited:
            previous = marked[index - 1]
            of = _converts(previous, index - 1, money, folded, language)
        marked.append(dataclasses.replace(money, conversion_of=of) if of is not None else money)
    return marked


def _converts(previous: Money, at: int, money: Money, folded: str, language: Language) -> int | None:
    gap = folded[previous.end : money.start]
    if len(gap) > 40 or previous.currency == money.currency:
        return None
    opened = gap.lstrip(" \u00a0")[:1] in ("(", "（", "[")
    match = language.conversion_words.match(gap)
    worded = match is not None and match.end() and match[0].strip(" \u00a0(（[,，–—-") != ""
    listed = previous.conversion_of is not None and gap.strip(" \u00a0") in (";", "/", ",", "；", "、")
    if not (opened or worded or listed) or "。" in gap or ". " in gap:
        return None
    return previous.conversion_of if previous.conversion_of is not None else at


def _basis(amount: _Amount, near: Iterable[Hit], folded: str, previous_end: int) -> Literal["total", "per_year"] | None:
    for hit in near:
        if hit.kind != "basis" or 0 <= hit.start - previous_end <= 3:
            continue  # right behind another amount, it is that one's
        after = folded[amount.end : hit.start] if hit.start >= amount.end else None
        before = folded[hit.end : amount.start] if hit.end <= amount.start else None
        gap = after if after is not None else before
        limit = 24 if after is not None else 20
        if gap is not None and len(gap) <= limit and not any(mark in gap for mark in ".;!?,。；、，\n)(（）"):
            return "per_year" if hit.value == "per_year" else "total"
    return None


def _adjectival(amount: _Amount, folded: str, language: Language) -> bool:
    """Whether the amount stands before a noun as its attribute: "the $15bn company", "50-Milliarden-Dollar-Vertrag"."""
    following = folded[amount.end : amount.end + 24]
    if following[:1] == "-" and following[1:2].isalpha():
        return True
    if language.adjectival_after:
        word = _WORD.match(following.lstrip(" \u00a0")) if following[:1] in (" ", "\u00a0") else None
        return word is not None and word[0] not in language.function_words
    if language.joined:
        return any(following.startswith(mark) for mark in language.adjectival_before)
    before = folded[max(0, amount.start - 8) : amount.start].rstrip(" \u00a0")
    return any(_ends_with_word(before, word) for word in language.adjectival_before)
