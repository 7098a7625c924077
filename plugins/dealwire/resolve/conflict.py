"""Where outlets disagree about a deal: each claim with those who make it, the claim that stands first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from dealwire.deal_model import Report
from dealwire.resolve.amounts import ranked_amounts
from dealwire.resolve.blocking import identity, root_of
from dealwire.resolve.corroborate import voices
from dealwire.resolve.voting import Choice, Rule, evidence, ranked, rule_between


@dataclass(frozen=True, slots=True)
class Claimed:
    """One side of a conflict."""

    value: str
    outlets: tuple[str, ...]
    independent_source_count: int
    official: bool
    report_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which at least two claims differ: the one that stands first, and the rule that sets it there."""

    field: str
    claims: tuple[Claimed, ...]
    rule: Rule


def conflicts(reports: Sequence[Report], parents: Mapping[str, str] | None = None) -> list[Conflict]:
    """The deal's conflicts on amount, valuation, term, date, capacity and parties, in that order."""
    stated = evidence(reports)
    voice_of = {report.key: number for number, group in enumerate(voices(reports)) for report in group}
    amounts, rule = ranked_amounts(stated, voice_of)
    found = [_conflict("amount", amounts, _money, rule)]
    for field in ("valuation", "term_months", "announced_on"):
        found.append(_conflict(field, ranked(stated, _reader(field), voice_of, field), _plain))
    units = sorted({item.unit for report in stated for item in report.mention.capacity if item.quantity is not None})
    found += [
        _conflict(f"capacity:{unit}", ranked(stated, _quantity(unit), voice_of, "capacity"), _plain) for unit in units
    ]
    found.append(_conflict("parties", _party_choices(stated, voice_of, parents or {}), _names))
    return [conflict for conflict in found if conflict is not None]


def _conflict(
    field: str, choices: Sequence[Choice], shown: Callable[[Choice], str], rule: Rule | None = None
) -> Conflict | None:
    if len(choices) < 2:
        return None
    rule = rule or rule_between(choices[0], choices[1])
    return Conflict(field, tuple(_claimed(choice, shown) for choice in choices), rule)


def _claimed(choice: Choice, shown: Callable[[Choice], str]) -> Claimed:
    outlets = tuple(sorted({report.publisher for report in choice.reports}))
    keys = tuple(sorted(report.key for report in choice.reports))
    return Claimed(shown(choice), outlets, choice.voices, choice.official, keys)


def _reader(field: str) -> Callable[[Report], Hashable]:
    return lambda report: getattr(report.mention, field)


def _quantity(unit: str) -> Callable[[Report], Hashable]:
    return lambda report: next((c.quantity for c in report.mention.capacity if c.unit == unit), None)


def _money(choice: Choice) -> str:
    mention = choice.reports[0].mention
    bound = {"up_to": "up to ", "at_least": "at least ", "approx": "about "}.get(mention.amount_qualifier or "", "")
    yearly = " a year" if mention.amount_basis == "per_year" else ""
    return f"{bound}{mention.amount:f} {mention.currency}{yearly}"


def _plain(choice: Choice) -> str:
    return str(choice.value)


def _names(choice: Choice) -> str:
    names = sorted({f"{party.name} ({party.role})" for report in choice.reports for party in report.mention.parties})
    return ", ".join(names)


def _party_choices(stated: Sequence[Report], voice_of: Mapping[str, int], parents: Mapping[str, str]) -> list[Choice]:
    """Naming fewer parties is no contradiction: such a report counts with the fullest claim that contains its own."""

    def said(report: Report) -> frozenset[str]:
        return frozenset(root_of(identity(p.name, p.organisation_id), parents) for p in report.mention.parties)

    fullest: list[frozenset[str]] = []
    for parties in sorted({said(report) for report in stated}, key=lambda s: (-len(s), sorted(s))):
        if parties and not any(parties <= other for other in fullest):
            fullest.append(parties)

    def claim(report: Report) -> Hashable:
        return next((tuple(sorted(full)) for full in fullest if said(report) and said(report) <= full), None)

    return ranked(stated, claim, voice_of, "parties")
