"""Named features of an organisation as a party in one role of one kind of deal."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from dealwire.extract.cues import CUE_CLASSES
from dealwire.extract.layout import CUES, GROUPS, Floats, Item, ItemType, Layout
from dealwire.extract.reading import Entity
from dealwire.model import KINDS, ROLES, ROLES_OF_KIND, Kind, Role

RELATIONS: tuple[str, ...] = (
    "beside_left",
    "beside_right",
    "left",
    "right",
    "touching",
)
TOUCHING = 12  # characters between a preposition and the name it governs, an article included
TOUCHING_JOINED = 2
FARTHEST = 60  # things between an organisation and a cue of its sentence
LEFT, RIGHT = 0, 1  # a side's number in RELATIONS; of what is not beside, two more
LIST_GAP = 8  # characters between two names of one list

ENTITY_FEATURES: tuple[str, ...] = (
    "in_title",
    "first_in_title",
    "title_rank",
    "in_lead",
    "in_paragraph",
    "first_sentence",
    "mentions",
    "mention_share",
    "sentence_share",
    "prominence_rank",
    "known",
    "ambiguous",
    "with_money",
    "list_size",
    "list_share",
    "possessive",
    "in_brackets",
    "modifier",
    "backed",
    "attribution",
    "plain_in_title",
    "alone_in_sentence",
    "entities",
    *(f"group:{name}" for name in GROUPS),
)
RELATION_FEATURES: tuple[str, ...] = tuple(f"{relation}:{name}" for relation in RELATIONS for name in CUE_CLASSES)
ANCHOR_FEATURES: tuple[str, ...] = (
    "anchor_title",
    "anchor_best",
    "anchor_mean",
    "anchor_rank",
)
VOTE_FEATURES: tuple[str, ...] = (
    "vote",
    "votes",
    "vote_rival",
    "votes_rival",
    "vote_ahead",
    "vote_any",
)
PRIOR_FEATURES: tuple[str, ...] = (
    "prior_group",
    "prior_type",
    "prior_name",
    "prior_side",
)
PARTY_FEATURES: tuple[str, ...] = (
    *ENTITY_FEATURES,
    *ANCHOR_FEATURES,
    *PRIOR_FEATURES,
    *VOTE_FEATURES,
    *RELATION_FEATURES,
    *(f"kind:{name}" for name in KINDS),
    *(f"role:{name}" for name in ROLES),
)
PAIRS: tuple[tuple[Kind, Role], ...] = tuple((kind, role) for kind in KINDS for role in ROLES_OF_KIND[kind])


class Surroundings(NamedTuple):
    """Of all mentions of one organisation."""

    list_size: int
    list_share: float
    possessive: float
    in_brackets: float
    modifier: float
    backed: float
    attribution: float
    plain_in_title: float


def relation_rows(layout: Layout, type_of_item: ItemType, count: int, weighted: bool = True) -> Floats:
    """A row an item: the weight of the heaviest sentence in which a cue stands so to one of its mentions."""
    known = layout.relations.get((type_of_item, weighted))
    if known is not None:
        return known
    rows = np.zeros((count, len(RELATIONS) * CUES))
    touching = TOUCHING_JOINED if layout.reading.language.joined else TOUCHING
    for sentence, items in enumerate(layout.items):
        weight = float(layout.weight[sentence]) if weighted else 1.0
        for number in {item.number for item in items if item.type == type_of_item}:
            related = sorted(_related(items, type_of_item, number, touching))
            rows[number, related] = np.maximum(rows[number, related], weight)
    layout.relations[type_of_item, weighted] = rows
    return rows


def _related(items: list[Item], type_of_item: ItemType, number: int, touching: int) -> set[int]:
    """Where in its row the cues of a sentence stand that are related to any of an item's mentions there."""
    mine: list[int] = []
    places: list[int] = []  # of the cues and of the other items of its type
    for place, item in enumerate(items):
        if item.type == "cue" or (item.type == type_of_item and item.number != number):
            places.append(place)
        elif item.type == type_of_item:
            mine.append(place)
    found: set[int] = set()
    for place in mine:
        at = bisect_left(places, place)
        _look(
            found,
            items,
            place,
            places[max(0, at - FARTHEST) : at][::-1],
            LEFT,
            touching,
        )
        _look(found, items, place, places[at : at + FARTHEST], RIGHT, touching)
    return found


def _look(
    found: set[int],
    items: list[Item],
    place: int,
    places: list[int],
    side: int,
    touching: int,
) -> None:
    """What stands on one side of the mention at `place`: no farther than the third other item of its type."""
    me, others = items[place], 0
    for at in places:
        if others > 2 or abs(at - place) > FARTHEST:
            return
        other = items[at]
        if other.type != "cue":
            others += 1
        elif other.start >= me.end or me.start >= other.end:
            found.add((2 + side) * CUES + other.number)
            if not others:
                found.add(side * CUES + other.number)
                if side == LEFT and me.start - other.end <= touching:
                    found.add(4 * CUES + other.number)


def surroundings(layout: Layout) -> list[Surroundings]:
    body = layout.reading.article.body
    sizes = _list_sizes(layout)
    found = []
    for number, entity in enumerate(layout.reading.entities):
        count = len(entity.mentions)
        owned = sum(body[m.end : m.end + 2] in ("'s", "’s", "s’", "s'") for m in entity.mentions)
        bracketed = sum(body[m.start - 1 : m.start] in ("(", "（") for m in entity.mentions)
        mine = sizes[number]
        listed = sum(size >= 3 for size in mine)
        found.append(
            Surroundings(
                list_size=max(mine, default=1),
                list_share=listed / count,
                possessive=owned / count,
                in_brackets=bracketed / count,
                modifier=sum(m.modifier for m in entity.mentions) / count,
                backed=sum(m.backed for m in entity.mentions) / count,
                attribution=sum(m.media_attribution for m in entity.mentions) / count,
                plain_in_title=float(_plain_in_title(entity, layout)),
            )
        )
    return found


def _plain_in_title(entity: Entity, layout: Layout) -> bool:
    """Named in the title for itself, not as the make of a product."""
    pairs = zip(entity.mentions, entity.sentence_of, strict=True)
    return any(layout.tier[sentence] == 0 and not mention.modifier for mention, sentence in pairs)


def _list_sizes(layout: Layout) -> list[list[int]]:
    """For every mention the length of the run of names it stands in."""
    sizes: list[list[int]] = [[] for _ in layout.reading.entities]
    for items in layout.items:
        run: list[Item] = []
        for item in items:
            if item.type != "entity":
                continue
            if run and item.start - run[-1].end > LIST_GAP:
                _close(run, sizes)
                run = []
            run.append(item)
        _close(run, sizes)
    return sizes


def _close(run: list[Item], sizes: list[list[int]]) -> None:
    for item in run:
        sizes[item.number].append(len(run))


def entity_rows(layout: Layout) -> Floats:
    entities = layout.reading.entities
    if not entities:
        return np.zeros((0, len(ENTITY_FEATURES)))
    tier = np.array(layout.tier)
    present = np.minimum(layout.entity_in, 1.0)
    mentions = layout.entity_in.sum(axis=0)
    in_title = present[tier == 0].any(axis=0).astype(float)
    title_rank = _title_ranks(layout)
    first = np.array([min(entity.sentence_of) for entity in entities], dtype=float)
    weight = (present * layout.weight[:, None]).sum(axis=0)
    order = np.argsort(np.argsort(-weight, kind="stable"), kind="stable").astype(float)
    around = surroundings(layout)
    groups = np.zeros((len(entities), len(GROUPS)))
    groups[np.arange(len(entities)), layout.groups] = 1.0
    alone = ((present.sum(axis=1) == 1)[:, None] * present).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    columns = [
        in_title,
        title_rank == 1,
        title_rank,
        present[tier == 1].any(axis=0),
        present[tier == 2].any(axis=0),
        1.0 / (1.0 + first),
        np.log1p(mentions),
        mentions / mentions.max(),
        present.sum(axis=0) / layout.count,
        np.minimum(order, 12.0),
        [entity.known for entity in entities],
        [entity.ambiguous for entity in entities],
        (present * np.minimum(layout.money_in, 1.0)[:, None]).any(axis=0),
        [min(one.list_size, 8) for one in around],
        [one.list_share for one in around],
        [one.possessive for one in around],
        [one.in_brackets for one in around],
        [one.modifier for one in around],
        [one.backed for one in around],
        [one.attribution for one in around],
        [one.plain_in_title for one in around],
        alone,
        np.full(len(entities), min(len(entities), 15)),
    ]
    return np.hstack(
        [
            np.column_stack([np.asarray(column, dtype=float) for column in columns]),
            groups,
        ]
    )


def vote_rows(votes: Floats, kind: Kind, role: Role) -> Floats:
    """What the verbs and nouns of deals say for the role, and for its rivals in the kind."""
    mine = votes[:, ROLES.index(role)]
    others = [ROLES.index(other) for other in ROLES_OF_KIND[kind] if other != role]
    rival = votes[:, others].max(axis=1) if others else np.zeros_like(mine)
    ahead = mine[:, 1] - rival[:, 1]
    return np.column_stack([mine, rival, ahead, votes[:, :, 0].max(axis=1)])


def _title_ranks(layout: Layout) -> Floats:
    """1 for the first organisation of the title, 2 for the next; 0 where it is not in the title."""
    ranks = np.zeros(len(layout.reading.entities))
    following = 1
    for items, tier in zip(layout.items, layout.tier, strict=True):
        for item in items if tier == 0 else ():
            if item.type == "entity" and not ranks[item.number]:
                ranks[item.number] = following
                following += 1
    return ranks


def anchor_rows(layout: Layout, chances: Floats) -> Floats:
    """(kind, entity, feature): how clearly the sentences with the organisation tell of the kind."""
    present = np.minimum(layout.entity_in, 1.0)
    tier = np.array(layout.tier)
    held = chances[:, :, None] * present[:, None, :]  # sentence, kind, entity
    title = held[tier == 0].max(axis=0) if (tier == 0).any() else np.zeros(held.shape[1:])
    best = (held * layout.weight[:, None, None]).max(axis=0)
    mean = held.sum(axis=0) / np.maximum(present.sum(axis=0), 1.0)[None, :]
    rank = np.argsort(np.argsort(-best, axis=1, kind="stable"), axis=1, kind="stable").astype(float)
    return np.stack([title, best, mean, np.minimum(rank, 12.0)], axis=2)
