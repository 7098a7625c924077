"""Digits with separators: what a point, a comma, a space or an apostrophe between them means."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

from dealwire.extract.language import Language


def parse_figure(text: str, decimal: str) -> Decimal:
    """The value of digits with separators, where `decimal` settles what three digits after one separator mean."""
    plain = text.replace("'", "").replace("\u00a0", "").replace(" ", "")
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        last = "." if plain.rfind(".") > plain.rfind(",") else ","
        other = "," if last == "." else "."
        plain = plain.replace(other, "")
        return Decimal(plain.replace(last, ".") if plain.count(last) == 1 else plain.replace(last, ""))
    mark = "." if points else ","
    if points + commas != 1:
        return Decimal(plain.replace(mark, ""))
    whole, fraction = plain.split(mark)
    thousands = mark != decimal or fraction == "000" or (mark == "," and fraction.endswith("0"))
    grouped = len(fraction) == 3 and len(whole) <= 3 and whole.strip("0") != "" and thousands
    return Decimal(whole + fraction) if grouped else Decimal(f"{whole}.{fraction}")


def decimal_style(folded: str, language: Language) -> str:
    """The document's decimal mark: the language's, unless its unmistakable figures vote for the other one."""
    other = "," if language.decimal == "." else "."
    votes = 0
    for match in islice(language.figure.finditer(folded), 500):
        text = match[0]
        for mark, vote in ((language.decimal, 1), (other, -1)):
            if text.count(mark) != 1:
                continue
            tail = text[text.index(mark) + 1 :]
            if len(tail) in (1, 2):
                votes += vote
    return other if votes < 0 else language.decimal
