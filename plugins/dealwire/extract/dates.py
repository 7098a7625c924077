"""Dates as written, resolved against the day of publication: absolute ones, weekdays, "yesterday", bare months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from dealwire.extract.language import Language
from dealwire.extract.lexicon import Hit
from dealwire.extract.numerals import measures
from dealwire.extract.text import fold

_ISO = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?![\d/-])")
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y>(?:20)?\d\d)(?![\d/-])")
_DAY_BEFORE = re.compile(r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?[ \u00a0]{0,2}(?:(?:of|de|di|d')[ \u00a0]?)?$")
_DAY_AFTER = re.compile(r"\.?[ \u00a0]{1,2}(\d{1,2})(?:st|nd|rd|th)?(?![\d%]|[.,]\d|[ \u00a0]?[%$€£])")
_YEAR_AFTER = re.compile(r"\.?,?[ \u00a0]{0,2}(?:(?:of|de|del|di)[ \u00a0])?((?:19|20)\d\d)(?!\d)")
_MOST_DATES = 300  # more than any article holds
_MAY = 5
_AHEAD = 1.5  # a date without a year that could lie ahead counts as this much farther away than one behind


@dataclass(frozen=True, slots=True)
class DateMention:
    """`on` is None where the text gives no year and nothing dates the article; a month counts as its first day."""

    start: int
    end: int
    on: date | None
    text: str
    kind: Literal["absolute", "relative", "month"]


def find_dates(body: str, language: Language, published: date | None) -> list[DateMention]:
    """All dates in `body`, in order; where two overlap, the longer one."""
    folded = fold(body)
    found = [*_patterned(body, folded, language, published)]
    words = (hit for hit in measures(body, language) if hit.kind in ("months", "weekdays", "days"))
    for hit in islice(words, _MOST_DATES):
        mention = _from_word(hit, body, folded, language, published)
        if mention is not None:
            found.append(mention)
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[DateMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
        elif mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1] = mention
    return kept


def _from_word(hit: Hit, body: str, folded: str, language: Language, published: date | None) -> DateMention | None:
    if hit.kind == "months":
        return _around_month(hit, body, folded, language, published)
    if hit.kind == "weekdays":
        return _weekday(hit, body, folded, language, published)
    if hit.kind == "days":
        on = published + timedelta(days=hit.value) if published else None
        return DateMention(hit.start, hit.end, on, body[hit.start : hit.end], "relative")
    return None


def _around_month(hit: Hit, body: str, folded: str, language: Language, published: date | None) -> DateMention | None:
    if language.capital_dates and not body[hit.start].isupper():
        return None
    before = _DAY_BEFORE.search(folded, max(0, hit.start - 8), hit.start)
    after = None if before else _DAY_AFTER.match(folded, hit.end)
    start = before.start() if before else hit.start
    end = after.end() if after else hit.end
    year = _YEAR_AFTER.match(folded, end)
    end = year.end() if year else end
    numbered = before or after
    if numbered is None:
        if hit.value != _MAY and not year and hit.end - hit.start <= 3:  # "mar", "sep" alone are mostly other words
            return None
        return _month(hit.value, int(year[1]) if year else None, start, end, body, published)
    on = _resolve(int(year[1]) if year else None, hit.value, int(numbered[1]), published)
    if on is None and (published is not None or year):
        return None
    return DateMention(start, end, on, body[start:end], "absolute")


def _month(month: int, year: int | None, start: int, end: int, body: str, published: date | None) -> DateMention | None:
    on = None
    if year:
        on = date(year, month, 1)
    elif published:
        on = date(published.year - (month > published.month), month, 1)
    return DateMention(start, end, on, body[start:end], "month")


def _weekday(hit: Hit, body: str, folded: str, language: Language, published: date | None) -> DateMention | None:
    if language.capital_dates and not body[hit.start].isupper():
        return None
    if published is None:
        return DateMention(hit.start, hit.end, None, body[hit.start : hit.end], "relative")
    around = folded[max(0, hit.start - 12) : hit.start], folded[hit.end : hit.end + 14]
    back = (published.weekday() - hit.value) % 7
    if _says(around, language.date_next):
        on = published + timedelta(days=(7 - back) if back else 7)
    elif back == 0 and _says(around, language.date_last):
        on = published - timedelta(days=7)
    else:
        on = published - timedelta(days=back)
    return DateMention(hit.start, hit.end, on, body[hit.start : hit.end], "relative")


def _says(around: tuple[str, str], words: frozenset[str]) -> bool:
    before, after = around[0].rstrip(" \u00a0"), around[1].lstrip(" \u00a0")
    return any(before.endswith(word) or after.startswith(word) for word in words)


def _patterned(body: str, folded: str, language: Language, published: date | None) -> Iterator[DateMention]:
    for pattern in (_ISO, *language.date_patterns):
        for match in islice(pattern.finditer(folded), _MOST_DATES):
            groups = match.groupdict()
            year, month = groups.get("y"), groups.get("m")
            on = _resolve(int(year) if year else None, int(month) if month else None, int(groups["d"]), published)
            if on is not None or (published is None and not year):
                yield DateMention(match.start(), match.end(), on, body[match.start() : match.end()], "absolute")
    for match in islice(_NUMERIC.finditer(folded), _MOST_DATES):
        first, second, year_digits = int(match["a"]), int(match["b"]), int(match["y"])
        day, month_number = (first, second) if language.day_first or first > 12 else (second, first)
        on = _resolve(year_digits if year_digits > 99 else 2000 + year_digits, month_number, day, None)
        if on is not None:
            yield DateMention(match.start(), match.end(), on, body[match.start() : match.end()], "absolute")


def _resolve(year: int | None, month: int | None, day: int, published: date | None) -> date | None:
    if year is not None:
        return _date(year, month or 1, day)
    if published is None:
        return None
    if month is None:
        this_month = _date(published.year, published.month, day)
        if this_month is not None and this_month <= published + timedelta(days=1):
            return this_month
        previous = published.replace(day=1) - timedelta(days=1)
        return _date(previous.year, previous.month, day)
    choices = [d for d in (_date(published.year + shift, month, day) for shift in (-1, 0, 1)) if d is not None]
    return min(choices, key=lambda d: _distance(d, published), default=None)


def _distance(on: date, published: date) -> float:
    days = (on - published).days
    return days * _AHEAD if days > 0 else float(-days)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
