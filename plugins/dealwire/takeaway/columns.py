"""What a column holds and means, and values as JSON knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Holds = Literal["text", "integer", "number", "boolean", "day", "time", "list", "json"]
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `about` is its comment in the database, empty where a query made it up."""

    name: str
    holds: Holds
    about: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file is made of. `batches` are read once, while the file is written."""

    columns: Sequence[Column]
    batches: Iterator[Sequence[Row]]

    def each(self) -> Iterator[Row]:
        """Row by row."""
        for batch in self.batches:
            yield from batch


def in_json(value: Any) -> Any:
    """A value as JSON knows it: whole amounts stay whole, days and times are ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return [in_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): in_json(part) for key, part in value.items()}
    return str(value)


def named(columns: Iterable[Column], row: Row) -> dict[str, Any]:
    """A row by its columns' names, as JSON."""
    return {column.name: in_json(value) for column, value in zip(columns, row, strict=True)}
