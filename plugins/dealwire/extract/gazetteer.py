"""The mentions of organisations in a text, known and unknown, and what the gazetteer knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dealwire.extract.known_names import Hit, NameIndex
from dealwire.extract.language import Language
from dealwire.extract.name_words import NameWords, load_name_words
from dealwire.extract.names import fold_name, provisional_id
from dealwire.extract.organisation_table import TYPES, UNKNOWN_TYPE, Alias, Gazetteer, load_gazetteer
from dealwire.extract.unknown_names import Run, unknown_runs

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
    """All mentions in text order, without overlaps."""
    table = gazetteer or load_gazetteer()
    words = load_name_words(language.code)
    hits = _index(table).hits(body, words)
    title_length = max(body.find("\n\n"), 0)
    known = [_known(hit.alias, hit, body, table) for hit in hits if hit.alias is not None]
    runs = unknown_runs(body, title_length, [(hit.start, hit.end) for hit in hits], words)
    return sorted([*known, *_unknown(runs, body, table, words)], key=lambda mention: mention.start)


@lru_cache(maxsize=8)
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


def _unknown(runs: Sequence[Run], body: str, table: Gazetteer, words: NameWords) -> list[OrganisationMention]:
    texts = [body[run.start : run.end] for run in runs]
    names = _long_forms(texts)
    found = []
    for run, text in zip(runs, texts, strict=True):
        name = names[fold_name(text)]
        organisation = table.organisations.get(table.by_folded_name.get(fold_name(name), ""))
        found.append(
            OrganisationMention(
                start=run.start,
                end=run.end,
                organisation_id=organisation.id if organisation else provisional_id(name),
                name=organisation.name if organisation else name,
                type=organisation.type if organisation else UNKNOWN_TYPE,
                known=organisation is not None,
                text=text,
                ambiguous=not run.certain,
            )
        )
    return found


def _long_forms(texts: Sequence[str]) -> dict[str, str]:
    """Folded text -> the name to use: a short form stands for the longest name in the article that begins with it."""
    first_seen: dict[str, str] = {}
    for text in texts:
        first_seen.setdefault(fold_name(text), text)
    names = {}
    for folded, text in first_seen.items():
        longer = [other for other in first_seen if other.startswith(folded + " ")]
        names[folded] = first_seen[max(longer, key=len)] if longer else text
    return names
