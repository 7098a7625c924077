"""Follows matching pairs from new reports through loaded deals: the connected block that is clustered anew."""

from __future__ import annotations

from collections.abc import Sequence

from dealwire.deal_model import Report
from dealwire.resolve.deals import Cluster
from dealwire.resolve.pairing import within_window
from dealwire.resolve.profiles import Profile, Readings
from dealwire.resolve.scoring import MICRO, Weights, pair_score


class Search:
    """What is loaded, and what of it is connected with the new reports."""

    def __init__(self, readings: Readings, weights: Weights) -> None:
        self._readings, self._weights = readings, weights
        self._line = round(weights.match * MICRO)
        self.clusters: dict[str, Cluster] = {}
        self._home: dict[str, str] = {}
        self._profiles: dict[str, Profile] = {}
        self._by_key: dict[str, list[str]] = {}
        self.reached: dict[str, Report] = {}
        self._edge: list[str] = []
        self._unlike: set[tuple[str, str]] = set()

    def add(self, clusters: Sequence[Cluster]) -> None:
        """Take in loaded deals."""
        for cluster in clusters:
            if cluster.key in self.clusters:
                continue
            self.clusters[cluster.key] = cluster
            for report in cluster.reports:
                if report.key not in self.reached:
                    self._home[report.key] = cluster.key
                    self._index(report)

    def reach(self, reports: Sequence[Report]) -> None:
        """Count reports as part of the block."""
        for report in reports:
            if report.key not in self.reached:
                self.reached[report.key] = report
                self._index(report)
                self._edge.append(report.key)

    def expand(self) -> list[Report]:
        """Follow likely pairs from the block into what is loaded; the reports that were reached for the first time."""
        found: list[Report] = []
        done = list(self._edge)
        while self._edge:
            for other in self._linked(self._edge.pop()):
                reports = [r for r in self.clusters[self._home[other]].reports if r.key not in self.reached]
                self.reach(reports)
                found += reports
        # The whole block is looked at again next time: deals loaded later may be linked to any of it.
        self._edge = [*done, *(report.key for report in found)]
        return found

    def loaded(self) -> tuple[Cluster, ...]:
        """All deals taken in."""
        return tuple(self.clusters[name] for name in sorted(self.clusters))

    def connected(self) -> set[str]:
        """Names of the deals in the block."""
        return {self._home[key] for key in self.reached if key in self._home}

    def _index(self, report: Report) -> None:
        if report.key not in self._profiles:
            self._profiles[report.key] = read = self._readings.of(report)
            for key in read.keys:
                self._by_key.setdefault(key, []).append(report.key)

    def _linked(self, key: str) -> list[str]:
        one = self._profiles[key]
        others = {other for shared in one.keys for other in self._by_key[shared]}
        return sorted(other for other in others if other not in self.reached and self._likely(one, other))

    def _likely(self, one: Profile, key: str) -> bool:
        if (one.key, key) in self._unlike:
            return False
        other = self._profiles[key]
        likely = within_window(one, other) and pair_score(one, other, self._weights) >= self._line
        if not likely:
            self._unlike.add((one.key, key))
        return likely
