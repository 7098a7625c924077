"""Features of a record hypothesis from the frames: do deal verbs and nouns give its parties the roles it gives them?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dealwire.extract.frames import ROLE_AT, Frame
from dealwire.extract.hypotheses import Hypothesis
from dealwire.extract.layout import Layout
from dealwire.model import ROLES_OF_KIND

VOTING_FEATURES: tuple[str, ...] = (
    "vote_mean",
    "vote_weakest",
    "vote_ahead",
    "vote_turned",
    "vote_left_out",
    "bound",
    "bound_weight",
    "bound_against",
)
SURE = 0.8  # a slot filled with less is no statement of who does what to whom

ALLIANCES = frozenset({"joint_venture", "partnership"})
SINGLE = VOTING_FEATURES.index("bound")

Bound = tuple[float, dict[int, set[str]]]
Votes = list[list[list[float]]]  # of each entity for each role, in plain numbers


def bound_frames(frames: Sequence[Frame], layout: Layout) -> list[Bound]:
    """Each word that binds several parties: the weight of its sentence, and the roles it gives to whom."""
    bound = []
    for frame in frames:
        given: dict[int, set[str]] = {}
        for number, role, strength in frame.votes:
            if strength >= SURE:
                given.setdefault(number, set()).add(role)
        if len(given) >= 2:
            bound.append((float(layout.weight[frame.sentence]), given))
    return bound


def voting(votes: Votes, bound: list[Bound], hypothesis: Hypothesis) -> list[float]:
    if hypothesis.kind in ALLIANCES:  # any deal may be called an alliance: such words tell no kind
        return [*[0.0] * SINGLE, *_binding(bound, hypothesis)]
    return [*_singly(votes, hypothesis), *_binding(bound, hypothesis)]


def _singly(votes: Votes, hypothesis: Hypothesis) -> list[float]:
    roles = ROLES_OF_KIND[hypothesis.kind]
    members = {number for number, _ in hypothesis.parties}
    own = [votes[number][ROLE_AT[role]] for number, role in hypothesis.parties]
    ahead = [
        mine[1] - max((votes[number][ROLE_AT[other]][1] for other in roles if other != role), default=0.0)
        for (number, role), mine in zip(hypothesis.parties, own, strict=True)
    ]
    columns = [ROLE_AT[role] for role in roles]
    outside = [one[at][0] for number, one in enumerate(votes) if number not in members for at in columns]
    given = [mine[0] for mine in own]
    return [_mean(given), min(given), _mean(ahead), min(ahead), max(outside, default=0.0)]


def _mean(values: list[float]) -> float:
    """numpy adds eight and more in another order than `sum`; the model was trained on its digits."""
    return sum(values) / len(values) if len(values) < 8 else float(np.array(values).mean())


def _binding(bound: list[Bound], hypothesis: Hypothesis) -> list[float]:
    """How much of it one word binds, in how heavy a sentence; and how heavy is a word that turns its roles."""
    wanted = dict(hypothesis.parties)
    allowed = set(ROLES_OF_KIND[hypothesis.kind])
    best, weight, against = 0.0, 0.0, 0.0
    for told, given in bound:
        met = {number: played for number, played in given.items() if number in wanted}
        right = sum(wanted[number] in played or "partner" in played for number, played in met.items())
        if right >= 2:
            best, weight = max(best, right / len(wanted)), max(weight, told)
        if any(played & allowed and wanted[number] not in played for number, played in met.items()):
            against = max(against, told)
    return [best, weight, against]
