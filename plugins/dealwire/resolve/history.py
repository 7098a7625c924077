"""A deal's life as versions: what we believed after each report, and what made us change it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dealwire.deal_model import Cause, DealRecord, Judgement, Report
from dealwire.resolve.blocking import happened_at
from dealwire.resolve.exchange import Rates
from dealwire.resolve.fold import fold

# What corroboration moves; a change of anything else is an amendment of what we say about the deal.
_SUPPORT = frozenset(
    (
        "first_reported_at",
        "last_reported_at",
        "source_count",
        "independent_source_count",
        "officially_confirmed",
        "confidence",
    )
)
CONVERSION = frozenset(("amount_usd", "usd_rate", "usd_rate_on"))  # what a better exchange rate moves
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DealVersion:
    """One state of belief. `valid_at` is when the news told it, `recorded_at` when it was known here."""

    version: int
    valid_at: datetime | None
    recorded_at: datetime | None
    cause: Cause
    report_key: str | None
    judgement_id: int | None
    record: DealRecord


def history(
    reports: Sequence[Report],
    judgements: Sequence[Judgement],
    rates: Rates,
    parents: Mapping[str, str] | None = None,
) -> list[DealVersion]:
    """Versions in the order in which reports and overrides became known; a report that changes nothing makes none."""
    found: list[DealVersion] = []
    known: list[Report] = []
    judged: list[Judgement] = []
    steps: list[tuple[datetime, str, Report | Judgement]] = [
        (report.seen_at or happened_at(report) or _LONG_AGO, f"1{report.key}", report) for report in reports
    ]
    steps += [(j.made_at, f"2{j.id:012}", j) for j in judgements if j.action == "override" and not j.undone]
    for at, _, step in sorted(steps, key=lambda item: item[:2]):
        if isinstance(step, Report):
            known.append(step)
        else:
            judged.append(step)
        if not known:
            continue
        before = found[-1].record if found else None
        after = fold(known, judged, rates, parents)
        if after != before:
            found.append(_version(len(found) + 1, at, step, before, after))
    return found


def cause_of(before: DealRecord | None, after: DealRecord) -> Cause:
    """Why reports changed a record: it is new, its facts changed, or only its support did."""
    if before is None:
        return "reported"
    return "corroborated" if changed_fields(before, after) <= _SUPPORT else "amended"


def changed_fields(before: DealRecord, after: DealRecord) -> frozenset[str]:
    """Names of the columns that differ."""
    names = [field.name for field in dataclasses.fields(DealRecord)]
    return frozenset(name for name in names if getattr(before, name) != getattr(after, name))


def newly_identified(before: DealRecord, after: DealRecord) -> bool:
    """Whether all that changed is which organisation a party is."""
    same_roles = sorted(party.role for party in before.parties) == sorted(party.role for party in after.parties)
    return same_roles and "parties" in changed_fields(before, after) <= {"parties", "headline"}


def _version(
    number: int, at: datetime, step: Report | Judgement, before: DealRecord | None, after: DealRecord
) -> DealVersion:
    recorded = None if at == _LONG_AGO else at
    if isinstance(step, Report):
        return DealVersion(number, happened_at(step), recorded, cause_of(before, after), step.key, None, after)
    return DealVersion(number, step.made_at, recorded, "judgement", None, step.id, after)
