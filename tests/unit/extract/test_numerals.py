"""Numbers as written, before anything says what they count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dealwire.extract.figures import parse_figure
from dealwire.extract.language import load_language
from dealwire.extract.numerals import find_numerals


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234", ".", "1234"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ",", "1.234"),
        ("1,200", ",", "1200"),
        ("38,000", ",", "38000"),
        ("0,125", ",", "0.125"),
        ("1.234.567,89", ".", "1234567.89"),
        ("1,234,567.89", ",", "1234567.89"),
        ("1'250'000", ".", "1250000"),
        ("1 400", ",", "1400"),
        ("12,5", ".", "12.5"),
    ],
)
def test_separators(text: str, decimal: str, value: str) -> None:
    assert parse_figure(text, decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("en", "two hundred and fifty thousand", 250_000),
        ("en", "one and a half million", 1_500_000),
        ("en", "1.2 lakh crore", 1_200_000_000_000),
        ("en", "a hundred", 100),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "deux cent cinquante mille", 250_000),
        ("fr", "un milliard et demi", 1_500_000_000),
        ("de", "zweihunderttausend", 200_000),
        ("de", "zweieinhalb Millionen", 2_500_000),
        ("es", "dos mil quinientos millones", 2_500_000_000),
        ("es", "treinta y cinco", 35),
        ("it", "trentacinque", 35),
        ("pt", "vinte e cinco mil milhões", 25_000_000_000),
        ("nl", "vijfentwintig", 25),
        ("ja", "2兆3605億", 2_360_500_000_000),
        ("ja", "三千五百万", 35_000_000),
        ("zh", "1.2万亿", 1_200_000_000_000),
        ("zh", "两千五百亿", 250_000_000_000),
    ],
)
def test_spelled_and_scaled_numbers(code: str, text: str, value: int) -> None:
    assert [numeral.value for numeral in find_numerals(text, load_language(code))] == [Decimal(value)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "hundreds of thousands"),
        ("en", "several hundred"),
        ("fr", "plusieurs milliers"),
        ("de", "Hunderttausende"),
        ("zh", "数十万"),
        ("ja", "数百億"),
    ],
)
def test_vague_numbers_have_no_value(code: str, text: str) -> None:
    assert [numeral.value for numeral in find_numerals(text, load_language(code))] == [None]


def test_a_chinese_more_inside_a_number_is_kept() -> None:
    (numeral,) = find_numerals("100多亿", load_language("zh"))
    assert (numeral.value, numeral.more) == (Decimal(10**10), True)


@pytest.mark.parametrize("text", ["GB300", "H100", "Colossus-B52", "MI450X"])
def test_a_digit_inside_a_name_is_no_number(text: str) -> None:
    assert find_numerals(text, load_language("en")) == ()


def test_two_numbers_side_by_side_stay_two() -> None:
    found = find_numerals("five seven-year leases", load_language("en"))
    assert [numeral.value for numeral in found] == [Decimal(5), Decimal(7)]


def test_a_documents_own_decimal_mark_wins() -> None:
    (first, second) = find_numerals("28.5 millones y luego 1,235 millones", load_language("es"))
    assert (first.value, second.value) == (Decimal(28_500_000), Decimal(1_235_000_000))
