"""Deals in memory, loaded and stored as the pipeline does it on the database: what the shuffle tests run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from dealwire.deal_model import Judgement, Report
from dealwire.resolve.blocking import REACH, WINDOW, Need, blocking_keys, happened_at
from dealwire.resolve.cluster import Cluster, assign
from dealwire.resolve.gather import gather

_LAST = datetime.max.replace(tzinfo=UTC)


class MemoryStore:
    def __init__(self, parents: Mapping[str, str], judgements: Sequence[Judgement] = ()) -> None:
        self.parents, self.judgements = parents, judgements
        self.deals: dict[str, tuple[Report, ...]] = {}
        self.tombstones: dict[str, str] = {}
        self.complete = True
        self._next = 1

    def load(self, need: Need) -> list[Cluster]:
        found = {name for key, at in need.lookups for name in self._nearest(key, at)}
        return [Cluster(name, self.deals[name]) for name in sorted(found)]

    def _nearest(self, key: str, at: datetime | None) -> Iterable[str]:
        carrying = sorted(
            (happened_at(report) or _LAST, report.key, name)
            for name, reports in self.deals.items()
            for report in reports
            if key in blocking_keys(report, self.parents)
        )
        if at is None:
            return [name for _, _, name in carrying]
        before = [row for row in carrying if row[0] <= at and at - row[0] <= WINDOW][-REACH:]
        after = [row for row in carrying if row[0] > at and (row[0] == _LAST or row[0] - at <= WINDOW)]
        undated = [row for row in after if row[0] == _LAST]
        return [name for _, _, name in [*before, *after[:REACH], *undated]]

    def arrive(self, reports: Sequence[Report]) -> None:
        self._take_out({report.key for report in reports})
        block = gather(reports, self.load, parents=self.parents)
        self.complete &= block.complete
        assignment = assign(reports, block.clusters, self.judgements, parents=self.parents)
        for cluster in block.clusters:
            del self.deals[cluster.key]
        for cluster in assignment.clusters:
            name = cluster.key
            if name.startswith("new:") or not name.isdigit():
                name, self._next = str(self._next), self._next + 1
            self.deals[name] = cluster.reports
        self.tombstones |= assignment.tombstones

    def _take_out(self, keys: set[str]) -> None:
        """Reports that are placed anew leave the deals they are in."""
        left = {name: tuple(r for r in reports if r.key not in keys) for name, reports in self.deals.items()}
        self.deals = {name: reports for name, reports in left.items() if reports}

    def partition(self) -> set[frozenset[str]]:
        return {frozenset(report.key for report in reports) for reports in self.deals.values()}
