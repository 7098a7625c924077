"""Rows as a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def write_parquet(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """One Parquet file; numbers as doubles, times in UTC, lists as lists."""
    from decimal import Decimal

    import pyarrow
    import pyarrow.parquet

    plain = [{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(plain), path)
