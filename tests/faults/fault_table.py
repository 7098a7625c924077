"""Which test proves which fault: reads faults.toml and the tests' markers, and writes docs/faults.md.

Run `python tests/faults/fault_table.py` after adding a fault or a test.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"
HEAD = """# Faults and the tests that prove them

What Dealwire does when feeds, pages, databases and receivers misbehave. Each line has at least one test that carries
its number, `@pytest.mark.fault("N12")`; `make test` fails where one is missing. The hostile server of the network tests
is `tests/faults/hostile_server.py`.

Written by `python tests/faults/fault_table.py` from `tests/faults/faults.toml` and the tests; do not edit by hand.
"""


def still_open() -> frozenset[str]:
    """Faults without a test so far."""
    return frozenset(tomllib.loads((TESTS / "faults" / "faults.toml").read_text("utf-8"))["open"])


def promised() -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Groups of faults: id -> (what goes wrong, what happens)."""
    groups = tomllib.loads((TESTS / "faults" / "faults.toml").read_text("utf-8"))["group"]
    return [(group["title"], {key: (text[0], text[1]) for key, text in group["faults"].items()}) for group in groups]


def _numbers(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.fault"):
        for argument in decorator.args:
            yield str(ast.literal_eval(argument))


def proven() -> dict[str, list[str]]:
    """Fault id -> the tests that carry it, as path::name."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for decorator in node.decorator_list:
                    for number in _numbers(decorator):
                        found.setdefault(number, []).append(f"{path.relative_to(TESTS)}::{node.name}")
    return found


def _cell(test: str) -> str:
    path, _, name = test.partition("::")
    return f"[{name}](../tests/{path})"


def table() -> str:
    tests = proven()
    lines = [HEAD]
    for title, faults in promised():
        lines += [f"## {title}", "", "| | Fault | What happens | Tests |", "|---|---|---|---|"]
        for number, (fault, promise) in faults.items():
            proof = "<br>".join(map(_cell, tests[number])) if number in tests else "open"
            lines.append(f"| {number} | {fault} | {promise} | {proof} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
