"""Cells that no spreadsheet runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.csv_cells import cell, harmless
from dealwire.web.spreadsheet import _line


@pytest.mark.fault("Q11")
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "=cmd|'/c calc'!A1", "\0=1"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text).startswith("'")
    assert "\0" not in harmless(text)


def test_plain_text_and_numbers_stay_as_they_are() -> None:
    assert harmless("Nebius: 5 - 3 = 2") == "Nebius: 5 - 3 = 2"
    assert cell(Decimal("-1.50")) == "-1.50"
    assert cell(Decimal("3.8E+10")) == "38000000000"
    assert (cell(True), cell(None)) == ("true", "")


@pytest.mark.fault("Q11")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30), min_size=2))
def test_every_line_comes_back_from_a_csv_reader(fields: list[str]) -> None:
    line = _line([cell(field) for field in fields])
    assert next(csv.reader(io.StringIO(line, newline=""))) == [harmless(field) for field in fields]
