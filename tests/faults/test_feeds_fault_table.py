"""No promise without a proof: docs/faults.md and the tests' markers agree."""

from __future__ import annotations

import re

from faults.fault_table import PAGE, TESTS, promised, proven, still_open

KNOWN = {number for _, faults in promised() for number in faults}


def test_every_promised_fault_has_a_test() -> None:
    assert sorted(KNOWN - set(proven()) - still_open()) == []


def test_every_marker_names_a_promised_fault() -> None:
    assert {number: tests for number, tests in proven().items() if number not in KNOWN} == {}


def test_the_page_lists_every_fault_and_only_tests_that_exist() -> None:
    page = PAGE.read_text("utf-8")
    assert set(re.findall(r"^\| ([A-Z][0-9]+) \|", page, re.MULTILINE)) == KNOWN, "run tests/faults/fault_table.py"
    for name, path in re.findall(r"\[(test_\w+)\]\(\.\./tests/([^)]+)\)", page):
        assert f"def {name}(" in (TESTS / path).read_text("utf-8"), "run tests/faults/fault_table.py"
