"""Which reports tell of one deal. The same code serves a file of articles and the database, in any order of arrival.

`resolve` places a whole set. `assign` places new reports among the deals that a store has loaded for them
(`candidates_needed` says which); because it clusters the loaded block anew, the result is that of `resolve`.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Mapping, Sequence

from dealwire.deal_model import Judgement, Report
from dealwire.resolve.blocking import candidates_needed
from dealwire.resolve.corroborate import in_time_order
from dealwire.resolve.deals import Assignment, Cluster
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.explain import Explainer
from dealwire.resolve.judgements import constraints, standing, survivors
from dealwire.resolve.pairing import Scored, score_across, score_pairs
from dealwire.resolve.partition import limits_of, partition
from dealwire.resolve.profiles import Readings
from dealwire.resolve.scoring import Weights, load_weights, pair_score
from dealwire.resolve.search import Search

__all__ = ["Assignment", "Cluster", "assign", "candidates_needed", "resolve"]


def resolve(
    reports: Sequence[Report],
    fixed: Sequence[Judgement] = (),
    *,
    parents: Mapping[str, str] | None = None,
    held: Mapping[str, str] | None = None,
    weights: Weights | None = None,
    explain: Collection[str] | None = None,
    beside: Sequence[Cluster] = (),
    readings: Readings | None = None,
) -> list[Cluster]:
    """Cluster reports into deals, the same for any order of input.

    `fixed` are people's judgements; `held` is the deal that each report has now. A new deal is named after its first
    report, with "new:" before it where others are held. `explain` limits the decisions to some reports;
    deals `beside` are not touched, but a report may have to be reviewed for one of them.
    """
    held, weights = held or {}, weights or load_weights()
    by_key = {report.key: report for report in reports}
    read = (readings or Readings(parents or {}, shipped_rates())).of
    profiles = {key: read(report) for key, report in by_key.items()}
    score = functools.partial(pair_score, weights=weights)
    scored = score_pairs(profiles, score)
    limits = limits_of(profiles, constraints(by_key, fixed, held))
    groups = partition(profiles, scored, limits, weights)
    names = _names([[by_key[key] for key in group] for group in groups], held, survivors(fixed))
    rivals = {report.key: read(report) for cluster in beside for report in cluster.reports}
    fresh = {key: item for key, item in profiles.items() if key not in held}
    across = score_across(fresh, rivals, score)
    explainer = Explainer({**profiles, **rivals}, {**across, **scored.scores}, weights, limits.apart)
    ordered = {name: in_time_order([by_key[key] for key in group]) for name, group in zip(names, groups, strict=True)}
    others = {cluster.key: cluster.reports for cluster in beside if cluster.reports}
    wanted = set(by_key) if explain is None else set(explain)
    decisions = explainer.decisions(ordered, others, wanted, set(held.values()))
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
    weights: Weights | None = None,
    readings: Readings | None = None,
    again: Collection[str] = (),
) -> Assignment:
    """Place new reports among the deals that were loaded for them (candidates_needed, or gather).

    What the new reports match is clustered anew, as is each deal named in `again` or by a judgement; deals that are not
    connected with them stay as they are. A report that is in both is placed anew, in its new form, and counts for the
    name of the deal that held it (so that a deal outlives the extraction of its reports by a newer extractor).
    """
    fresh = {report.key for report in new}
    readings = readings or Readings(parents or {}, shipped_rates())
    search = Search(readings, weights or load_weights())
    search.add([dataclasses.replace(c, reports=tuple(r for r in c.reports if r.key not in fresh)) for c in existing])
    search.reach(new)
    judged = {key for j in standing(fixed) for key in (j.deal_key, j.other_deal_key) if key}
    search.reach([r for c in search.loaded() if c.key in judged or c.key in again for r in c.reports])
    search.expand()
    inside = search.connected()
    beside = [cluster for cluster in search.loaded() if cluster.key not in inside]
    held = {report.key: cluster.key for cluster in existing for report in cluster.reports}
    clusters = resolve(
        list(search.reached.values()), fixed, held=held, weights=weights, beside=beside, readings=readings
    )
    untouched = [cluster for cluster in beside if cluster.reports]
    tombstones = _tombstones([c for c in existing if c.key in inside], clusters, survivors(fixed))
    return Assignment(tuple(sorted([*clusters, *untouched], key=lambda c: c.key)), tombstones)


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
