"""Which mentions of one article mean the same organisation: short and long forms, acronyms in parentheses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dealwire.extract.names import fold_name

_MANY_FORMS = 20  # names with one first word; more are a list or an attack, and each stays itself
_ACRONYM_LENGTH = range(2, 8)


class Named(NamedTuple):
    """A mention as far as links between mentions need it."""

    start: int
    end: int
    organisation_id: str
    known: bool


def long_forms(texts: Sequence[str]) -> dict[str, str]:
    """Folded text -> the name to use: a short form stands for the longest name in the article that begins with it."""
    first_seen: dict[str, str] = {}
    for text in texts:
        first_seen.setdefault(fold_name(text), text)
    by_first_word: dict[str, list[str]] = {}
    for folded in first_seen:
        by_first_word.setdefault(folded.partition(" ")[0], []).append(folded)
    names = {}
    for folded, text in first_seen.items():
        same_start = by_first_word[folded.partition(" ")[0]]
        longer = (
            [other for other in same_start if other.startswith(folded + " ")] if len(same_start) < _MANY_FORMS else []
        )
        names[folded] = first_seen[max(longer, key=len)] if longer else text
    return names


def same_by_acronym(body: str, mentions: Sequence[Named]) -> dict[str, str]:
    """Halden Data Partners (HDP): the id to give up -> the id to use instead; the known one stays."""
    links: dict[str, str] = {}
    for long, short in pairwise(mentions):
        if body[long.end : short.start] != " (" or body[short.end : short.end + 1] != ")":
            continue
        if _abbreviates(body[short.start : short.end], body[long.start : long.end]):
            kept, given_up = (long, short) if long.known or not short.known else (short, long)
            if not given_up.known:
                links[given_up.organisation_id] = kept.organisation_id
    return links


def _abbreviates(acronym: str, name: str) -> bool:
    """The acronym's letters are first letters of the name's words, in their order."""
    if not acronym.isupper() or len(acronym) not in _ACRONYM_LENGTH:
        return False
    initials = iter(word[0].upper() for word in name.replace("-", " ").split() if word)
    return all(letter in initials for letter in acronym if letter.isalpha())
