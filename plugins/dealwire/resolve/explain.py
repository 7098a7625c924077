"""Why a report is in its deal, and which deals it might also be: verdicts with named reasons in log-odds."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence

from dealwire.deal_model import Decision, Report
from dealwire.resolve.clustering import Pair
from dealwire.resolve.profiles import Profile
from dealwire.resolve.scoring import MICRO, Weights, pair_reasons

_PARTNERS = 8  # reasons are averaged over the best partners; more would cost much and say the same


class Explainer:
    """Turns the scores behind a clustering into decisions."""

    def __init__(
        self, profiles: Mapping[str, Profile], scores: Mapping[Pair, int], weights: Weights, apart: Collection[Pair]
    ) -> None:
        self._profiles, self._weights, self._apart = profiles, weights, apart
        self._neighbours: dict[str, dict[str, int]] = {}
        for (one, other), score in scores.items():
            self._neighbours.setdefault(one, {})[other] = score
            self._neighbours.setdefault(other, {})[one] = score

    def decisions(
        self,
        deals: Mapping[str, Sequence[Report]],
        beside: Mapping[str, Sequence[Report]],
        wanted: Collection[str],
        older: Collection[str],
    ) -> dict[str, list[Decision]]:
        """By deal, each wanted report's decision, and a "review" beside it where another deal might be the same.

        `beside` are deals that are only looked at; `older` names those that were there before, which nobody founds.
        """
        known = {**beside, **deals}
        home = {report.key: name for name, reports in known.items() for report in reports}
        found: dict[str, list[Decision]] = {}
        for name, reports in deals.items():
            founder = None if name in older else reports[0].key
            rows = [self._own(r.key, name, reports, r.key == founder) for r in reports if r.key in wanted]
            rival = self._rival(name, known, home) if reports[0].key in wanted else None
            found[name] = rows if rival is None else [*rows, rival]
        return found

    def _own(self, key: str, name: str, reports: Sequence[Report], founds: bool) -> Decision:
        near = self._neighbours.get(key, {})
        inside = {report.key: near[report.key] for report in reports if report.key in near}
        if founds or not inside:
            return Decision(key, name, "new" if founds else "match", 0.0, {})
        mean = sum(inside.values()) / len(inside) / MICRO
        return Decision(key, name, "match", round(mean, 4), self._mean_reasons(key, inside))

    def _rival(self, name: str, deals: Mapping[str, Sequence[Report]], home: Mapping[str, str]) -> Decision | None:
        """The best deal that this one may be a duplicate of; noted at the later of the two, at its first report."""
        sums: dict[str, list[int]] = {}
        for report in deals[name]:
            for other, score in self._neighbours.get(report.key, {}).items():
                if home[other] != name:
                    sums.setdefault(home[other], []).append(score)
        means = [
            (sum(scores) // len(scores), other)
            for other, scores in sums.items()
            if self._later(deals[name], deals[other]) and not self._parted(deals[name], deals[other])
        ]
        best = max(means, default=None, key=lambda item: (item[0], item[1]))
        if best is None or best[0] < self._weights.review * MICRO:
            return None
        first = deals[name][0].key
        near = self._neighbours.get(first, {})
        there = {report.key: near[report.key] for report in deals[best[1]] if report.key in near}
        return Decision(first, best[1], "review", round(best[0] / MICRO, 4), self._mean_reasons(first, there))

    def _later(self, one: Sequence[Report], other: Sequence[Report]) -> bool:
        first, second = self._profiles[one[0].key], self._profiles[other[0].key]
        if first.at is None or second.at is None:
            return (first.at is None, first.key) > (second.at is None, second.key)
        return (first.at, first.key) > (second.at, second.key)

    def _parted(self, one: Sequence[Report], other: Sequence[Report]) -> bool:
        return any((min(a.key, b.key), max(a.key, b.key)) in self._apart for a in one for b in other)

    def _mean_reasons(self, key: str, partners: Mapping[str, int]) -> dict[str, float]:
        best = heapq.nsmallest(_PARTNERS, partners, key=lambda other: (-partners[other], other))
        totals: dict[str, float] = {}
        for other in best:
            for name, share in pair_reasons(self._profiles[key], self._profiles[other], self._weights).items():
                totals[name] = totals.get(name, 0.0) + share
        means = {name: round(total / len(best), 4) for name, total in totals.items()}
        return dict(sorted(means.items(), key=lambda item: (-abs(item[1]), item[0])))
