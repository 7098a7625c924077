from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.news.clean_text import clean, clean_line


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("a\x00b", "ab"),
        ("one\r\ntwo\u2028three\x85four", "one\ntwo\nthree\nfour"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\ud800x", "\ufffdx"),
        ("\ufdd0a\uffffb\U0010fffec", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("e\u0301", "é"),
        ("  spaces \t here  \n\n\n\n next ", "spaces here\n\nnext"),
        ("tag\U000e0041\U000e007f", "tag"),
    ],
)
def test_what_cannot_be_stored_is_removed(dirty: str, expected: str) -> None:
    assert clean(dirty, 100) == expected


def test_piled_up_marks_are_thinned_out() -> None:
    assert len(clean("a" + "\u0336" * 500, 1000)) <= 4


def test_a_line_has_no_line_end_and_no_double_space() -> None:
    assert clean_line(" a\n\n b\x0b c\t", 100) == "a b c"


@given(st.text(st.characters(), max_size=300), st.integers(1, 80))
def test_the_result_is_always_storable_and_short(text: str, limit: int) -> None:
    for cleaned in (clean(text, limit), clean_line(text, limit)):
        assert len(cleaned) <= limit
        cleaned.encode("utf-8")
        assert "\x00" not in cleaned
        assert clean(cleaned, limit) == cleaned


def test_a_title_of_ten_megabytes_is_cheap() -> None:
    assert len(clean_line("é\u0301\x00" * 3_000_000, 1_000)) <= 1_000
