"""The mentions of organisations in a text, known and unknown, and what the gazetteer knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dealwire.extract.known_names import Hit, NameIndex
from dealwire.extract.language import Language
from dealwire.extract.mention_context import contexts_of
from dealwire.extract.name_links import Named, long_forms, same_by_acronym
from dealwire.extract.name_words import ContextWords, load_name_words
from dealwire.extract.names import fold_name, provisional_id
from dealwire.extract.organisation_table import (
    TYPES,
    UNKNOWN_TYPE,
    Alias,
    Gazetteer,
    load_gazetteer,
)
from dealwire.extract.unknown_cjk import unknown_pieces
from dealwire.extract.unknown_names import unknown_runs
from dealwire.model import Organisation

__all__ = [
    "TYPES",
    "UNKNOWN_TYPE",
    "Alias",
    "Gazetteer",
    "OrganisationMention",
    "find_organisations",
    "load_gazetteer",
    "provisional_id",
]

_MOST_PIECES = 600  # names in a text without spaces; more than any article holds
LONGEST_READ = 24_000  # characters; what is longer than any news article is not searched to its end


@dataclass(frozen=True, slots=True)
class OrganisationMention:
    """One place where an organisation is named. `name` is its usual English trade name; `text` what stands there.

    `modifier`: it only qualifies a product ("Nvidia GPUs"); `backed`: named as a backer ("Microsoft-backed X");
    `media_attribution`: named as the source of a report ("told Reuters").
    """

    start: int
    end: int
    organisation_id: str
    name: str
    type: str
    known: bool
    text: str
    ambiguous: bool
    modifier: bool = False
    backed: bool = False
    media_attribution: bool = False


def find_organisations(body: str, language: Language, gazetteer: Gazetteer | None = None) -> list[OrganisationMention]:
    """All mentions in text order, without overlaps, in the first `LONGEST_READ` characters."""
    body = body[:LONGEST_READ]
    table = gazetteer or load_gazetteer()
    words = load_name_words(language.code)
    hits = _index(table).hits(body, words)
    known = [_known(hit.alias, hit, body, table) for hit in hits if hit.alias is not None]
    taken = [(hit.start, hit.end) for hit in hits]
    runs = unknown_runs(body, max(body.find("\n\n"), 0), taken, words)
    found = [Name(run.start, run.end, run.certain, run.initial) for run in runs]
    if words.no_spaces:
        taken += [(name.start, name.end) for name in found]
        found += [Name(*piece, False) for piece in islice(unknown_pieces(body, taken, words), _MOST_PIECES)]
    mentions = sorted(
        [*known, *_unknown(found, known, body, table)],
        key=lambda mention: mention.start,
    )
    return _in_context(_linked(mentions, body), body, words.context)


def _linked(mentions: list[OrganisationMention], body: str) -> list[OrganisationMention]:
    """The mentions with one identity for a name and the acronym that follows it in parentheses."""
    links = same_by_acronym(body, [Named(m.start, m.end, m.organisation_id, m.known) for m in mentions])
    if not links:
        return mentions
    by_id = {mention.organisation_id: mention for mention in reversed(mentions)}
    linked = []
    for mention in mentions:
        same = by_id[links.get(mention.organisation_id, mention.organisation_id)]
        linked.append(
            replace(
                mention,
                organisation_id=same.organisation_id,
                name=same.name,
                type=same.type,
                known=same.known,
            )
        )
    return linked


def _in_context(mentions: list[OrganisationMention], body: str, words: ContextWords) -> list[OrganisationMention]:
    contexts = contexts_of(body, [(m.start, m.end, m.type) for m in mentions], words)
    pairs = zip(mentions, contexts, strict=True)
    return [replace(mention, **context._asdict()) if any(context) else mention for mention, context in pairs]


class Name(NamedTuple):
    """Where a name stands that no spelling of the gazetteer fits."""

    start: int
    end: int
    certain: bool
    initial: bool  # one word that begins a sentence


@lru_cache(maxsize=4)
def _index(table: Gazetteer) -> NameIndex:
    return NameIndex(table)


def _known(alias: Alias, hit: Hit, body: str, table: Gazetteer) -> OrganisationMention:
    organisation = table.organisations[alias.organisation_id]
    return OrganisationMention(
        start=hit.start,
        end=hit.end,
        organisation_id=organisation.id,
        name=organisation.name,
        type=organisation.type,
        known=True,
        text=body[hit.start : hit.end],
        ambiguous=alias.ambiguous,
    )


def _unknown(
    names: Sequence[Name],
    known: Sequence[OrganisationMention],
    body: str,
    table: Gazetteer,
) -> list[OrganisationMention]:
    texts = [body[name.start : name.end] for name in names]
    chosen = long_forms([*texts, *(mention.text for mention in known if mention.type != "government")])
    counts = Counter(texts)
    sound = {
        text for name, text in zip(names, texts, strict=True) if counts[text] > 1 or not name.initial or name.certain
    }
    found = []
    for name, text in zip(names, texts, strict=True):
        alias = table.ambiguous_spellings.get(text)
        if alias and text not in sound:
            continue  # "Switch off the light."
        long_form = chosen[fold_name(text)]
        organisation_id = table.by_plain_spelling.get(fold_name(long_form))
        if alias and not alias.needs and organisation_id is None and long_form == text:
            organisation_id = alias.organisation_id
        found.append(_mention(name, text, long_form, table.organisations.get(organisation_id or "")))
    return found


def _mention(name: Name, text: str, long_form: str, organisation: Organisation | None) -> OrganisationMention:
    return OrganisationMention(
        start=name.start,
        end=name.end,
        organisation_id=organisation.id if organisation else provisional_id(long_form),
        name=organisation.name if organisation else long_form,
        type=organisation.type if organisation else UNKNOWN_TYPE,
        known=organisation is not None,
        text=text,
        ambiguous=not name.certain,
    )
