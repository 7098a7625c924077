"""What the labels say in terms of a reading: which organisation, figure, sentence belongs to which labelled deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dealwire.extract.folded_names import fold
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.extract.gold import Deal, Labelled
from dealwire.extract.hypotheses import Hypothesis
from dealwire.extract.layout import Floats
from dealwire.extract.reading import Reading
from dealwire.extract.score import number_right
from dealwire.extract.sheet import KIND_NUMBER, Sheet, make_sheet
from dealwire.model import KINDS, Article, Party, Role


@dataclass(frozen=True, slots=True)
class Target:
    """A labelled deal found again in a reading. `missing` counts parties that no finder saw."""

    deal: Deal
    parties: tuple[tuple[int, Role], ...]
    missing: int
    money: frozenset[int]

    @property
    def primary(self) -> bool:
        return self.deal.salience == "primary"

    @property
    def kind(self) -> int:
        return KIND_NUMBER[self.deal.kind]


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled article, read and aligned."""

    labelled: Labelled
    sheet: Sheet
    targets: tuple[Target, ...]

    @property
    def group(self) -> str:
        return self.labelled.group

    @property
    def article(self) -> Article:
        return self.labelled.article


def make_case(labelled: Labelled, reading: Reading) -> Case:
    return Case(labelled, make_sheet(reading), tuple(_target(deal, reading) for deal in labelled.deals))


def _target(deal: Deal, reading: Reading) -> Target:
    found = {(number, p.role) for p in deal.parties if (number := _entity_of(p.name, reading)) is not None}
    money = frozenset(
        number
        for number, one in enumerate(reading.money)
        if deal.amount is not None
        and number_right(one.high, deal.amount)
        and (one.currency == deal.currency or one.currency is None)
    )
    missing = len({fold(p.name) for p in deal.parties}) - len({number for number, _ in found})
    return Target(deal, tuple(sorted(found)), missing, money)


def _entity_of(name: str, reading: Reading) -> int | None:
    """By folded name, else as another spelling of an organisation that the gazetteer knows."""
    numbers = {entity.key: number for number, entity in enumerate(reading.entities)}
    if fold(name) in numbers:
        return numbers[fold(name)]
    known = load_gazetteer().resolve_name(name)
    return numbers.get(fold(known.name)) if known else None


def sentence_labels(case: Case) -> Floats:
    """(sentence, kind): 1 where the sentence tells of a primary deal of the kind by its parties or its amount."""
    layout = case.sheet.layout
    labels = np.zeros((layout.count, len(KINDS)))
    for target in case.targets:
        if not target.primary:
            continue
        members = sorted({number for number, _ in target.parties})
        present = np.minimum(layout.entity_in[:, members], 1.0).sum(axis=1) if members else np.zeros(layout.count)
        needed = min(2, max(1, len(members)))
        told = present >= needed
        for number in target.money:
            told[layout.reading.money_sentence[number]] = True
        title = np.array(layout.tier) == 0
        told |= title & (present >= 1)
        labels[told, target.kind] = 1.0
    return labels


def kind_labels(case: Case) -> Floats:
    labels = np.zeros(len(KINDS))
    for target in case.targets:
        if target.primary:
            labels[target.kind] = 1.0
    return labels


def as_deal(hypothesis: Hypothesis, reading: Reading) -> Deal:
    """For comparison with labels: the parties stand under their folded names."""
    parties = tuple(Party(reading.entities[number].key, role) for number, role in hypothesis.parties)
    return Deal("primary", hypothesis.kind, "announced", parties)


def party_labels(case: Case, kind: int) -> dict[tuple[int, Role], float]:
    """(entity, role) of the deals of a kind: 1 in a primary one, less in one that is only recalled."""
    found: dict[tuple[int, Role], float] = {}
    for target in case.targets:
        if target.kind == kind:
            for party in target.parties:
                found[party] = max(found.get(party, 0.0), 1.0 if target.primary else 0.5)
    return found


def groups_of(cases: Sequence[Case]) -> list[str]:
    return [case.group for case in cases]
