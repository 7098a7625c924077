"""The one place where text from outside becomes storable: no NUL, control, surrogate, bidi or invisible character.

PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, bidi overrides turn a title round on the screen, and a hundred
combining marks on one letter cover the lines above it. Everything that reaches the database, a log or an alert has
passed through `clean` or `clean_line`.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls but tab and line feed
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible and direction marks
    "\ufdd0-\ufdef\U000e0000-\U000e0fff]"  # noncharacters and tag characters
)
_PLANES = range(0, 0x110000, 0x10000)
_LAST_TWO_OF_A_PLANE = re.compile(
    "[" + "".join(chr(plane + last) for plane in _PLANES for last in (0xFFFE, 0xFFFF)) + "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED_MARKS = re.compile(f"({_MARK}{{3}}){_MARK}+")
_BLANK_LINES = re.compile(r"\n{3,}")


def _purify(text: str, limit: int) -> str:
    # Four times the limit is more than normalising can ever shrink away; cutting first keeps a 10 MB title cheap.
    text = text[: 4 * limit + 64]
    if text.replace("\n", "").isprintable():  # then it holds nothing of what is removed below
        return text if text.isascii() else _composed(text)
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _LAST_TWO_OF_A_PLANE.sub("", _REMOVED.sub("", text))
    return text if text.isascii() else _composed(text)


def _composed(text: str) -> str:
    return _PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))


def clean(text: str, limit: int) -> str:
    """The text with its paragraphs, at most one blank line between them and at most `limit` characters."""
    lines = (" ".join(line.split()) for line in _purify(text, limit).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()[:limit].rstrip()


def clean_line(text: str, limit: int) -> str:
    """The text on one line, for titles, names and details."""
    return " ".join(_purify(text, limit).split())[:limit].rstrip()


def letters(text: str) -> str:
    """Only the letters and digits, in lower case: two titles that differ in nothing else are the same."""
    return "".join(character for character in text.lower() if character.isalnum())
