"""CSV and JSON Lines, and the file beside them that says what the columns mean."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from dealwire.csv_cells import cell
from dealwire.takeaway.columns import Column, Rows, named

# Names of XML Schema's types, as CSV on the Web wants them.
_DATATYPES = {
    "text": "string", "integer": "integer", "number": "decimal", "boolean": "boolean", "day": "date",
    "time": "dateTime", "list": "string", "json": "json",
}  # fmt: skip


def csv_file(rows: Rows) -> Iterator[bytes]:
    """RFC 4180 with a header; no cell is a formula to a spreadsheet."""
    yield _csv_lines([[column.name for column in rows.columns]])
    for batch in rows.batches:
        yield _csv_lines([[cell(value) for value in row] for row in batch])


def _csv_lines(lines: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue().encode()


def jsonl_file(rows: Rows) -> Iterator[bytes]:
    """One JSON object a line."""
    for batch in rows.batches:
        lines = [json.dumps(named(rows.columns, row), ensure_ascii=False) + "\n" for row in batch]
        yield "".join(lines).encode()


def description(columns: Sequence[Column], file_name: str, about: str) -> dict[str, Any]:
    """What the columns of a CSV or JSON Lines file mean, as W3C's CSV on the Web puts it beside the file."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": file_name,
        "dc:description": about,
        "tableSchema": {
            "columns": [
                {"name": column.name, "datatype": _DATATYPES[column.holds], "dc:description": column.about}
                for column in columns
            ]
        },
    }
