"""From weighed hypotheses to the deals of an article: the best first, then those that are another deal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealwire.extract.features_record import RECORD_FEATURES
from dealwire.extract.hypotheses import Hypothesis
from dealwire.extract.layout import Floats
from dealwire.extract.score import kinds_fit

MOST = 6  # deals looked at in one article

EMIT_FEATURES: tuple[str, ...] = (
    "match",
    "exact",
    "place",
    "first_match",
    "behind_first",
    "shared_with_earlier",
    "same_kind_as_earlier",
    "same_parties_as_earlier",
    "inside_earlier",
    "earlier_likely",
    "later_likely",
    "order_behind",
    *RECORD_FEATURES,
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hypothesis that survived, with its row for the scorer that decides whether it is told as news."""

    hypothesis: Hypothesis
    match: float
    exact: float
    row: Floats
    record_row: Floats


def overlap(one: Hypothesis, other: Hypothesis) -> float:
    mine, theirs = one.entities, other.entities
    return len(mine & theirs) / max(1, len(mine | theirs))


def same_deal(one: Hypothesis, other: Hypothesis) -> bool:
    if "joint_venture" in (one.kind, other.kind) and one.entities == other.entities:
        return True  # what two parties do together is called a venture of both in many a contract's story
    return kinds_fit(one.kind, other.kind) and overlap(one, other) >= 0.5


def survivors(
    hypotheses: list[Hypothesis],
    order: Floats,
    match: Floats,
    exact: Floats,
    rows: Floats,
) -> list[Ranked]:
    """At most MOST hypotheses of which no two can be the same deal, by `order`; `match`, `exact` in log-odds."""
    kept: list[int] = []
    falling = (-order).tolist()
    for at in sorted(
        range(len(hypotheses)),
        key=lambda at: (falling[at], hypotheses[at].kind, hypotheses[at].parties),
    ):
        if not any(same_deal(hypotheses[at], hypotheses[other]) for other in kept):
            kept.append(at)
        if len(kept) == MOST:
            break
    ranked = []
    for place, at in enumerate(kept):
        row = [
            *_emit_row(place, kept, hypotheses, match, exact),
            float(order[kept[0]] - order[at]),
        ]
        ranked.append(
            Ranked(
                hypotheses[at],
                float(match[at]),
                float(exact[at]),
                np.concatenate([row, rows[at]]),
                rows[at],
            )
        )
    return ranked


def _emit_row(
    place: int,
    kept: list[int],
    hypotheses: list[Hypothesis],
    match: Floats,
    exact: Floats,
) -> list[float]:
    at, earlier, later = kept[place], kept[:place], kept[place + 1 :]
    me = hypotheses[at]
    likely = 1 / (1 + np.exp(-match))
    return [
        float(match[at]),
        float(exact[at]),
        float(place),
        float(match[kept[0]]),
        float(match[kept[0]] - match[at]),
        max((overlap(me, hypotheses[one]) for one in earlier), default=0.0),
        float(any(hypotheses[one].kind == me.kind for one in earlier)),
        float(any(hypotheses[one].entities == me.entities for one in earlier)),
        float(any(me.entities < hypotheses[one].entities for one in earlier)),
        float(sum(likely[one] for one in earlier)),
        float(sum(likely[one] for one in later)),
    ]
