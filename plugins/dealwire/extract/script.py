"""What the writing system says of a position in a text: word boundaries, Chinese and Japanese characters."""

from __future__ import annotations


def is_cjk(char: str) -> bool:
    """Han, kana and their punctuation and full-width forms."""
    return "\u2e80" <= char <= "\ua4cf" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def is_katakana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30fa" or char == "ー"


def at_boundary(text: str, position: int) -> bool:
    """True where a name may begin or end.

    Alphabetic words and runs of katakana are not cut; Han characters stand without spaces, so any place will do.
    """
    if position <= 0 or position >= len(text):
        return True
    before, after = text[position - 1], text[position]
    if is_cjk(before) or is_cjk(after):
        return not (is_katakana(before) and is_katakana(after))
    return not (before.isalnum() and after.isalnum())


def same_length_lower(text: str) -> str:
    """Lower case in which every character keeps its offset ("İ" alone would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
