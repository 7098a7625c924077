"""The status of a deal over time: rumored, announced, completed or cancelled, and whether somebody disputes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dealwire.deal_model import Report
from dealwire.model import Status
from dealwire.resolve.blocking import happened_at
from dealwire.resolve.corroborate import in_time_order, is_official
from dealwire.resolve.voting import claim_probability, ranked
from dealwire.resolve.wording import says

_ORDER: Mapping[Status, int] = {"rumored": 0, "announced": 1, "completed": 2, "cancelled": 3}
_WAVE = timedelta(hours=60)  # reports of one event; within it outlets vote, after it the story moves on
_SURE = 0.8  # one outlet alone ends a deal only where the extractor is this sure


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands."""

    status: Status
    disputed: bool


def fold_status(reports: Sequence[Report], voice_of: Mapping[str, int]) -> Standing:
    """Walk the waves of reports in time; each wave votes, and the status moves by the allowed steps."""
    status: Status | None = None
    disputed = False
    for wave in _waves(reports):
        vote = ranked(wave, lambda report: report.mention.status, voice_of, "status")[0]
        claimed: Status = vote.reports[0].mention.status
        strong = vote.official or vote.voices >= 2
        if status is None or _may_follow(status, claimed, strong):
            if claimed == "cancelled" and status is not None and not strong and not _sure(vote.reports):
                disputed = True
            else:
                disputed = disputed and not (vote.official and claimed != "cancelled")
                status = claimed
        disputed = disputed or _denied(wave, claimed)
    assert status is not None, "a deal has at least one report"
    return Standing(status, disputed and status != "cancelled")


def _waves(reports: Sequence[Report]) -> list[list[Report]]:
    waves: list[list[Report]] = []
    for report in in_time_order(reports):
        start = happened_at(waves[-1][0]) if waves else None
        time = happened_at(report)
        if waves and (time is None or start is None or time - start <= _WAVE):
            waves[-1].append(report)
        else:
            waves.append([report])
    return waves


def _may_follow(now: Status, claimed: Status, strong: bool) -> bool:
    """Steps go forward; back from cancelled only with an official word or two independent voices."""
    if now == "cancelled":
        return strong and claimed in ("announced", "completed")
    return _ORDER[claimed] > _ORDER[now] and not (now == "completed" and claimed == "cancelled" and not strong)


def _sure(reports: Sequence[Report]) -> bool:
    return max(claim_probability(report, "status") for report in reports) >= _SURE


def _denied(wave: Sequence[Report], claimed: Status) -> bool:
    """A denial in a title or lead disputes the deal; a party's own official announcement in the wave settles it."""
    settled = any(is_official(r) and r.mention.status in ("announced", "completed") for r in wave)
    return claimed != "cancelled" and not settled and any(says(report, "denial") for report in wave)
