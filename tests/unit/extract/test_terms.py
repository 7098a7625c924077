"""Durations that may be a contract's length, and those that are none."""

from __future__ import annotations

import pytest

from dealwire.extract.language import load_language
from dealwire.extract.terms import find_terms


@pytest.mark.parametrize(
    ("code", "text", "months"),
    [
        ("en", "a seven-year deal", 84),
        ("en", "a 15-year lease", 180),
        ("en", "for 18 months", 18),
        ("en", "over a decade", 120),
        ("en", "two decades", 240),
        ("fr", "sur sept ans", 84),
        ("fr", "au cours des cinq prochaines années", 60),
        ("fr", "un contrat triennal", 36),
        ("de", "über sieben Jahre", 84),
        ("de", "ein fünfjähriger Vertrag", 60),
        ("es", "a quince años", 180),
        ("es", "un contrato trienal", 36),
        ("it", "della durata di dodici anni", 144),
        ("it", "un accordo quinquennale", 60),
        ("pt", "durante cinco anos", 60),
        ("nl", "een tienjarig contract", 120),
        ("nl", "voor drie jaar", 36),
        ("ja", "7年間", 84),
        ("ja", "期間は5年で", 60),
        ("zh", "为期七年", 84),
        ("zh", "五年期合同", 60),
    ],
)
def test_terms(code: str, text: str, months: int) -> None:
    assert [term.months for term in find_terms(text, load_language(code))] == [months]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "a 22-year-old founder"),
        ("en", "three years ago"),
        ("en", "in the last three years"),
        ("en", "in the past two years"),
        ("en", "a year of change"),
        ("en", "in 2027"),
        ("fr", "il y a cinq ans"),
        ("fr", "les trois dernières années"),
        ("de", "vor drei Jahren"),
        ("de", "seit zehn Jahren"),
        ("de", "der 40 Jahre alte Gründer"),
        ("es", "hace tres años"),
        ("it", "tre anni fa"),
        ("pt", "há três anos"),
        ("nl", "drie jaar geleden"),
        ("ja", "3年前"),
        ("ja", "2025年"),
        ("ja", "2年ぶり"),
        ("zh", "三年前"),
        ("zh", "2025年"),
    ],
)
def test_ages_and_the_past_are_no_terms(code: str, text: str) -> None:
    assert find_terms(text, load_language(code)) == []
