"""CSV cells that a spreadsheet can open without running anything that a headline or a company's name says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula; NUL, which ends a cell early, is left out."""
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def cell(value: Any) -> str:
    """A cell: numbers and days as they are, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return harmless("; ".join(str(part) for part in value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)
