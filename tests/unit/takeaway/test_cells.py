"""Cells that no spreadsheet runs."""

from decimal import Decimal

import pytest

from dealwire.csv_cells import cell, harmless

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "=cmd|'/c calc'!A1", "\0=1"]


@pytest.mark.fault("Q11")
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text).startswith("'")
    assert "\0" not in harmless(text)


def test_plain_text_and_numbers_stay_as_they_are() -> None:
    assert harmless("Nebius: 5 - 3 = 2") == "Nebius: 5 - 3 = 2"
    assert cell(Decimal("-1.50")) == "-1.50"
    assert cell(Decimal("3.8E+10")) == "38000000000"
    assert (cell(True), cell(None)) == ("true", "")
