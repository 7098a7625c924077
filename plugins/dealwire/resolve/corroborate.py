"""How many newsrooms stand behind a deal: copies of one text and stories told after another newsroom count once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dealwire.deal_model import Report
from dealwire.resolve.blocking import happened_at
from dealwire.resolve.wording import attributed_to, newsroom_of

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Corroboration:
    """The sources of a deal. `voices` are groups of report keys; each group is one independent source."""

    source_count: int
    independent_source_count: int
    officially_confirmed: bool
    first_reported_at: datetime | None
    last_reported_at: datetime | None
    voices: tuple[tuple[str, ...], ...]


def in_time_order(reports: Sequence[Report]) -> list[Report]:
    """Oldest first; reports of one instant by key, undated ones last."""
    return sorted(reports, key=lambda report: (happened_at(report) or _LAST, report.key))


def voices(reports: Sequence[Report]) -> list[list[Report]]:
    """Independent sources: reports joined by publisher, near-duplicate story, or the newsroom they tell after."""
    owner: dict[str, str] = {}

    def find(node: str) -> str:
        while owner.setdefault(node, node) != node:
            owner[node] = owner[owner[node]]
            node = owner[node]
        return node

    def join(one: str, other: str) -> None:
        low, high = sorted((find(one), find(other)))
        owner[high] = low

    for report in reports:
        node = f"report:{report.key}"
        if report.publisher:
            join(node, f"newsroom:{newsroom_of(report.publisher)}")
        if report.story_id is not None:
            join(node, f"story:{report.story_id}")
        source = attributed_to(report)
        if source is not None:
            join(node, f"newsroom:{source}")
    groups: dict[str, list[Report]] = {}
    for report in in_time_order(reports):
        groups.setdefault(find(f"report:{report.key}"), []).append(report)
    return list(groups.values())


def corroborate(reports: Sequence[Report]) -> Corroboration:
    """Count the sources of one deal's reports; retracted ones count for nothing."""
    standing = [report for report in reports if not report.retracted]
    groups = voices(standing)
    times = [time for report in standing if (time := happened_at(report)) is not None]
    return Corroboration(
        source_count=len({newsroom_of(r.publisher) if r.publisher else f"report:{r.key}" for r in standing}),
        independent_source_count=len(groups),
        officially_confirmed=any(is_official(report) for report in standing),
        first_reported_at=min(times, default=None),
        last_reported_at=max(times, default=None),
        voices=tuple(tuple(report.key for report in group) for group in groups),
    )


def is_official(report: Report) -> bool:
    """An issuer's newsroom or a filing that tells the deal as its own news."""
    return report.official and report.mention.salience == "primary"
