"""Excel files read as what they are, XML in a ZIP file: what is in a cell, and whether it is a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_rows(body: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the names in its first row; empty cells are None."""
    lines = [dict(line) for line in _lines(body, sheet)]
    head = lines[0]
    return [{head[place]: line.get(place) for place in head} for line in lines[1:]]


def formulas(body: bytes) -> list[str]:
    """The formulas of all sheets."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        pages = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    return [element.text or "" for page in pages for element in ElementTree.fromstring(page).iter(f"{_MAIN}f")]


def _lines(body: bytes, sheet: str) -> Iterator[Iterator[tuple[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"))
    for row in page.iter(f"{_MAIN}row"):
        yield ((re.sub(r"\d", "", cell.attrib["r"]), _value(cell)) for cell in row)


def _value(cell: ElementTree.Element) -> Any:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    text = cell.findtext(f"{_MAIN}v")
    if cell.get("t") == "b":
        return text == "1"
    return None if text is None else float(text)
