"""The sentence around a quote, in three parts, so that the template can mark the middle and escape everything."""

from __future__ import annotations

from dataclasses import dataclass

_ENDS = ".!?。！？"
_MOST_AROUND = 240


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with its proof in the middle; the parts joined are what the article says."""

    before: str
    quote: str
    after: str


def marked(context: str, offset: int, quote: str) -> Marked:
    """The sentence of `context` that holds `quote`, which begins at `offset`."""
    end = offset + len(quote)
    begin = _sentence_begin(context, offset)
    stop = end if quote and _is_end(context, end - 1) else _sentence_end(context, end)
    before = context[begin:offset].lstrip()
    after = context[end:stop].rstrip()
    cut_before = begin == 0 and offset >= _MOST_AROUND
    cut_after = stop == len(context) and stop - end >= _MOST_AROUND
    return Marked(("… " if cut_before else "") + before, quote, after + (" …" if cut_after else ""))


def _is_end(text: str, at: int) -> bool:
    """Whether a sentence ends at this sign; a full stop within a number, an initial or an address ends none."""
    if text[at] == "\n":
        return True
    if text[at] not in _ENDS:
        return False
    if text[at] in "。！？":
        return True
    followed = at + 1 == len(text) or text[at + 1].isspace()
    return followed and at >= 2 and text[at - 2 : at].isalnum()


def _sentence_begin(text: str, offset: int) -> int:
    for at in range(offset - 1, -1, -1):
        if _is_end(text, at):
            return at + 1
    return 0


def _sentence_end(text: str, end: int) -> int:
    for at in range(end, len(text)):
        if text[at] == "\n":
            return at
        if _is_end(text, at):
            return at + 1
    return len(text)
