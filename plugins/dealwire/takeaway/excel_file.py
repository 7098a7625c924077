"""Excel: a sheet of rows and a sheet that says what the columns mean. No cell is a formula.

XlsxWriter writes row by row to a temporary file; an .xlsx can only be sent once it is whole.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dealwire.csv_cells import harmless
from dealwire.errors import UsageError
from dealwire.takeaway.columns import Column, Rows

MOST_ROWS = 1_048_575  # and the header
_MOST_SIGNS = 32_767
_PIECE = 1 << 18
_WIDTHS = {"text": 24, "integer": 12, "number": 18, "boolean": 9, "day": 12, "time": 18, "list": 24, "json": 24}
_WIDE = {"headline": 60, "parties": 50, "evidence": 50, "evidence_url": 40}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def excel_file(rows: Rows) -> Iterator[bytes]:
    """The workbook in pieces."""
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="dealwire-excel-") as folder:
        path = f"{folder}/rows.xlsx"
        book = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": folder})
        try:
            _Sheets(book).write(rows)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # its own temporary file, which stays open where the rows broke off
        with open(path, "rb") as file:
            while piece := file.read(_PIECE):
                yield piece


class _Sheets:
    """The two sheets of a workbook and the looks of their cells."""

    def __init__(self, book: Any) -> None:
        self._rows = book.add_worksheet("rows")
        self._columns = book.add_worksheet("columns")
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._figure = book.add_format({"num_format": "#,##0.##"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        # What Excel does when somebody types an apostrophe first: text stays text, also when the cell is edited.
        self._quoted = book.add_format({"quote_prefix": True})

    def write(self, rows: Rows) -> None:
        """Both sheets; the rows first, since they may only be written in their order."""
        sheet = self._rows
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(rows.columns):
            sheet.set_column(place, place, _WIDE.get(column.name, _WIDTHS[column.holds]))
        for place, column in enumerate(rows.columns):
            sheet.write_string(0, place, column.name, self._head)
        last = 0
        for row in rows.each():
            last += 1
            if last > MOST_ROWS:
                raise UsageError(f"an Excel sheet holds {MOST_ROWS} rows; take CSV or Parquet, or narrow the filters")
            for place, (column, value) in enumerate(zip(rows.columns, row, strict=True)):
                self._write(last, place, column, value)
        sheet.autofilter(0, 0, last, len(rows.columns) - 1)
        self._describe(rows.columns)

    def _write(self, at: int, place: int, column: Column, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._rows.write_boolean(at, place, value)
        elif isinstance(value, datetime):
            self._rows.write_datetime(at, place, value.astimezone(UTC).replace(tzinfo=None), self._time)
        elif isinstance(value, date):
            self._rows.write_datetime(at, place, value, self._day)
        elif isinstance(value, Decimal):
            self._rows.write_number(at, place, float(value), self._figure)
        elif isinstance(value, int | float):
            self._rows.write_number(at, place, value)
        else:
            text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            text = text.replace("\0", "")[:_MOST_SIGNS]
            formula = harmless(text) != text
            self._rows.write_string(at, place, text, self._quoted if formula else None)

    def _describe(self, columns: Sequence[Column]) -> None:
        sheet = self._columns
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, 100)
        for place, name in enumerate(("column", "holds", "meaning")):
            sheet.write_string(0, place, name, self._head)
        for at, column in enumerate(columns, start=1):
            holds = "time (UTC)" if column.holds == "time" else column.holds
            for place, text in enumerate((column.name, holds, column.about)):
                sheet.write_string(at, place, text, self._wrapped)
