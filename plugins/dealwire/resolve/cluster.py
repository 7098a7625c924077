"""Which reports tell of one deal. The same code serves a file of articles and the database, in any order of arrival.

`resolve` places a whole set. `assign` places new reports among the deals that a store has loaded for them
(`candidates_needed` says which); because it clusters the loaded block anew, the result is that of `resolve`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dealwire.deal_model import Decision, Judgement, Report
from dealwire.resolve.blocking import candidates_needed
from dealwire.resolve.corroborate import in_time_order
from dealwire.resolve.exchange import Rates, shipped_rates
from dealwire.resolve.explain import Explainer
from dealwire.resolve.judgements import constraints, survivors
from dealwire.resolve.pairing import Scored, score_pairs
from dealwire.resolve.partition import limits_of, partition
from dealwire.resolve.profile import profile
from dealwire.resolve.scoring import Weights, load_weights, pair_score

__all__ = ["Assignment", "Cluster", "assign", "candidates_needed", "resolve"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One deal: its key, its reports oldest first, how each came here, and flags (`block_capped`)."""

    key: str
    reports: tuple[Report, ...]
    decisions: tuple[Decision, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The deals of a block after new reports came: all clusters, and where deals that are no more went."""

    clusters: tuple[Cluster, ...]
    tombstones: Mapping[str, str] = field(default_factory=dict)


def resolve(
    reports: Sequence[Report],
    fixed: Sequence[Judgement] = (),
    *,
    parents: Mapping[str, str] | None = None,
    rates: Rates | None = None,
    held: Mapping[str, str] | None = None,
    weights: Weights | None = None,
    explain: Collection[str] | None = None,
) -> list[Cluster]:
    """Cluster reports into deals, the same for any order of input.

    `fixed` are people's judgements; `held` is the deal that each report has now. A new deal is named after its first
    report, with "new:" before it where others are held. `explain` limits the decisions to some reports.
    """
    held, weights = held or {}, weights or load_weights()
    by_key = {report.key: report for report in reports}
    profiles = {key: profile(report, parents or {}, rates or shipped_rates()) for key, report in by_key.items()}
    scored = score_pairs(profiles, functools.partial(pair_score, weights=weights))
    limits = limits_of(profiles, constraints(by_key, fixed, held))
    groups = partition(profiles, scored, limits, weights)
    names = _names([[by_key[key] for key in group] for group in groups], held, survivors(fixed))
    explainer = Explainer(profiles, scored, weights, limits.apart)
    ordered = {name: in_time_order([by_key[key] for key in group]) for name, group in zip(names, groups, strict=True)}
    decisions = explainer.decisions(ordered, set(by_key) if explain is None else set(explain))
    return [
        Cluster(name, tuple(ordered[name]), tuple(decisions.get(name, ())), _flags(ordered[name], scored))
        for name in sorted(ordered)
    ]


def assign(
    new: Sequence[Report],
    existing: Sequence[Cluster],
    fixed: Sequence[Judgement] = (),
    *,
    parents: Mapping[str, str] | None = None,
    rates: Rates | None = None,
    weights: Weights | None = None,
) -> Assignment:
    """Place new reports among the deals of their block. A report that is in both is taken in its new form."""
    held = {report.key: cluster.key for cluster in existing for report in cluster.reports}
    fresh = {report.key for report in new}
    known = [report for cluster in existing for report in cluster.reports if report.key not in fresh]
    clusters = resolve([*known, *new], fixed, parents=parents, rates=rates, held=held, weights=weights)
    return Assignment(tuple(clusters), _tombstones(existing, clusters, survivors(fixed)))


def _names(groups: Sequence[Sequence[Report]], held: Mapping[str, str], merged: Mapping[str, str]) -> list[str]:
    """Each group's deal: the one most of its reports had, then the oldest; a deal goes to one group only."""
    wishes = []
    for number, group in enumerate(groups):
        votes: dict[str, int] = {}
        for report in group:
            deal = held.get(report.key)
            if deal is not None:
                votes[merged.get(deal, deal)] = votes.get(merged.get(deal, deal), 0) + 1
        wishes += [(-count, _age(deal), number, deal) for deal, count in votes.items()]
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, number, deal in sorted(wishes):
        if number not in names and deal not in taken:
            names[number] = deal
            taken.add(deal)
    # Among deals that have names already, a new one is marked: a report's key may look like a deal's.
    prefix = "new:" if held else ""
    return [names.get(number) or prefix + in_time_order(group)[0].key for number, group in enumerate(groups)]


def _age(deal: str) -> tuple[int, str]:
    """Deals of the database count up, so a shorter or smaller number is older."""
    return (len(deal), deal)


def _tombstones(existing: Sequence[Cluster], clusters: Sequence[Cluster], merged: Mapping[str, str]) -> dict[str, str]:
    """For each deal that has no reports any more, the deal that took most of them."""
    now = {report.key: cluster.key for cluster in clusters for report in cluster.reports}
    living = {cluster.key for cluster in clusters}
    found: dict[str, str] = {}
    for cluster in existing:
        if cluster.key not in living and cluster.reports:
            heirs = [now[report.key] for report in cluster.reports if report.key in now]
            if heirs:
                preferred = merged.get(cluster.key)
                found[cluster.key] = preferred if preferred in heirs else max(sorted(set(heirs)), key=heirs.count)
    return found


def _flags(reports: Sequence[Report], scored: Scored) -> tuple[str, ...]:
    return ("block_capped",) if any(report.key in scored.capped for report in reports) else ()
