#!/usr/bin/env python3
"""What one more mention costs, by the number of mentions that are there (the deciding code, without a database).

    bench/resolve.py [--sizes 10000 100000 1000000] [--new 300]

The world (bench/resolve_world.py) is indexed by blocking key and time as the database indexes it; then new mentions
arrive one by one, and the time to gather their block, place them and fold the deals they land in is measured. Prints
the median and mean milliseconds of CPU for each size and the ratio to the first size.
"""

from __future__ import annotations

import argparse
import bisect
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "bench")]

from resolve_world import Telling, report_of, tellings  # noqa: E402

from dealwire.deal_model import Report  # noqa: E402
from dealwire.resolve.blocking import REACH, WINDOW, Need, blocking_keys  # noqa: E402
from dealwire.resolve.cluster import Cluster, assign  # noqa: E402
from dealwire.resolve.exchange import shipped_rates  # noqa: E402
from dealwire.resolve.fold import fold  # noqa: E402
from dealwire.resolve.gather import gather  # noqa: E402
from dealwire.resolve.profiles import Readings  # noqa: E402


class Index:
    """The world's reports by blocking key and time; a report is built again each time it is loaded."""

    def __init__(self, world: Sequence[Telling]) -> None:
        self.deals: dict[int, list[Telling]] = {}
        self._rows: dict[str, list[tuple[datetime, int]]] = {}
        self.loaded = 0
        for telling in world:
            self.deals.setdefault(telling.deal, []).append(telling)
            for key in blocking_keys(report_of(telling), {}):
                self._rows.setdefault(key, []).append((telling.at, telling.deal))

    def load(self, need: Need) -> list[Cluster]:
        """The deals of the nearest reports under each key, whole."""
        deals: set[int] = set()
        for key, at in need.lookups:
            rows = self._rows.get(key, [])
            assert at is not None
            here = bisect.bisect_right(rows, (at, sys.maxsize))
            low = bisect.bisect_left(rows, (at - WINDOW, 0))
            deals.update(deal for _, deal in rows[max(low, here - REACH) : here + REACH])
        found = [Cluster(str(deal), tuple(report_of(t) for t in self.deals[deal])) for deal in sorted(deals)]
        self.loaded += sum(len(cluster.reports) for cluster in found)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=300)
    options = parser.parse_args()
    first = None
    for size in options.sizes:
        world = tellings(size + options.new)
        old, new = world[: -options.new], world[-options.new :]
        index = Index(old)
        spent = [place_one(index, report_of(telling)) for telling in new]
        mean = statistics.fmean(spent)
        first = first or mean
        print(
            f"{size:>9,} mentions: median {statistics.median(spent):6.2f} ms, mean {mean:6.2f} ms, "
            f"p95 {sorted(spent)[int(len(spent) * 0.95)]:7.2f} ms, {index.loaded / len(new):6.1f} reports loaded, "
            f"{mean / first:.2f} times the first"
        )


def place_one(index: Index, report: Report) -> float:
    """Milliseconds of CPU to place one report and fold its deal; building reports counts as loading and is in it."""
    begun = time.process_time()
    readings = Readings({}, shipped_rates())
    block = gather([report], index.load, parents={}, readings=readings)
    placed = assign([report], block.clusters, parents={}, readings=readings)
    home = next(cluster for cluster in placed.clusters if any(r.key == report.key for r in cluster.reports))
    fold(home.reports, (), shipped_rates())
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    main()
