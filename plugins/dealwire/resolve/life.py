"""A deal's life as a person follows it: what each report added, with whom it counts, and what it changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dealwire.deal_model import DealRecord, Report
from dealwire.resolve.corroborate import in_time_order, voices
from dealwire.resolve.exchange import Rates
from dealwire.resolve.fold import fold
from dealwire.resolve.history import changed_fields
from dealwire.resolve.wording import attributed_to, newsroom_of

MOST_STEPS = 200  # reports of which each is shown with its effect; folding so many prefixes takes seconds
Copied = Literal["same_text", "told_after", "same_publisher", "same_source"]


@dataclass(frozen=True, slots=True)
class Step:
    """One report in the order of the news: its independent source (1 for the first), and the belief after it.

    `copies` says why it adds no source of its own, where it does not.
    """

    report: Report
    source: int
    copies: Copied | None
    before: DealRecord | None
    after: DealRecord

    @property
    def changed(self) -> frozenset[str]:
        """Columns that this report changed; none for the first one."""
        return frozenset() if self.before is None else changed_fields(self.before, self.after)


def steps(reports: Sequence[Report], rates: Rates, parents: Mapping[str, str]) -> list[Step]:
    """The reports, oldest first, each with what would have been believed when it appeared."""
    ordered = in_time_order(reports)[:MOST_STEPS]
    source_of = {r.key: number for number, group in enumerate(voices(reports), start=1) for r in group}
    found: list[Step] = []
    for count, report in enumerate(ordered, start=1):
        before = found[-1].after if found else None
        same = [step.report for step in found if step.source == source_of[report.key]]
        copies = _copied(report, same) if same else None
        found.append(Step(report, source_of[report.key], copies, before, fold(ordered[:count], (), rates, parents)))
    return found


def _copied(report: Report, earlier: Sequence[Report]) -> Copied:
    """Why a report counts together with earlier ones."""
    if report.story_id is not None and any(report.story_id == other.story_id for other in earlier):
        return "same_text"
    if any(newsroom_of(report.publisher) == newsroom_of(other.publisher) for other in earlier):
        return "same_publisher"
    if attributed_to(report) or any(attributed_to(other) for other in earlier):
        return "told_after"
    return "same_source"
