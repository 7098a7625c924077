"""The forms in which rows can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dealwire.takeaway.columns import Rows
from dealwire.takeaway.excel_file import excel_file
from dealwire.takeaway.parquet_file import parquet_file
from dealwire.takeaway.text_files import csv_file, jsonl_file


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file. `described` says that the file itself tells what its columns mean."""

    suffix: str
    media_type: str
    write: Callable[[Rows], Iterator[bytes]]
    described: bool


FORMS: Mapping[str, Form] = {
    "csv": Form("csv", "text/csv; charset=utf-8", csv_file, described=False),
    "json": Form("jsonl", "application/jsonl; charset=utf-8", jsonl_file, described=False),
    "parquet": Form("parquet", "application/vnd.apache.parquet", parquet_file, described=True),
    "excel": Form(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", excel_file, described=True
    ),
}
