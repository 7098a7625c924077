"""Named features of a figure as the amount (or the valuation) of a deal of one kind."""

from __future__ import annotations

import numpy as np

from dealwire.extract.cues import CUE_CLASSES
from dealwire.extract.features_detail import KIND_NUMBER, Anchor
from dealwire.extract.features_party import RELATIONS, relation_rows
from dealwire.extract.layout import TIERS, Floats, Layout
from dealwire.model import KINDS, QUALIFIERS

MONEY_FEATURES: tuple[str, ...] = (
    *(f"tier:{number}" for number in range(TIERS)),
    "first_sentence",
    "log_size",
    "size_rank",
    "times_named",
    "in_title_too",
    "order",
    "figures",
    "figures_in_sentence",
    "first_in_sentence",
    *(f"qualifier:{name}" for name in QUALIFIERS),
    "per_year",
    "total",
    "adjectival",
    "conversion",
    "converted",
    "inherited",
    "no_currency",
    "range",
    "entities_in_sentence",
    "prominent_in_sentence",
    "title_entity_in_sentence",
    *(f"{relation}:{name}" for relation in RELATIONS for name in CUE_CLASSES),
    *(f"before:{name}" for name in CUE_CLASSES),
)
AMOUNT_FEATURES: tuple[str, ...] = (
    *MONEY_FEATURES,
    "anchor",
    "anchor_rival",
    "anchor_ahead",
    *(f"kind:{name}" for name in KINDS),
)


def money_rows(layout: Layout, prominence: Floats) -> Floats:
    """A row a figure. `prominence` ranks the entities, 0 first."""
    reading = layout.reading
    if not reading.money:
        return np.zeros((0, len(MONEY_FEATURES)))
    places = [
        [*_place(layout, number), *_kind_of_figure(layout, number), *_company(layout, number, prominence)]
        for number in range(len(reading.money))
    ]
    relations = relation_rows(layout, "money", len(reading.money), weighted=False)
    before = np.array([np.minimum(layout.cues[max(0, s - 1)] * (s > 0), 1.0) for s in reading.money_sentence])
    return np.hstack([np.array(places, dtype=float), relations, before])


def _place(layout: Layout, number: int) -> list[float]:
    """Where the figure stands, and how it compares with the article's others."""
    reading = layout.reading
    money, sentence = reading.money[number], reading.money_sentence[number]
    values = [one.high for one in reading.money]
    larger = {value for value in values if value > money.high}
    titled = {m.high for m, s in zip(reading.money, reading.money_sentence, strict=True) if layout.tier[s] == 0}
    fellows = [at for at, other in enumerate(reading.money_sentence) if other == sentence]
    return [
        *(float(layout.tier[sentence] == place) for place in range(TIERS)),
        1.0 / (1.0 + sentence),
        float(np.log10(max(float(money.high), 1.0))),
        min(len(larger), 10),
        values.count(money.high),
        money.high in titled,
        min(number, 10),
        min(len(values), 15),
        len(fellows),
        fellows[0] == number,
    ]


def _kind_of_figure(layout: Layout, number: int) -> list[float]:
    money = layout.reading.money[number]
    return [
        *(money.qualifier == name for name in QUALIFIERS),
        money.basis == "per_year",
        money.basis == "total",
        money.adjectival,
        money.conversion_of is not None,
        any(other.conversion_of == number for other in layout.reading.money),
        money.inherited,
        money.currency is None,
        money.low is not None and money.low != money.high,
    ]


def _company(layout: Layout, number: int, prominence: Floats) -> list[float]:
    """Which organisations stand in the figure's sentence."""
    here = layout.entity_in[layout.reading.money_sentence[number]] > 0
    title = layout.entity_in[np.array(layout.tier) == 0]
    return [float(here.sum()), float((here & (prominence <= 2)).sum()), float(title[:, here].any())]


def amount_rows(money: Floats, layout: Layout, chances: Floats, kind: int) -> Floats:
    """The rows of all figures for one kind."""
    where = np.array(layout.reading.money_sentence, dtype=int)
    anchor = chances[where, kind]
    rival = np.delete(chances[where], kind, axis=1).max(axis=1) if len(where) else anchor
    one_hot = np.zeros((len(where), len(KINDS)))
    one_hot[:, kind] = 1.0
    return np.hstack([money, np.column_stack([anchor, rival, anchor - rival]), one_hot])


CLAIM_FEATURES: tuple[str, ...] = (
    "score",
    "score_elsewhere",
    "score_rank",
    "behind_best",
    "relevance",
    "relevance_share",
    "members_share",
    "members_before",
    "strangers",
    "background",
    *MONEY_FEATURES[: MONEY_FEATURES.index(f"{RELATIONS[0]}:{CUE_CLASSES[0]}")],
    *(f"kind:{name}" for name in KINDS),
)


def claim_rows(money: Floats, layout: Layout, told: Floats, amounts: Floats, anchor: Anchor) -> Floats:
    """A row a figure: does this deal own it? `told` is the sentences' relevance, `amounts` the log-odds by kind."""
    kind = KIND_NUMBER[anchor.kind]
    score = amounts[:, kind]
    elsewhere = np.delete(amounts, kind, axis=1).max(axis=1)
    rank = np.argsort(np.argsort(-score, kind="stable"), kind="stable")
    where = np.array(layout.reading.money_sentence, dtype=int)
    present = np.minimum(layout.entity_in, 1.0)
    members = list(anchor.members)
    share = present[:, members].mean(axis=1) if members else np.zeros(layout.count)
    strangers = present.sum(axis=1) - present[:, members].sum(axis=1)
    count = len(where)
    columns = [
        score,
        elsewhere,
        np.minimum(rank, 8),
        score.max() - score,
        told[where],
        told[where] / max(float(told.max()), 1e-6),
        share[where],
        np.where(where > 0, share[np.maximum(where - 1, 0)], 0.0),
        np.minimum(strangers[where], 5),
        np.full(count, float(anchor.background)),
    ]
    plain = money[:, : len(CLAIM_FEATURES) - len(columns) - len(KINDS)]
    one_hot = np.broadcast_to(np.eye(len(KINDS))[kind], (count, len(KINDS)))
    return np.hstack([np.column_stack(columns), plain, one_hot])
