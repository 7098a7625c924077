"""One article's features that need no weights: computed once, used by every scorer and every training fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealwire.extract.features_amount import amount_rows, money_rows
from dealwire.extract.features_article import common_row, sentence_rows, topic_row
from dealwire.extract.features_party import (
    ENTITY_FEATURES,
    PAIRS,
    anchor_rows,
    entity_rows,
    relation_rows,
)
from dealwire.extract.layout import Floats, Layout
from dealwire.extract.priors import Priors
from dealwire.extract.reading import Reading
from dealwire.model import KINDS, ROLES

PROMINENCE = ENTITY_FEATURES.index("prominence_rank")
KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
ROLE_NUMBER = {role: number for number, role in enumerate(ROLES)}


@dataclass(frozen=True, slots=True)
class Sheet:
    layout: Layout
    sentence: Floats
    topic: Floats
    common: Floats
    entity: Floats
    relations: Floats
    money: Floats
    modifier: Floats

    @property
    def reading(self) -> Reading:
        return self.layout.reading


def make_sheet(reading: Reading) -> Sheet:
    layout = Layout(reading)
    entity = entity_rows(layout)
    return Sheet(
        layout=layout,
        sentence=sentence_rows(layout),
        topic=topic_row(layout),
        common=common_row(layout),
        entity=entity,
        relations=relation_rows(layout, "entity", len(reading.entities)),
        money=money_rows(layout, entity[:, PROMINENCE]),
        modifier=np.array([np.mean([m.modifier for m in one.mentions]) for one in reading.entities], dtype=float),
    )


def party_rows(sheet: Sheet, chances: Floats, priors: Priors, pairs: list[int]) -> Floats:
    """Rows (pair, entity): every organisation in every role of `pairs` (numbers into PAIRS)."""
    entities = sheet.reading.entities
    anchors = anchor_rows(sheet.layout, chances)
    blocks = []
    for number in pairs:
        kind, role = PAIRS[number]
        prior = np.array([_prior_row(priors, number, at, sheet) for at in range(len(entities))])
        kinds = np.broadcast_to(np.eye(len(KINDS))[KIND_NUMBER[kind]], (len(entities), len(KINDS)))
        roles = np.broadcast_to(np.eye(len(ROLES))[ROLE_NUMBER[role]], (len(entities), len(ROLES)))
        blocks.append(np.hstack([sheet.entity, anchors[KIND_NUMBER[kind]], prior, sheet.relations, kinds, roles]))
    return np.vstack(blocks)


def _prior_row(priors: Priors, pair: int, entity: int, sheet: Sheet) -> list[float]:
    kind, role = PAIRS[pair]
    one = sheet.reading.entities[entity]
    group, by_type, name = priors.role(kind, role, one)
    others = [
        priors.role(kind, PAIRS[at][1], one)[2] for at in range(len(PAIRS)) if PAIRS[at][0] == kind and at != pair
    ]
    return [group, by_type, name, name - max(others, default=-2.0)]


def all_amount_rows(sheet: Sheet, chances: Floats) -> Floats:
    """Rows (kind, money)."""
    return np.vstack([amount_rows(sheet.money, sheet.layout, chances, number) for number in range(len(KINDS))])
