"""Folding keeps offsets; sentences cover the text once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.extract.language import detect_language, load_language
from dealwire.extract.text import READ_LIMIT, fold, sentences, words_only


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(body: str) -> None:
    assert len(fold(body)) == len(body)
    assert len(words_only(body)) == len(body) + 2


def test_folding_ends_at_the_limit() -> None:
    assert len(fold("x" * (READ_LIMIT + 10))) == READ_LIMIT


def test_folding_joins_kinds_of_signs() -> None:
    assert fold("Md€ ‘１５’\u202f‑ ＧＰＵ") == "md€ '15'\u00a0- gpu"


def _sentences(text: str, code: str, title: str = "Title") -> list[str]:
    body = f"{title}\n\n{text}"
    return [body[s.start : s.end] for s in sentences(body, len(title), load_language(code))]


@pytest.mark.parametrize(
    ("code", "text", "count"),
    [
        ("en", "Acme Inc. bought it. It paid $1.5 billion.", 2),
        ("en", "The U.S. agency said so on Nov. 3. Then it left.", 2),
        ("en", "It bought Acme Inc. It paid cash to J.P. Morgan.", 2),
        ("en", "It left the U.S. In May it came back to the U.S. market.", 2),
        ("en", 'He said "yes." She left!', 2),
        ("de", "Am 3. November kostete es 5 Mio. Euro. Dann nichts.", 2),
        ("fr", "M. Dupont a signé. La société grandit…", 2),
        ("ja", "契約を結んだ。期間は5年。", 2),
        ("zh", "完成融资。金额未披露！", 2),
        ("en", "No end here", 1),
    ],
)
def test_sentence_ends(code: str, text: str, count: int) -> None:
    assert len(_sentences(text, code)) == count + 1


def test_title_and_paragraphs_are_told_apart() -> None:
    body = "A title. With two\n\nFirst. Second.\n\nThird."
    found = sentences(body, 17, load_language("en"))
    assert [(s.in_title, s.paragraph) for s in found] == [(True, 0), (False, 1), (False, 1), (False, 2)]
    assert [s.index for s in found] == [0, 1, 2, 3]


def test_an_empty_title_is_no_sentence() -> None:
    body = "\n\nText."
    assert [s.in_title for s in sentences(body, 0, load_language("en"))] == [False]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The company will buy cloud capacity from Oracle.", "en"),
        ("La société va acheter de la capacité de calcul.", "fr"),
        ("Das Unternehmen kauft Rechenleistung bei einem Anbieter.", "de"),
        ("La empresa comprará capacidad de cómputo en la nube.", "es"),
        ("La società acquisterà capacità di calcolo.", "it"),
        ("A empresa vai comprar capacidade de computação.", "pt"),
        ("Het bedrijf koopt rekenkracht bij een aanbieder.", "nl"),
        ("同社はクラウドの計算能力を購入する。", "ja"),
        ("该公司将购买云计算能力。", "zh"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    assert detect_language(text) == code
