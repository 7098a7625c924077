"""Named features of what hangs on a deal: its status, and terms, dates, quantities and valuations as its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dealwire.extract.cues import CUE_CLASSES
from dealwire.extract.features_party import RELATIONS, relation_rows
from dealwire.extract.layout import TIERS, Floats, ItemType, Layout
from dealwire.model import KINDS, QUALIFIERS, UNITS, Kind

KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A chosen deal in its article: what its details are judged by. `money` is the amount's number or None."""

    kind: Kind
    members: tuple[int, ...]
    money: int | None
    background: bool


def relevance(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    """How much each sentence tells of the deal: its parties, its kind, its amount."""
    present = np.minimum(layout.entity_in, 1.0)
    share = present[:, list(anchor.members)].mean(axis=1) if anchor.members else np.zeros(layout.count)
    told = share * (0.3 + 0.7 * chances[:, KIND_NUMBER[anchor.kind]])
    if anchor.money is not None:
        told[layout.reading.money_sentence[anchor.money]] += 0.5
    return np.asarray(told)


STATUS_FEATURES: tuple[str, ...] = (
    *(f"title:{name}" for name in CUE_CLASSES),
    *(f"lead:{name}" for name in CUE_CLASSES),
    *(f"own:{name}" for name in CUE_CLASSES),
    *(f"own_or_near:{name}" for name in CUE_CLASSES),
    *(f"article:{name}" for name in CUE_CLASSES),
    *(f"kind:{name}" for name in KINDS),
    "background",
    "has_amount",
    "first_sentence",
)


def status_row(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    told = relevance(layout, chances, anchor)
    ranked = np.argsort(-told, kind="stable")[:3]
    own = (np.minimum(layout.cues, 1.0)[ranked] * np.minimum(told[ranked] * 2, 1.0)[:, None]).max(axis=0)
    around = sorted({int(at) + step for at in ranked[:2] for step in (-1, 0, 1) if 0 <= at + step < layout.count})
    near = np.minimum(layout.cues[around], 1.0).max(axis=0)
    tiers = layout.tier_cues
    rest = [anchor.background, anchor.money is not None, 1.0 / (1.0 + float(ranked[0]))]
    kind = np.eye(len(KINDS))[KIND_NUMBER[anchor.kind]]
    article = np.log1p(layout.cues.sum(axis=0))
    lead = np.minimum(tiers[1] + tiers[2], 1.0)
    return np.concatenate([np.minimum(tiers[0], 1.0), lead, own, near, article, kind, rest])


ATTACHED: tuple[str, ...] = (
    *(f"tier:{number}" for number in range(TIERS)),
    "relevance",
    "relevance_share",
    "relevance_near",
    "with_amount",
    "after_amount_sentence",
    "order",
    "items",
    "items_in_sentence",
    "background",
    "members_share",
    *(f"kind:{name}" for name in KINDS),
    *(f"{relation}:{name}" for relation in RELATIONS for name in CUE_CLASSES),
)
TERM_FEATURES = (*ATTACHED, "months", "years")
DATE_FEATURES = (
    *ATTACHED,
    "absolute",
    "relative",
    "month",
    "days_before",
    "in_future",
    "same_week",
    "named",
    "unsettled",
)
QUANTITY_FEATURES = (
    *ATTACHED,
    *(f"unit:{name}" for name in UNITS),
    *(f"qualifier:{name}" for name in QUALIFIERS),
    "log_size",
    "no_figure",
    "has_item",
    "size_rank",
    "named",
)
VALUATION_FEATURES = (*ATTACHED, "log_size", "size_rank", "larger_than_amount", "is_amount", "qualified", "named")


def attached_rows(
    layout: Layout, chances: Floats, anchor: Anchor, type_of_item: ItemType, places: Sequence[int]
) -> Floats:
    """What is common to all things that may hang on a deal; a row an item."""
    told = relevance(layout, chances, anchor)
    most = max(float(told.max()), 1e-6)
    money = layout.reading.money_sentence[anchor.money] if anchor.money is not None else -9
    present = np.minimum(layout.entity_in, 1.0)
    kind = np.eye(len(KINDS))[KIND_NUMBER[anchor.kind]]
    rows = []
    for order, sentence in enumerate(places):
        near = told[max(0, sentence - 1) : sentence + 2].max()
        tier = layout.tier[sentence]
        members = present[sentence, list(anchor.members)].mean() if anchor.members else 0.0
        rows.append(
            [
                *(float(tier == place) for place in range(TIERS)),
                told[sentence],
                told[sentence] / most,
                near,
                sentence == money,
                sentence - money in (1, 2),
                min(order, 8),
                min(len(places), 10),
                places.count(sentence) if isinstance(places, tuple) else 1,
                anchor.background,
                members,
                *kind,
            ]
        )
    relations = relation_rows(layout, type_of_item, len(places), weighted=False)
    return np.hstack([np.array(rows, dtype=float), relations])


def term_rows(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    reading = layout.reading
    common = attached_rows(layout, chances, anchor, "term", reading.term_sentence)
    own = [[float(np.log1p(term.months)), term.months % 12 == 0] for term in reading.terms]
    return np.hstack([common, np.array(own, dtype=float)])


def date_rows(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    reading = layout.reading
    common = attached_rows(layout, chances, anchor, "date", reading.date_sentence)
    published, own = reading.article.published, []
    named = [one.on for one in reading.dates]
    for one in reading.dates:
        days = (published - one.on).days if published and one.on else 0
        own.append(
            [
                *(one.kind == kind for kind in ("absolute", "relative", "month")),
                float(np.clip(days, -60, 400)),
                days < 0,
                0 <= days <= 7 and one.on is not None,
                named.count(one.on),
                one.on is None,
            ]
        )
    return np.hstack([common, np.array(own, dtype=float)])


def quantity_rows(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    reading = layout.reading
    common = attached_rows(layout, chances, anchor, "quantity", reading.quantity_sentence)
    own = []
    values = [(one.unit, one.quantity) for one in reading.quantities]
    for one in reading.quantities:
        larger = sum(
            v is not None and one.quantity is not None and u == one.unit and v > one.quantity for u, v in values
        )
        own.append(
            [
                *(one.unit == unit for unit in UNITS),
                *(one.qualifier == name for name in QUALIFIERS),
                float(np.log10(max(float(one.quantity or 1), 0.001))),
                one.quantity is None,
                one.item is not None,
                larger,
                values.count((one.unit, one.quantity)),
            ]
        )
    return np.hstack([common, np.array(own, dtype=float)])


def valuation_rows(layout: Layout, chances: Floats, anchor: Anchor) -> Floats:
    reading = layout.reading
    common = attached_rows(layout, chances, anchor, "money", reading.money_sentence)
    values = [one.high for one in reading.money]
    ranks = {value: rank for rank, value in enumerate(sorted(set(values), reverse=True))}
    amount = reading.money[anchor.money].high if anchor.money is not None else None
    own = [
        [
            float(np.log10(max(float(one.high), 1.0))),
            min(ranks[one.high], 8),
            amount is not None and one.high > amount,
            amount is not None and one.high == amount,
            one.qualifier != "exact",
            values.count(one.high),
        ]
        for one in reading.money
    ]
    return np.hstack([common, np.array(own, dtype=float)])
