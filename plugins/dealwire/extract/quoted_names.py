"""Whether the text names the organisation that a model's answer names, and under which identity we know it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from dealwire.extract.folded_names import LEGAL_WORDS, OPTIONAL_ENDINGS
from dealwire.extract.gazetteer import OrganisationMention, load_gazetteer, provisional_id
from dealwire.extract.quoted_text import QuotedText, Span, overlapping
from dealwire.model import Organisation

LONGEST_NAME = 120
LONGEST_FOREIGN = 20  # a longer quote is no name
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ProvenName:
    """A party as we write it, and where the text names it. `certain` False where only the place could be checked."""

    name: str
    organisation_id: str
    span: Span
    certain: bool = True


def prove_name(name: object, quote: object, text: QuotedText) -> ProvenName | None:
    """None where the quote is not in the text, or does not name this organisation as far as can be seen."""
    spans = text.spans(quote)
    if not spans or not isinstance(name, str) or not name.strip():
        return None
    shown = " ".join(name.split())[:LONGEST_NAME]
    there = overlapping(text.organisations, spans)
    known = load_gazetteer().resolve_name(shown)
    if known is not None:
        return _prove_known(known, shown, there, spans, text)
    if _named_in(shown, text):
        return ProvenName(shown, provisional_id(shown), _tight(shown, spans[0], text))
    other = _only_known(there, spans)
    if other is not None and not _is_part_of(shown, other):
        return _mentioned(other)
    if _same_words(shown, str(quote)):
        return ProvenName(shown, provisional_id(shown), spans[0])
    return _foreign(shown, provisional_id(shown), spans, text)


def _prove_known(
    known: Organisation, shown: str, there: Sequence[OrganisationMention], spans: Sequence[Span], text: QuotedText
) -> ProvenName | None:
    everywhere = [mention for mention in text.organisations if mention.organisation_id == known.id]
    for mention in [*(one for one in there if one.organisation_id == known.id), *everywhere]:
        return ProvenName(known.name, known.id, (mention.start, mention.end))
    if _same_words(shown, text.body[spans[0][0] : spans[0][1]]) or _named_in(shown, text):
        return ProvenName(known.name, known.id, spans[0])
    other = _only_known(there, spans)
    if other is not None:
        return _mentioned(other)
    if any(_in_other_script(alias) for alias in known.aliases):
        return None  # the text would have said it so
    return _foreign(known.name, known.id, spans, text)


def _tight(name: str, place: Span, text: QuotedText) -> Span:
    """The name itself, where the quote is a whole clause that holds it."""
    start, end = place
    return next((span for span in text.spans(name) if start <= span[0] and span[1] <= end), place)


def _only_known(there: Sequence[OrganisationMention], spans: Sequence[Span]) -> OrganisationMention | None:
    """The organisation that a short quote names, whatever the answer calls it: the text counts.

    A clause may name many, and says nothing.
    """
    start, end = spans[0]
    return next((one for one in there if one.known and 2 * (one.end - one.start) >= end - start), None)


def _mentioned(mention: OrganisationMention) -> ProvenName:
    return ProvenName(mention.name, mention.organisation_id, (mention.start, mention.end), certain=False)


def _is_part_of(name: str, owner: OrganisationMention) -> bool:
    """ "Oracle data centre division", but not "Oracle Umbrella Bank", where the text says "Oracle"."""
    more = set(_words(name)) - set(_words(owner.text)) - set(_words(owner.name))
    return bool(more & PARTS) and more <= PARTS | OPTIONAL_ENDINGS | LEGAL_WORDS


def _foreign(name: str, organisation_id: str, spans: Sequence[Span], text: QuotedText) -> ProvenName | None:
    """A name in another script, or an authority's in another language, cannot be compared with its English form."""
    start, end = spans[0]
    quote = text.body[start:end]
    other_script = _in_other_script(quote) and len(quote) <= LONGEST_FOREIGN
    if other_script or (text.language.code != "en" and _looks_like_an_authority(name)):
        return ProvenName(name, organisation_id, spans[0], certain=False)
    return None


def _in_other_script(text: str) -> bool:
    return any(ord(letter) > 0x2E7F for letter in text)


_AUTHORITY_WORDS = (
    "government ministry department authority agency army navy forces council commission parliament city state "
    "university federal national interior defence defense health education police"
)
_PART_WORDS = (
    "division unit business arm subsidiary assets sites portfolio stake data centre center centres centers cloud "
    "operations and of s"
)
PARTS = frozenset(_PART_WORDS.split())
AUTHORITIES = frozenset(_AUTHORITY_WORDS.split())


def _looks_like_an_authority(name: str) -> bool:
    return bool(AUTHORITIES & set(_words(name)))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def _same_words(name: str, quote: str) -> bool:
    """One is the other, a shorter form of it, or its initials."""
    names, quoted = _telling(name), _telling(quote)
    if not names or not quoted:
        return False
    if set(names) <= set(quoted):
        return True
    if set(quoted) <= set(names):
        return not set(quoted) <= OPTIONAL_ENDINGS  # "Cloud" alone is nobody's name
    initials = "".join(word[0] for word in names)
    return (len(initials) > 1 and initials in quoted) or "".join(names) == "".join(quoted)


def _telling(name: str) -> list[str]:
    words = _words(name)
    return [word for word in words if word not in LEGAL_WORDS and len(word) > 1] or words


def _named_in(name: str, text: QuotedText) -> bool:
    """Whether the name stands in the text by itself, somewhere."""
    return any(
        not text.body[start - 1 : start].isalnum() and not text.body[end : end + 1].isalnum()
        for start, end in text.spans(name)
    )
