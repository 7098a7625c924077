"""What the words beside a mention say of it: a product's modifier, a backer, the source of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dealwire.extract.name_words import ContextWords

_WINDOW = 40
_SOURCES = frozenset({"media", "analyst", "unknown"})  # what a company says of itself is no attribution
_QUOTES = "\"'“”„«»’‘ \u00a0"


class Context(NamedTuple):
    """See OrganisationMention, which carries these flags."""

    modifier: bool
    backed: bool
    media_attribution: bool


def contexts_of(body: str, spans: Sequence[tuple[int, int, str]], words: ContextWords) -> list[Context]:
    """Of each (start, end, type); what stands between the same words is looked at once."""
    seen: dict[tuple[str, str, bool], Context] = {}
    found = []
    for start, end, type_id in spans:
        key = (
            body[max(0, start - _WINDOW) : start],
            body[end : end + _WINDOW],
            type_id in _SOURCES,
        )
        if key not in seen:
            seen[key] = _context(*key, words)
        found.append(seen[key])
    return found


def _context(before: str, after: str, may_report: bool, words: ContextWords) -> Context:
    before = " " + before.lower().replace("\n", " ").rstrip(_QUOTES)
    after = after.lower().lstrip(_QUOTES)
    return Context(
        modifier=_is_modifier(before, after, words),
        backed=after.startswith(words.backed_after) or before.endswith(words.backed_before),
        media_attribution=may_report and (before.endswith(words.said_before) or after.startswith(words.said_after)),
    )


def _is_modifier(before: str, after: str, words: ContextWords) -> bool:
    """Nvidia GPUs, Nvidia's chips, Nvidia-Chips; puces Nvidia, GPUs da Nvidia, Chips von Nvidia."""
    if after[:2] in ("s ", "s'"):
        after = after[2:].lstrip(_QUOTES)
    following = after.lstrip("-‐‑の製").lstrip(_QUOTES)
    if _starts_with_word(following, words.products) or following.startswith(words.products_joined):
        return True
    for link in words.links:
        if before.endswith(link):
            before = before.removesuffix(link).rstrip(_QUOTES)
            break
    return before.rpartition(" ")[2].strip(_QUOTES) in words.products


def _starts_with_word(text: str, words: frozenset[str]) -> bool:
    """The first word, or the second where an adjective or a product's name stands first ("Nvidia H100 GPUs")."""
    head = [part.strip(",.;:()!?").partition("-")[0] for part in text.split()[:3]]
    if not head or text[:1] in ",.;:()!?":
        return False
    return head[0] in words or (len(head) > 1 and head[1] in words and any(char.isdigit() for char in head[0]))
