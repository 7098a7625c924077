"""The named queries of sql/queries: the only place where the library's SQL is written.

A file holds blocks of `-- name: x`, a line of comment that says what for, and one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from dealwire.errors import StoreError

SQL_ROOT = Path(__file__).resolve().parents[3] / "sql"
_NAME = re.compile(r"^--\s*name:\s*(\S+)\s*$", re.MULTILINE)


class Queries(Mapping[str, str]):
    """Statements by name."""

    def __init__(self, statements: Mapping[str, str]) -> None:
        self._statements = dict(statements)

    def __getitem__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise StoreError(f"no query is named {name!r} in sql/queries") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def parse_queries(text: str, source: str) -> dict[str, str]:
    """The statements of one file. Says file and name where a block has no purpose line, no statement, or two names."""
    found: dict[str, str] = {}
    parts = _NAME.split(text)
    if parts[0].replace("--", "").strip() and not all(line.startswith("--") for line in parts[0].split("\n") if line):
        raise StoreError(f"{source}: SQL before the first `-- name:` line")
    for name, block in zip(parts[1::2], parts[2::2], strict=True):
        purpose, _, statement = block.lstrip("\n").partition("\n")
        if not purpose.startswith("-- "):
            raise StoreError(f"{source}: query {name} lacks its line of purpose under the name")
        statement = statement.strip().removesuffix(";").strip()
        if not statement:
            raise StoreError(f"{source}: query {name} is empty")
        if name in found:
            raise StoreError(f"{source}: query {name} is there twice")
        found[name] = statement
    return found


@cache
def load_queries() -> Queries:
    """All named queries; a name is unique over all files."""
    found: dict[str, str] = {}
    for path in sorted((SQL_ROOT / "queries").glob("*.sql")):
        for name, statement in parse_queries(path.read_text("utf-8"), path.name).items():
            if name in found:
                raise StoreError(f"{path.name}: query {name} is there in another file too")
            found[name] = statement
    return Queries(found)
