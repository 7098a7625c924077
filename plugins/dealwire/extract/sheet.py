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
    vote_rows,
)
from dealwire.extract.frames import Frame, frames_of, vote_table
from dealwire.extract.layout import Floats, Layout
from dealwire.extract.priors import Priors
from dealwire.extract.reading import Entity, Reading
from dealwire.model import KINDS, ROLES, ROLES_OF_KIND, Kind

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
    frames: list[Frame]
    votes: Floats

    @property
    def reading(self) -> Reading:
        return self.layout.reading


def make_sheet(reading: Reading) -> Sheet:
    layout = Layout(reading)
    entity = entity_rows(layout)
    frames = frames_of(layout)
    return Sheet(
        layout=layout,
        sentence=sentence_rows(layout),
        topic=topic_row(layout),
        common=common_row(layout),
        entity=entity,
        relations=relation_rows(layout, "entity", len(reading.entities)),
        money=money_rows(layout, entity[:, PROMINENCE]),
        modifier=np.array(
            [sum(m.modifier for m in e.mentions) / len(e.mentions) for e in reading.entities],
            dtype=float,
        ),
        frames=frames,
        votes=vote_table(frames, layout),
    )


def party_rows(sheet: Sheet, chances: Floats, priors: Priors, pairs: list[int]) -> Floats:
    """Rows (pair, entity): every organisation in every role of `pairs` (numbers into PAIRS)."""
    entities = sheet.reading.entities
    anchors = anchor_rows(sheet.layout, chances)
    told = {
        kind: [_priors_of(priors, kind, one) for one in entities] for kind in {PAIRS[number][0] for number in pairs}
    }
    blocks = []
    for number in pairs:
        kind, role = PAIRS[number]
        place = ROLES_OF_KIND[kind].index(role)
        prior = np.array([_prior_row(by_role, place) for by_role in told[kind]])
        kinds = np.broadcast_to(np.eye(len(KINDS))[KIND_NUMBER[kind]], (len(entities), len(KINDS)))
        roles = np.broadcast_to(np.eye(len(ROLES))[ROLE_NUMBER[role]], (len(entities), len(ROLES)))
        blocks.append(
            np.hstack(
                [
                    sheet.entity,
                    anchors[KIND_NUMBER[kind]],
                    prior,
                    vote_rows(sheet.votes, kind, role),
                    sheet.relations,
                    kinds,
                    roles,
                ]
            )
        )
    return np.vstack(blocks)


def _priors_of(priors: Priors, kind: Kind, entity: Entity) -> list[tuple[float, float, float]]:
    return [priors.role(kind, role, entity) for role in ROLES_OF_KIND[kind]]


def _prior_row(by_role: list[tuple[float, float, float]], place: int) -> list[float]:
    """What is known of an entity in one role, and how far its name leads its name in the kind's other roles."""
    group, by_type, name = by_role[place]
    others = [other[2] for at, other in enumerate(by_role) if at != place]
    return [group, by_type, name, name - max(others, default=-2.0)]


def all_amount_rows(sheet: Sheet, chances: Floats) -> Floats:
    """Rows (kind, money)."""
    return np.vstack([amount_rows(sheet.money, sheet.layout, chances, number) for number in range(len(KINDS))])
