"""Loads from a store the deals that new reports may touch, so that placing them gives what `resolve` would give.

Starting from the new reports, the deals of every report that matches one are loaded, then what those match, until
nothing is added: the connected block. Groups only ever join over a pair that matches, so nothing outside can matter.
How much that is depends on how often a pair of companies is in the news around that time, and not on how many reports
there are in all. Where a pair is in the news so often that its deals run into one another, the search stops at a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dealwire.deal_model import Report
from dealwire.resolve.blocking import Need, candidates_needed
from dealwire.resolve.deals import Cluster
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.profiles import Readings
from dealwire.resolve.scoring import Weights, load_weights
from dealwire.resolve.search import Search

Load = Callable[[Need], Sequence[Cluster]]
MOST_ROUNDS = 4
MOST_REPORTS = 60  # of a block; a larger one is placed with what is loaded, and says that it is not complete


@dataclass(frozen=True, slots=True)
class Gathered:
    """Deals around new reports, whole: the block and what is beside it. Not `complete` where a bound stopped it."""

    clusters: tuple[Cluster, ...]
    complete: bool


def gather(
    new: Sequence[Report],
    load: Load,
    *,
    parents: Mapping[str, str],
    weights: Weights | None = None,
    readings: Readings | None = None,
) -> Gathered:
    """Load the connected block of the new reports. `load` returns every deal, whole, that answers a lookup.

    `readings` may be shared with `assign`, so that no report is read twice.
    """
    search = Search(readings or Readings(parents, shipped_rates()), weights or load_weights())
    search.reach(new)
    waiting = list(new)
    for _ in range(MOST_ROUNDS):
        if not waiting:
            return Gathered(search.loaded(), True)
        search.add(load(candidates_needed(waiting, parents)))
        waiting = search.expand()
        if len(search.reached) > MOST_REPORTS:
            break
    return Gathered(search.loaded(), not waiting)
