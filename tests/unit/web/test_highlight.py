"""The sentence around a quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.web.highlight import Marked, marked


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        (
            "One. It pays $9.7 billion over five years. Then more.",
            "$9.7 billion",
            Marked("It pays ", "$9.7 billion", " over five years."),
        ),
        ("タイトル\n\n一文。契約は380億ドルだ。続き。", "380億ドル", Marked("契約は", "380億ドル", "だ。")),
        ("Title\n\nFirst words stand alone", "First", Marked("", "First", " words stand alone")),
        ("One. All of it. Next one.", "All of it.", Marked("", "All of it.", "")),
        ("About U.S. money of $5bn was said. End", "$5bn", Marked("About U.S. money of ", "$5bn", " was said.")),
    ],
)
def test_a_sentence_is_cut_at_its_ends(text: str, quote: str, expected: Marked) -> None:
    assert marked(text, text.index(quote), quote) == expected


def test_a_sentence_longer_than_the_context_is_marked_as_cut() -> None:
    text = "a " * 150 + "$1bn" + " b" * 150
    sentence = marked(text, text.index("$1bn"), "$1bn")
    assert sentence.before.startswith("… ")
    assert sentence.after.endswith(" …")


@given(st.text(max_size=80), st.text(min_size=1, max_size=20), st.text(max_size=80))
def test_the_quote_is_never_changed(before: str, quote: str, after: str) -> None:
    sentence = marked(before + quote + after, len(before), quote)
    assert sentence.quote == quote
    assert before.endswith(sentence.before.removeprefix("… "))
