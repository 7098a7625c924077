"""Every language file holds together, and finds in its own sentences what it says it does."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dealwire.extract.cues import CUE_CLASSES, find_cues
from dealwire.extract.dates import find_dates
from dealwire.extract.language import FOLDER, load_language
from dealwire.extract.money import find_money
from dealwire.extract.quantities import find_quantities
from dealwire.extract.terms import find_terms
from dealwire.model import LANGUAGES

SEEN_FROM = date(2026, 3, 11)
CASES = [(code, dict(test)) for code in LANGUAGES for test in load_language(code).self_tests]


def _number(value: Decimal | None) -> str:
    return "?" if value is None else f"{value.normalize():f}"


def _found(code: str, text: str) -> dict[str, list[Any]]:
    language = load_language(code)
    return {
        "money": [f"{m.high:f} {m.currency} {m.qualifier}" for m in find_money(text, language)],
        "quantities": [
            f"{_number(q.quantity)} {q.unit} {q.qualifier}" + (f" {q.item}" if q.item else "")
            for q in find_quantities(text, language)
        ],
        "terms": [term.months for term in find_terms(text, language)],
        "dates": [f"{d.on}" + (" month" if d.kind == "month" else "") for d in find_dates(text, language, SEEN_FROM)],
    }


@pytest.mark.parametrize(("code", "test"), CASES, ids=[f"{code}-{test['text'][:24]}" for code, test in CASES])
def test_finds_what_the_file_expects(code: str, test: Mapping[str, Any]) -> None:
    expected = {kind: test.get(kind, []) for kind in ("money", "quantities", "terms", "dates")}
    assert _found(code, test["text"]) == expected
    cues = {cue.cue for cue in find_cues(test["text"], load_language(code))}
    assert set(test.get("cues", [])) <= cues


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_twenty_sentences_of_its_own(code: str) -> None:
    assert len({test["text"] for test in load_language(code).self_tests}) >= 20


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_cue_class_has_words_and_no_other_class_exists(code: str) -> None:
    table = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))["cues"]
    assert set(table) == set(CUE_CLASSES)
    assert all(phrases for phrases in table.values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_table_of_a_language_is_filled(code: str) -> None:
    table = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    assert {"approx", "up_to", "at_least"} <= set(table["qualifiers"])
    assert {"per_year", "total"} <= set(table["basis"])
    assert {"GW", "MW", "GPU", "chip", "server", "TWh"} <= set(table["units"])
    assert len(table["dates"]["weekdays"]) >= 7
    assert len(table["names"]["capital_stop_words"]) >= 40
    assert table["names"]["person_cues"]
    assert table["names"]["place_cues"]


def test_an_unknown_language_reads_english() -> None:
    assert load_language("sv").code == "en"
