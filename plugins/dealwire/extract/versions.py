"""What changes when a new version of the reader reads the same articles: seen before anything is replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dealwire.extract.gold import Deal
from dealwire.extract.score import FIELDS, pair_up, roles

Change = Literal["appears", "vanishes", "changes"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One deal of one article that two versions read differently; `fields` name what changed."""

    article_id: str
    change: Change
    old: Deal | None
    new: Deal | None
    fields: tuple[str, ...] = ()

    def line(self) -> str:
        shown = self.new or self.old
        assert shown is not None
        who = ", ".join(f"{party.name} ({party.role})" for party in shown.parties)
        if self.change != "changes" or self.old is None or self.new is None:
            amount = f" {shown.amount} {shown.currency}" if shown.amount is not None else ""
            return f"{self.article_id}: {self.change}: {shown.kind} {who}{amount}"
        parts = [f"{name} {_value(self.old, name)} -> {_value(self.new, name)}" for name in self.fields]
        return f"{self.article_id}: changes: {shown.kind} {who}: {'; '.join(parts)}"


ATTRIBUTE = {
    "qualifier": "amount_qualifier",
    "basis": "amount_basis",
    "term": "term_months",
    "announced": "announced_on",
}


def _value(deal: Deal, field: str) -> str:
    if field == "parties":
        return "{" + ", ".join(f"{party.name}:{party.role}" for party in deal.parties) + "}"
    value = getattr(deal, ATTRIBUTE.get(field, field))
    return f"{value} {deal.currency}" if field == "amount" and value is not None else str(value)


def compare(old: Mapping[str, Sequence[Deal]], new: Mapping[str, Sequence[Deal]]) -> list[Difference]:
    """Both map article ids to deals; deals are paired as the scorer pairs prediction and label."""
    found: list[Difference] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, ()), new.get(name, ())
        pairs = pair_up(after, before)
        for i, j in pairs:
            fields = changed_fields(before[j], after[i])
            if fields:
                found.append(Difference(name, "changes", before[j], after[i], fields))
        kept_new, kept_old = {i for i, _ in pairs}, {j for _, j in pairs}
        found += [Difference(name, "vanishes", deal, None) for j, deal in enumerate(before) if j not in kept_old]
        found += [Difference(name, "appears", None, deal) for i, deal in enumerate(after) if i not in kept_new]
    return found


def changed_fields(old: Deal, new: Deal) -> tuple[str, ...]:
    fields = [name for name, same in FIELDS.items() if not same(new, old)]
    if roles(old) != roles(new):
        fields.insert(0, "parties")
    if old.salience != new.salience:
        fields.insert(0, "salience")
    return tuple(fields)
