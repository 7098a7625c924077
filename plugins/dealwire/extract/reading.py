"""Everything the finders see in one article, laid out by sentence: what all decisions are made from."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dealwire.extract.cues import Cue, find_cues
from dealwire.extract.dates import DateMention, find_dates
from dealwire.extract.folded_names import fold
from dealwire.extract.gazetteer import Gazetteer, OrganisationMention, find_organisations
from dealwire.extract.language import Language, detect_language, load_language
from dealwire.extract.money import Money, find_money
from dealwire.extract.quantities import Quantity, find_quantities
from dealwire.extract.terms import Term, find_terms
from dealwire.extract.text import Sentence, sentences
from dealwire.model import Article

# What lies beyond these is in no news article; they bound the work that a hostile text can cause.
LONGEST = 30_000
MAX_SENTENCES = 400
MAX_ENTITIES = 40
MAX_FIGURES = 60


class Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Entity:
    """One organisation of an article with all its mentions; units stand together with their parent."""

    key: str
    type: str
    known: bool
    ambiguous: bool
    mentions: tuple[OrganisationMention, ...]
    sentence_of: tuple[int, ...]

    def forms(self) -> list[tuple[str, str]]:
        """(name, organisation id) of its mentions, most frequent first, earliest first among equals."""
        counted = Counter((mention.name, mention.organisation_id) for mention in self.mentions)
        return [form for form, _ in counted.most_common()]


@dataclass(frozen=True, slots=True)
class Reading:
    """Offsets count in `article.body`. `*_sentence` hold the sentence number of each item."""

    article: Article
    language: Language
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    money: tuple[Money, ...]
    money_sentence: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    quantity_sentence: tuple[int, ...]
    terms: tuple[Term, ...]
    term_sentence: tuple[int, ...]
    dates: tuple[DateMention, ...]
    date_sentence: tuple[int, ...]
    cues: tuple[Cue, ...]
    cue_sentence: tuple[int, ...]


def read_article(article: Article, gazetteer: Gazetteer | None = None) -> Reading:
    body = article.body[:LONGEST]
    language = load_language(article.lang or detect_language(body))
    parts = tuple(sentences(body, min(len(article.title), LONGEST), language)[:MAX_SENTENCES])
    starts = [part.start for part in parts]
    money = tuple(find_money(body, language)[:MAX_FIGURES])
    quantities = tuple(find_quantities(body, language)[:MAX_FIGURES])
    terms = tuple(find_terms(body, language)[:MAX_FIGURES])
    dates = tuple(find_dates(body, language, article.published)[:MAX_FIGURES])
    cues = tuple(find_cues(body, language))
    found = find_organisations(body, language, gazetteer)
    return Reading(
        article=article,
        language=language,
        sentences=parts,
        entities=group_mentions(found, starts),
        money=money,
        money_sentence=locate(money, starts),
        quantities=quantities,
        quantity_sentence=locate(quantities, starts),
        terms=terms,
        term_sentence=locate(terms, starts),
        dates=dates,
        date_sentence=locate(dates, starts),
        cues=cues,
        cue_sentence=locate(cues, starts),
    )


def locate(items: Iterable[Spanned], starts: Sequence[int]) -> tuple[int, ...]:
    """The sentence number of each item."""
    return tuple(max(0, bisect_right(starts, item.start) - 1) for item in items)


def group_mentions(found: Sequence[OrganisationMention], starts: Sequence[int]) -> tuple[Entity, ...]:
    """Entities in order of first mention; only the first MAX_ENTITIES are kept."""
    grouped: dict[str, list[OrganisationMention]] = {}
    for mention in found:
        grouped.setdefault(fold(mention.name), []).append(mention)
    entities = []
    for key, mentions in list(grouped.items())[:MAX_ENTITIES]:
        kinds = Counter(mention.type for mention in mentions)
        entities.append(
            Entity(
                key=key,
                type=kinds.most_common(1)[0][0],
                known=any(mention.known for mention in mentions),
                ambiguous=all(mention.ambiguous for mention in mentions),
                mentions=tuple(mentions),
                sentence_of=locate(mentions, starts),
            )
        )
    return tuple(entities)
