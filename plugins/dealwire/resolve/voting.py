"""How one value is chosen from many claims: official source first, then independent majority, then probability."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from dealwire.deal_model import Report
from dealwire.resolve.blocking import happened_at
from dealwire.resolve.corroborate import is_official

_NEVER = datetime.min.replace(tzinfo=UTC)
Rule = Literal[
    "official", "independent_sources", "probability", "newest", "order", "signed", "later_change", "override"
]
SAME_AMOUNT = Decimal("0.01")  # two figures within one per cent are one claim


@dataclass(frozen=True, slots=True)
class Choice:
    """A value with the reports that state it, by rank: official word, number of independent voices, probability.

    `official_at` is when an official source said it last.
    """

    value: Hashable
    reports: tuple[Report, ...]
    official: bool
    official_at: datetime
    voices: int
    probability: float
    last_at: datetime


def evidence(reports: Sequence[Report]) -> list[Report]:
    """The reports that a value may rest on: standing ones, and asides only where nobody reports it as news."""
    standing = [report for report in reports if not report.retracted] or list(reports)
    return [report for report in standing if report.mention.salience == "primary"] or standing


def claim_probability(report: Report, field: str) -> float:
    """The extractor's probability of the field, else that of the whole record."""
    found = [claim.probability for claim in report.mention.claims if claim.field == field]
    return max(found, default=report.mention.confidence)


def ranked(
    reports: Sequence[Report], value_of: Callable[[Report], Hashable], voice_of: Mapping[str, int], field: str
) -> list[Choice]:
    """The claimed values, best first; reports that say nothing (None, or empty) take no part."""
    groups: dict[Hashable, list[Report]] = {}
    for report in reports:
        value = value_of(report)
        if value is not None and value != ():
            groups.setdefault(value, []).append(report)
    choices = [choice(value, group, voice_of, field) for value, group in groups.items()]
    return sorted(choices, key=rank, reverse=True)


def choice(value: Hashable, group: Sequence[Report], voice_of: Mapping[str, int], field: str) -> Choice:
    """Weigh one value."""
    return Choice(
        value=value,
        reports=tuple(group),
        official=any(is_official(report) for report in group),
        official_at=max((happened_at(report) or _NEVER for report in group if is_official(report)), default=_NEVER),
        voices=len({voice_of[report.key] for report in group}),
        probability=sum(sorted(claim_probability(report, field) for report in group)) / len(group),
        last_at=max((happened_at(report) or _NEVER for report in group), default=_NEVER),
    )


def rank(candidate: Choice) -> tuple[bool, datetime, int, float, datetime, str]:
    """Order of choices: the newest official word, voices, probability, the newest, and the text: no tie is left."""
    return (
        candidate.official,
        candidate.official_at,
        candidate.voices,
        round(candidate.probability, 9),
        candidate.last_at,
        repr(candidate.value),
    )


def rule_between(chosen: Choice, other: Choice) -> Rule:
    """What sets one choice before another."""
    for rule, one, two in (
        ("official", chosen.official, other.official),
        ("newest_official", chosen.official_at, other.official_at),
        ("independent_sources", chosen.voices, other.voices),
        ("probability", round(chosen.probability, 9), round(other.probability, 9)),
        ("newest", chosen.last_at, other.last_at),
    ):
        if one != two:
            return rule  # type: ignore[return-value]
    return "order"


def same_figure(one: Decimal, other: Decimal) -> bool:
    """Whether two figures are one claim."""
    return abs(one - other) <= SAME_AMOUNT * max(abs(one), abs(other))
