"""Addresses of receivers hold their secrets: what may be shown of them, and how a text is cleaned of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

_LEAST = 4


def masked(url: str) -> str:
    """An address of which only the scheme is left: enough to find the line in a list, nothing to use."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "***"
    return f"{scheme}://***" if rest else f"{scheme}://"


def mask_in(url: str) -> Callable[[str], str]:
    """A function that blanks every part of this address (user, password, path, parameters) in a text."""
    _, _, rest = url.partition("://")
    parts = {part for part in re.split(r"[/?&=:@#+;,]+", rest) if len(part) >= _LEAST}
    parts |= {unquote(part) for part in parts}
    if len(rest) >= _LEAST:
        parts |= {rest, unquote(rest)}
    if not parts:
        return lambda text: text
    pattern = re.compile("|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True)), re.IGNORECASE)
    return lambda text: pattern.sub("***", text)
