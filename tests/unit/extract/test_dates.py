"""Dates against a day of publication, here Wednesday 11 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from dealwire.extract.dates import find_dates
from dealwire.extract.language import load_language

PUBLISHED = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("en", "on Monday", "2026-03-09"),
        ("en", "on Wednesday", "2026-03-11"),
        ("en", "last Wednesday", "2026-03-04"),
        ("en", "next Monday", "2026-03-16"),
        ("en", "yesterday", "2026-03-10"),
        ("en", "Nov. 3, 2025", "2025-11-03"),
        ("en", "3 November 2025", "2025-11-03"),
        ("en", "November 3rd", "2025-11-03"),
        ("en", "March 3", "2026-03-03"),
        ("en", "until April 13", "2026-04-13"),
        ("en", "2025-11-03", "2025-11-03"),
        ("en", "11/03/2025", "2025-11-03"),
        ("fr", "lundi", "2026-03-09"),
        ("fr", "mardi dernier", "2026-03-10"),
        ("fr", "le 1er mars", "2026-03-01"),
        ("fr", "le 3 novembre 2025", "2025-11-03"),
        ("fr", "03/11/2025", "2025-11-03"),
        ("de", "am Montag", "2026-03-09"),
        ("de", "am Dienstagabend", "2026-03-10"),
        ("de", "am 3. November", "2025-11-03"),
        ("de", "3.11.2025", "2025-11-03"),
        ("es", "el lunes", "2026-03-09"),
        ("es", "el 3 de noviembre de 2025", "2025-11-03"),
        ("it", "lunedì", "2026-03-09"),
        ("it", "il 10 settembre", "2025-09-10"),
        ("pt", "na terça-feira", "2026-03-10"),
        ("pt", "3 de novembro de 2025", "2025-11-03"),
        ("nl", "maandag", "2026-03-09"),
        ("nl", "op 3 november 2025", "2025-11-03"),
        ("ja", "11月3日", "2025-11-03"),
        ("ja", "2025年11月3日", "2025-11-03"),
        ("ja", "9日に発表", "2026-03-09"),
        ("ja", "28日に発表", "2026-02-28"),
        ("ja", "月曜日", "2026-03-09"),
        ("zh", "11月3日", "2025-11-03"),
        ("zh", "周一", "2026-03-09"),
        ("zh", "昨日", "2026-03-10"),
    ],
)
def test_days(code: str, text: str, day: str) -> None:
    assert [str(mention.on) for mention in find_dates(text, load_language(code), PUBLISHED)] == [day]


@pytest.mark.parametrize(
    ("code", "text", "first"),
    [("en", "in November", "2025-11-01"), ("en", "in May 2025", "2025-05-01"), ("fr", "en mai 2024", "2024-05-01")],
)
def test_a_month_counts_as_its_first_day(code: str, text: str, first: str) -> None:
    (mention,) = find_dates(text, load_language(code), PUBLISHED)
    assert (str(mention.on), mention.kind) == (first, "month")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "they may march on"),
        ("en", "32 November 2025"),
        ("en", "costs $17"),
        ("ja", "30営業日間で10日間"),
        ("de", "Version 3.11"),
    ],
)
def test_no_date(code: str, text: str) -> None:
    assert [m for m in find_dates(text, load_language(code), PUBLISHED) if m.kind != "month"] == []


def test_without_a_day_of_publication_only_full_dates_are_known() -> None:
    found = find_dates("On Monday, November 3, and on 4 May 2024", load_language("en"), None)
    assert [mention.on for mention in found] == [None, None, date(2024, 5, 4)]
