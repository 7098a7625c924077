"""Named features of a whole record hypothesis: do kind and parties hold together, and is nobody left out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from dealwire.extract.features_party import ENTITY_FEATURES, PAIRS
from dealwire.extract.features_votes import VOTING_FEATURES, bound_frames, voting
from dealwire.extract.frames import Frame
from dealwire.extract.hypotheses import SCORE_COLUMN, Hypothesis
from dealwire.extract.layout import Floats, Layout
from dealwire.extract.priors import Priors
from dealwire.extract.scorers import chance
from dealwire.model import KINDS, ROLES_OF_KIND

RECORD_FEATURES: tuple[str, ...] = (
    "gate",
    "kind_score",
    "kind_lead",
    "kind_rank",
    "gate_and_kind",
    "parties",
    "roles",
    "support_sum",
    "support_mean",
    "support_min",
    "support_max",
    "side_min",
    "role_margin",
    "left_out_best",
    "left_out_mass",
    "expected_overlap",
    "rank_in_kind",
    "behind_best",
    "title_share",
    "title_left_out",
    "lead_share",
    "top_share",
    "together_best",
    "together_anchor",
    "together_title",
    "together_lead",
    "together_money",
    "distance",
    "known_share",
    "prominence_mean",
    "prominence_worst",
    "type_pair",
    "elsewhere",
    "amount_score",
    "amount_together",
    "entities",
    "modifier_share",
    *VOTING_FEATURES,
    *(f"kind:{name}" for name in KINDS),
)
KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
IN_TITLE, IN_LEAD, IN_PARAGRAPH, RANK, KNOWN = (
    ENTITY_FEATURES.index(name) for name in ("in_title", "in_lead", "in_paragraph", "prominence_rank", "known")
)
COLUMNS_OF_KIND = {kind: [SCORE_COLUMN[kind, role] for role in ROLES_OF_KIND[kind]] for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the single scorers said of an article. `chances`: kind by sentence; `party`: (entity, PAIRS) log-odds;
    `amounts`: (money, kind) log-odds."""

    layout: Layout
    entity: Floats
    chances: Floats
    kind: Floats
    gate: float
    party: Floats
    amounts: Floats
    modifier: Floats
    frames: Sequence[Frame]
    votes: Floats


def record_rows(hypotheses: list[Hypothesis], evidence: Evidence, priors: Priors) -> Floats:
    """A row a hypothesis."""
    if not hypotheses:
        return np.zeros((0, len(RECORD_FEATURES)))
    return _Table(hypotheses, evidence, priors).rows()


PAIR_SLOTS = list(combinations(range(5), 2))
NOBODY = -8.0


class _Table:
    """All hypotheses of one article at once: parties stand in padded columns, `there` marks the real ones."""

    def __init__(self, hypotheses: list[Hypothesis], evidence: Evidence, priors: Priors) -> None:
        self.hypotheses, self.evidence, self.priors = hypotheses, evidence, priors
        width = max(len(one.parties) for one in hypotheses)
        shape = (len(hypotheses), width)
        self.member = np.zeros(shape, dtype=np.int64)
        self.column = np.zeros(shape, dtype=np.int64)
        self.there = np.zeros(shape, dtype=bool)
        for row, one in enumerate(hypotheses):
            for place, (entity, role) in enumerate(one.parties):
                self.member[row, place] = entity
                self.column[row, place] = SCORE_COLUMN[one.kind, role]
                self.there[row, place] = True
        self.size = self.there.sum(axis=1)
        self.kind = np.array([KIND_NUMBER[one.kind] for one in hypotheses])
        self.entities = len(evidence.entity)
        self.inside = np.zeros((len(hypotheses), self.entities), dtype=bool)
        rows = np.broadcast_to(np.arange(len(hypotheses))[:, None], shape)
        self.inside[rows[self.there], self.member[self.there]] = True
        chances = chance(evidence.party)
        self.role_best = np.stack([chances[:, COLUMNS_OF_KIND[kind]].max(axis=1) for kind in KINDS])

    def rows(self) -> Floats:
        one_hot = np.eye(len(KINDS))[self.kind]
        modifier = self._mean(self.evidence.modifier)
        parts = [
            self._kind(),
            self._support(),
            self._place(),
            self._together(),
            self._people(),
            np.column_stack([self._type_pair(), self._elsewhere()]),
            self._amount(),
            np.column_stack([np.full(len(self.kind), float(self.entities)), modifier]),
            self._votes(),
            one_hot,
        ]
        return np.hstack(parts)

    def _mean(self, of_entity: Floats) -> Floats:
        return np.asarray((self.inside * of_entity).sum(axis=1) / np.maximum(self.inside.sum(axis=1), 1))

    def _kind(self) -> Floats:
        scores = self.evidence.kind
        order = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
        others = np.array([np.delete(scores, number).max() for number in range(len(KINDS))])
        mine, gate = scores[self.kind], np.full(len(self.kind), self.evidence.gate)
        roles = [len({role for _, role in one.parties}) for one in self.hypotheses]
        return np.column_stack(
            [gate, mine, mine - others[self.kind], order[self.kind], np.minimum(gate, mine), self.size, roles]
        )

    def _support(self) -> Floats:
        party = self.evidence.party
        scores = party[self.member, self.column]
        total = np.where(self.there, scores, 0.0).sum(axis=1)
        mean = total / self.size
        weakest = np.where(self.there, scores, np.inf).min(axis=1)
        strongest = np.where(self.there, scores, -np.inf).max(axis=1)
        side, margin = self._sides(scores)
        reach = self.role_best[self.kind]
        outside = np.where(self.inside, 0.0, reach)
        mass = np.where(outside > 0.2, outside, 0.0).sum(axis=1)
        overlap = np.where(self.inside, reach, 0.0).sum(axis=1) / (self.size + mass)
        rank, behind = np.zeros(len(mean)), np.zeros(len(mean))
        for number in np.unique(self.kind):
            same = self.kind == number
            rank[same] = (mean[same][None, :] > mean[same][:, None] + 1e-12).sum(axis=1)
            behind[same] = mean[same].max() - mean[same]
        return np.column_stack(
            [total, mean, weakest, strongest, side, margin, outside.max(axis=1), mass, overlap, rank, behind]
        )

    def _sides(self, scores: Floats) -> tuple[Floats, Floats]:
        """The weakest side by its best party; the smallest lead of a party's role over its other roles."""
        party, side, margin = self.evidence.party, np.full(len(scores), np.inf), np.full(len(scores), np.inf)
        columns = np.arange(party.shape[1])
        for column in np.unique(self.column[self.there]):
            here = self.there & (self.column == column)
            best = np.where(here, scores, -np.inf).max(axis=1)
            side = np.where(np.isfinite(best), np.minimum(side, best), side)
            rivals = [at for at in columns if PAIRS[at][0] == PAIRS[column][0] and at != column]
            others = party[:, rivals].max(axis=1) if rivals else np.full(len(party), -6.0)
            lead = np.where(here, scores - others[self.member], np.inf).min(axis=1)
            margin = np.minimum(margin, lead)
        return side, margin

    def _place(self) -> Floats:
        entity = self.evidence.entity
        title, lead = entity[:, IN_TITLE], entity[:, IN_LEAD]
        top = np.minimum(title + lead + entity[:, IN_PARAGRAPH], 1.0)
        inside = (self.inside * title).sum(axis=1)
        return np.column_stack([self._mean(title), title.sum() - inside, self._mean(lead), self._mean(top)])

    def _together(self) -> Floats:
        """The weakest pair of the first five decides; a lone party is judged by its own sentences."""
        tables = _pair_tables(self.evidence, np.unique(self.kind))
        best: Floats | None = None
        slots = [(0, 0), *(slot for slot in PAIR_SLOTS if slot[1] < self.member.shape[1])]
        for left, right in slots:
            real = self.there[:, right] if right else self.size == 1
            one, other = self.member[:, left], self.member[:, right]
            values = np.column_stack(
                [tables[name][one, other] for name in ("near", "title", "lead", "money", "distance")]
            )
            anchored = tables["anchor"][self.kind, one, other]
            row = np.insert(values, 1, anchored, axis=1)
            row[~real, 1] = np.inf
            if best is None:
                best = row
            else:
                worse = row[:, 1] < best[:, 1]
                best[worse] = row[worse]
        assert best is not None
        return best

    def _people(self) -> Floats:
        rank = self.evidence.entity[:, RANK]
        worst = np.where(self.inside, rank, -1.0).max(axis=1)
        return np.column_stack([self._mean(self.evidence.entity[:, KNOWN]), self._mean(rank), worst])

    def _type_pair(self) -> Floats:
        types = [one.type for one in self.evidence.layout.reading.entities]
        known: dict[Any, float] = {}
        values = []
        for one in self.hypotheses:
            scores = []
            for (left, left_role), (right, right_role) in combinations(one.parties[:4], 2):
                key = (one.kind, left_role, types[left], right_role, types[right])
                if key not in known:
                    known[key] = self.priors.pair(one.kind, (left_role, types[left]), (right_role, types[right]))
                scores.append(known[key])
            values.append(sum(scores) / len(scores) if scores else 0.0)
        return np.array(values)

    def _votes(self) -> Floats:
        """What verbs and nouns say of the parties' roles: singly, and of several parties at once."""
        bound = bound_frames(self.evidence.frames, self.evidence.layout)
        votes = self.evidence.votes.tolist()
        return np.array([voting(votes, bound, one) for one in self.hypotheses])

    def _elsewhere(self) -> Floats:
        """How much better another likely kind would suit the same parties."""
        means = np.stack([self._mean(best) for best in self.role_best], axis=1)
        mine = means[np.arange(len(means)), self.kind]
        means[:, self.evidence.kind <= -3.0] = 0.0
        means[np.arange(len(means)), self.kind] = 0.0
        return np.asarray(means.max(axis=1) - mine)

    def _amount(self) -> Floats:
        amounts = self.evidence.amounts
        if not len(amounts):
            return np.full((len(self.kind), 2), NOBODY)
        layout = self.evidence.layout
        where = np.array(layout.reading.money_sentence)
        present = layout.entity_in[where] > 0
        near = (self.inside[:, None, :] & present[None, :, :]).any(axis=2)
        scores = amounts[:, self.kind].T
        return np.column_stack([scores.max(axis=1), np.where(near, scores, NOBODY).max(axis=1)])


def _pair_tables(evidence: Evidence, kinds: Any) -> dict[str, Floats]:
    """(entity, entity) tables: how the two stand together; `anchor` has the kind in front."""
    layout = evidence.layout
    present = layout.entity_in > 0
    both = present[:, :, None] & present[:, None, :]
    tier = np.array(layout.tier)
    near = layout.weight[:, None, None] * both
    count = present.shape[1]
    anchor = np.zeros((len(KINDS), count, count))
    for kind in kinds:
        anchor[kind] = (near * evidence.chances[:, kind][:, None, None]).max(axis=0)
    return {
        "near": near.max(axis=0),
        "anchor": anchor,
        "title": both[tier == 0].any(axis=0).astype(float),
        "lead": both[tier == 1].any(axis=0).astype(float),
        "money": both[layout.money_in > 0].any(axis=0).astype(float),
        "distance": _distances(layout),
    }


def _distances(layout: Layout) -> Floats:
    """Log of the fewest characters between two mentions of each pair."""
    entities = layout.reading.entities
    starts = np.array([mention.start for one in entities for mention in one.mentions[:12]], dtype=float)
    counts = [min(len(one.mentions), 12) for one in entities]
    cuts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)
    gaps = np.abs(starts[:, None] - starts[None, :])
    nearest = np.minimum.reduceat(np.minimum.reduceat(gaps, cuts, axis=0), cuts, axis=1)
    return np.asarray(np.log1p(nearest))


assert len(PAIRS) == len(SCORE_COLUMN)
