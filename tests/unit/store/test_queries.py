"""Named queries: how files are read, and that names and code agree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dealwire.errors import StoreError
from dealwire.store.queries import SQL_ROOT, load_queries, parse_queries

LIBRARY = SQL_ROOT.parent / "plugins"


def test_a_file_holds_statements_by_name() -> None:
    text = "-- Head.\n\n-- name: one\n-- What for.\nSELECT 1;\n\n-- name: two\n-- Why.\nSELECT ';'\n    AS x;\n"
    assert parse_queries(text, "a.sql") == {"one": "SELECT 1", "two": "SELECT ';'\n    AS x"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-- name: one\nSELECT 1;", "one lacks its line of purpose"),
        ("-- name: one\n-- What for.\n", "one is empty"),
        ("-- name: one\n-- A.\nSELECT 1;\n-- name: one\n-- B.\nSELECT 2;", "one is there twice"),
        ("SELECT 1;\n-- name: one\n-- A.\nSELECT 1;", "before the first"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(text: str, words: str) -> None:
    with pytest.raises(StoreError, match=rf"a\.sql.*{words}"):
        parse_queries(text, "a.sql")


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(StoreError, match="no query is named 'nothing'"):
        load_queries()["nothing"]
    assert len(load_queries()) == len(list(load_queries()))


def test_every_query_is_used() -> None:
    words: set[str] = set()
    prefixes: set[str] = set()
    for path in sorted(LIBRARY.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                prefixes.add(str(node.values[0].value))
    unused = {
        name
        for name in load_queries()
        if name not in words and not any(prefix.endswith("_") and name.startswith(prefix) for prefix in prefixes)
    }
    assert unused == set()


def test_sql_is_written_in_sql_files_only() -> None:
    found = []
    starts = ("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE", "ALTER ", "DROP ")
    for path in sorted((LIBRARY / "dealwire").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.lstrip().startswith(starts)
            ):
                found.append(f"{path.relative_to(LIBRARY)}:{node.lineno}")
    assert [place for place in found if not is_help(place)] == []


def is_help(place: str) -> bool:
    """Command-line examples and the published schema show SQL to the reader; they run none."""
    path = Path(place.split(":")[0])
    return path.parent.name == "cli" or path.name == "describe.py"
