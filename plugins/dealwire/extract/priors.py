"""What training taught of organisations before reading on: how often a type, or a name, plays a role in a kind.

Counts are smoothed from the coarse to the fine: group, then type, then the single name. They are learned without the
event that they are used on (train.py cross-fits them), else the model would learn its own labels by heart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dealwire.extract.layout import group_of
from dealwire.extract.reading import Entity
from dealwire.model import Kind, Role

BASE_RATE = 0.15
GROUP_STRENGTH = 8.0
TYPE_STRENGTH = 6.0
NAME_STRENGTH = 4.0

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """An organisation that an article mentions where a deal of `kind` is told; `role` None: it is no party."""

    kind: Kind
    name: str
    type: str
    role: Role | None


def _logit(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


@dataclass(slots=True)
class Priors:
    seen: Counter[Key] = field(default_factory=Counter)
    played: Counter[Key] = field(default_factory=Counter)
    joint: Counter[Key] = field(default_factory=Counter)
    known: dict[tuple[Kind, Role, str, str], tuple[float, float, float]] = field(default_factory=dict, repr=False)
    paired: dict[tuple[Kind, tuple[Role, str], tuple[Role, str]], float] = field(default_factory=dict, repr=False)

    def learn(self, observations: Iterable[Observation]) -> None:
        self.known.clear()
        for one in observations:
            levels = (
                ("group", group_of(one.type)),
                ("type", one.type),
                ("name", one.name),
            )
            for level in levels:
                self.seen[(one.kind, *level)] += 1
                self.seen[("any", *level)] += 1
                if one.role:
                    self.played[(one.kind, one.role, *level)] += 1
                    self.played[("any", one.role, *level)] += 1

    def learn_pair(self, kind: Kind, one: tuple[Role, str], other: tuple[Role, str]) -> None:
        """`one` and `other` are (role, type) of two parties of one deal."""
        self.paired.clear()
        for make in (str, group_of):
            left, right = sorted(((one[0], make(one[1])), (other[0], make(other[1]))))
            self.joint[(make.__name__, kind, *left, *right)] += 1
            self.joint[(make.__name__, kind)] += 1

    def role(self, kind: Kind, role: Role, entity: Entity) -> tuple[float, float, float]:
        """Log-odds by group, by type, by name; names that the gazetteer knows come again and again."""
        key = (kind, role, entity.type, entity.key if entity.known else "")
        if key not in self.known:
            self.known[key] = self._role(kind, role, entity)
        return self.known[key]

    def _role(self, kind: Kind, role: Role, entity: Entity) -> tuple[float, float, float]:
        group, type_id, name = group_of(entity.type), entity.type, entity.key
        by_group = self._rate((kind,), role, ("group", group), BASE_RATE, GROUP_STRENGTH)
        by_type = self._rate((kind,), role, ("type", type_id), by_group, TYPE_STRENGTH)
        if not entity.known:  # a name that no list holds is judged by its group
            return _logit(by_group), _logit(by_type), _logit(by_type)
        anywhere = self._rate(("any",), role, ("name", name), by_type, NAME_STRENGTH)
        by_name = self._rate((kind,), role, ("name", name), 0.5 * (by_type + anywhere), NAME_STRENGTH)
        return _logit(by_group), _logit(by_type), _logit(by_name)

    def _rate(self, kind: Key, role: Role, level: Key, prior: float, strength: float) -> float:
        seen = self.seen[(*kind, *level)]
        played = self.played[(*kind, role, *level)]
        return min(0.98, max(0.005, (played + strength * prior) / (seen + strength)))

    def pair(self, kind: Kind, one: tuple[Role, str], other: tuple[Role, str]) -> float:
        """Log of how often the two types meet in these roles in a deal of the kind, against an even spread."""
        key = (kind, one, other)
        if key not in self.paired:
            self.paired[key] = self._pair(kind, one, other)
        return self.paired[key]

    def _pair(self, kind: Kind, one: tuple[Role, str], other: tuple[Role, str]) -> float:
        total = 0.0
        for make, spread in ((group_of, 40.0), (str, 400.0)):
            left, right = sorted(((one[0], make(one[1])), (other[0], make(other[1]))))
            hits = self.joint[(make.__name__, kind, *left, *right)]
            base = self.joint[(make.__name__, kind)]
            total += math.log((hits + 0.5) / (base + 0.5 * spread) * spread)
        return total / 2

    def to_json(self) -> dict[str, Any]:
        return {
            name: {"|".join(key): count for key, count in sorted(getattr(self, name).items())}
            for name in ("seen", "played", "joint")
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Priors:
        tables = {
            name: Counter({tuple(key.split("|")): count for key, count in data[name].items()})
            for name in ("seen", "played", "joint")
        }
        return cls(tables["seen"], tables["played"], tables["joint"])
