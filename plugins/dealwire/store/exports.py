"""Rows as files that people open elsewhere: CSV whose cells no spreadsheet takes for formulas, and Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def csv_cell(value: Any) -> Any:
    """The cell's value; text that a spreadsheet would run as a formula gets a leading apostrophe (ASVS 1.2.10)."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def write_parquet(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """One Parquet file; numbers as doubles, times in UTC, lists as lists."""
    from decimal import Decimal

    import pyarrow
    import pyarrow.parquet

    plain = [{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(plain), path)
