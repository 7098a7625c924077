"""Named features of sentences and of whole articles: what kind of deal is told here, if any."""

from __future__ import annotations

import numpy as np

from dealwire.extract.cues import CUE_CLASSES
from dealwire.extract.layout import CUES, GROUPS, TIERS, Floats, Layout
from dealwire.model import KINDS

SENTENCE_FEATURES: tuple[str, ...] = (
    *(f"cue:{name}" for name in CUE_CLASSES),
    *(f"near:{name}" for name in CUE_CLASSES),
    *(f"title:{name}" for name in CUE_CLASSES),
    *(f"group:{name}" for name in GROUPS),
    *(f"tier:{number}" for number in range(TIERS)),
    "entities",
    "two_entities",
    "money",
    "quantities",
    "terms",
)


def sentence_rows(layout: Layout) -> Floats:
    """A row a sentence."""
    own = np.minimum(layout.cues, 2.0)
    near = np.zeros_like(own)
    near[1:] += np.minimum(layout.cues[:-1], 1.0)
    near[:-1] += np.minimum(layout.cues[1:], 1.0)
    title = np.broadcast_to(layout.tier_cues[0], own.shape)
    groups = np.zeros((layout.count, len(GROUPS)))
    for number, group in enumerate(layout.groups):
        groups[:, group] += np.minimum(layout.entity_in[:, number], 1.0)
    tiers = np.zeros((layout.count, TIERS))
    tiers[np.arange(layout.count), layout.tier] = 1.0
    entities = np.minimum(layout.entity_in, 1.0).sum(axis=1)
    reading = layout.reading
    rest = np.column_stack(
        [
            np.minimum(entities, 4.0),
            entities >= 2,
            np.minimum(layout.money_in, 3.0),
            np.minimum(layout.count_in(reading.quantity_sentence), 2.0),
            np.minimum(layout.count_in(reading.term_sentence), 1.0),
        ]
    )
    return np.hstack([own, near, title, np.minimum(groups, 2.0), tiers, rest])


TOPIC_FEATURES: tuple[str, ...] = (
    *(f"top:{name}" for name in CUE_CLASSES),
    *(f"all:{name}" for name in CUE_CLASSES),
    *(f"top_group:{name}" for name in GROUPS),
)


def topic_row(layout: Layout) -> Floats:
    """The article as a whole, its top counting most: a second opinion on the kind beside the sentences'."""
    tiers = np.minimum(layout.tier_cues, 1.0)
    top = np.minimum(1.5 * tiers[0] + tiers[1] + 0.6 * tiers[2], 3.0)
    return np.concatenate([top, np.log1p(layout.cues.sum(axis=0)), top_groups(layout)])


def top_groups(layout: Layout) -> Floats:
    """How many organisations of each group title and lead name."""
    groups = np.zeros(len(GROUPS))
    if layout.groups:
        np.add.at(
            groups,
            layout.groups,
            layout.entity_in[np.array(layout.tier) <= 1].any(axis=0),
        )
    return np.minimum(groups, 3.0)


KIND_SUMMARY: tuple[str, ...] = (
    "topic",
    "title",
    "lead",
    "paragraph",
    "body_max",
    "body_second",
    "body_mean",
    "weighted",
)
ARTICLE_COMMON: tuple[str, ...] = (
    *(f"title_cue:{name}" for name in CUE_CLASSES),
    *(f"lead_cue:{name}" for name in CUE_CLASSES),
    *(f"body_cue:{name}" for name in CUE_CLASSES),
    *(f"top_group:{name}" for name in GROUPS),
    "title_entities",
    "lead_entities",
    "entities",
    "known_entities",
    "title_money",
    "lead_money",
    "money",
    "quantities",
    "terms",
    "sentences",
)
KIND_FEATURES: tuple[str, ...] = (
    *(f"own:{name}" for name in KIND_SUMMARY),
    *(f"rival:{name}" for name in KIND_SUMMARY),
    *(f"ahead:{name}" for name in KIND_SUMMARY),
    *(f"kind:{name}" for name in KINDS),
    *ARTICLE_COMMON,
)
GATE_FEATURES: tuple[str, ...] = (
    *(f"best:{name}" for name in KIND_SUMMARY),
    "kinds_sum",
    *ARTICLE_COMMON,
)


def common_row(layout: Layout) -> Floats:
    cues, reading = layout.tier_cues, layout.reading
    tier = np.array(layout.tier)
    present = np.minimum(layout.entity_in, 1.0)
    title, lead = (
        present[tier == 0].any(axis=0),
        present[(tier == 1) | (tier == 2)].any(axis=0),
    )
    figures = [
        title.sum(),
        lead.sum(),
        min(len(reading.entities), 12),
        sum(entity.known for entity in reading.entities),
        layout.money_in[tier == 0].sum(),
        layout.money_in[(tier == 1) | (tier == 2)].sum(),
        len(reading.money),
        len(reading.quantities),
        len(reading.terms),
        layout.count,
    ]
    body = np.log1p(layout.cues[tier == 3].sum(axis=0))
    return np.concatenate([cues[0], np.minimum(cues[1] + cues[2], 2.0), body, top_groups(layout), figures])


def kind_summary(layout: Layout, sentence_kinds: Floats, topics: Floats) -> Floats:
    """A row a kind from the sentences' log-odds: where in the article, and how clearly, a kind is told."""
    tier = np.array(layout.tier)
    chances = 1.0 / (1.0 + np.exp(-sentence_kinds))
    nothing = np.zeros(len(KINDS))

    def best(rows: Floats) -> Floats:
        return np.asarray(rows.max(axis=0)) if len(rows) else nothing

    body = chances[tier > 0]
    ranked = np.sort(body, axis=0)
    second = ranked[-2] if len(ranked) > 1 else nothing
    mean = body.mean(axis=0) if len(body) else nothing
    weighted = (chances * layout.weight[:, None]).sum(axis=0) / layout.weight.sum()
    return np.column_stack(
        [
            1.0 / (1.0 + np.exp(-topics)),
            best(chances[tier == 0]),
            best(chances[tier == 1]),
            best(chances[tier == 2]),
            best(body),
            second,
            mean,
            weighted,
        ]
    )


def kind_rows(layout: Layout, sentence_kinds: Floats, topics: Floats, common: Floats) -> Floats:
    """A row a kind."""
    own = kind_summary(layout, sentence_kinds, topics)
    count = len(KINDS)
    rival = np.empty_like(own)
    for number in range(count):
        rival[number] = np.delete(own, number, axis=0).max(axis=0)
    return np.hstack(
        [
            own,
            rival,
            own - rival,
            np.eye(count),
            np.broadcast_to(common, (count, len(common))),
        ]
    )


def gate_row(layout: Layout, sentence_kinds: Floats, topics: Floats, common: Floats) -> Floats:
    own = kind_summary(layout, sentence_kinds, topics)
    return np.concatenate([own.max(axis=0), [own[:, -1].sum()], common])


assert len(CUE_CLASSES) == CUES
