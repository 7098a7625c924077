"""The amounts in more than 600 phrases of nine languages, traps included: tests/golden/money/<language>.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dealwire.extract.language import load_language
from dealwire.extract.money import Money, find_money
from dealwire.model import LANGUAGES

FOLDER = Path(__file__).parent / "money"


def _phrases(code: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))["phrases"]
    return table


def _written(money: Money) -> str:
    parts = [f"{money.high:f}", str(money.currency)]
    parts += [money.qualifier] if money.qualifier != "exact" else []
    parts += [f"low={money.low:f}"] if money.low is not None else []
    parts += [money.basis] if money.basis else []
    parts += [f"of={money.conversion_of}"] if money.conversion_of is not None else []
    parts += ["inherited"] if money.inherited else []
    return " ".join(parts)


@pytest.mark.fault("P8")
@pytest.mark.parametrize("code", LANGUAGES)
def test_amounts_of_every_phrase(code: str) -> None:
    language = load_language(code)
    found = {phrase: [_written(money) for money in find_money(phrase, language)] for phrase in _phrases(code)}
    assert found == _phrases(code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_quoted_text_is_in_the_phrase(code: str) -> None:
    language = load_language(code)
    for phrase in _phrases(code):
        for money in find_money(phrase, language):
            assert phrase[money.start : money.end] == money.text


def test_there_are_enough_phrases_and_traps() -> None:
    tables = [_phrases(code) for code in LANGUAGES]
    assert sum(len(table) for table in tables) >= 300
    assert sum(not amounts for table in tables for amounts in table.values()) >= 25
