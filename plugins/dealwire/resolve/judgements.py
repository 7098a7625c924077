"""What people decided about deals, as sets of reports that stay together and pairs that stay apart.

A judgement names a deal by its key. Its reports are those that the deal holds now; where nothing is held at all, a deal
is named after its first report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dealwire.deal_model import Judgement
from dealwire.resolve.clustering import Constraints, Pair


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that hold, in the order in which they were made."""
    return sorted((j for j in judgements if not j.undone and j.action != "undo"), key=lambda j: (j.made_at, j.id))


def survivors(judgements: Iterable[Judgement]) -> dict[str, str]:
    """For each deal that was merged away, the deal in which it ends up, over any number of merges."""
    into: dict[str, str] = {}
    for judgement in standing(judgements):
        if judgement.action == "merge" and judgement.deal_key and judgement.other_deal_key:
            gone, target = _last(into, judgement.deal_key), _last(into, judgement.other_deal_key)
            if target != gone:
                into[gone] = target
    return {key: _last(into, key) for key in into}


def constraints(report_keys: Iterable[str], judgements: Sequence[Judgement], held: Mapping[str, str]) -> Constraints:
    """Must-link sets and cannot-link pairs among the reports."""
    keys = set(report_keys)
    merged = survivors(judgements)
    members: dict[str, set[str]] = {}
    for key in keys:
        deal = held.get(key) if held else key
        if deal is None:
            continue
        members.setdefault(merged.get(deal, deal), set()).add(key)
    together: list[frozenset[str]] = []
    apart: set[Pair] = set()
    for judgement in standing(judgements):
        deal = judgement.deal_key or ""
        there = members.get(merged.get(deal, deal), set())
        if judgement.action == "merge" and there:
            together.append(frozenset(there))
        elif judgement.report_key in keys:
            report = judgement.report_key
            if judgement.action == "accept":
                together.append(frozenset(there | {report}))
            elif judgement.action in ("split", "reject"):
                apart |= {(min(report, other), max(report, other)) for other in there - {report}}
    return Constraints(tuple(together), frozenset(_lifted(apart, judgements, held)))


def _lifted(apart: set[Pair], judgements: Sequence[Judgement], held: Mapping[str, str]) -> set[Pair]:
    """Reports split from one deal, by one person at one time, go together: they are not kept apart from one another."""
    batches: dict[tuple[str | None, str, object], set[str]] = {}
    for judgement in standing(judgements):
        if judgement.action == "split" and judgement.report_key:
            batch = (judgement.deal_key, judgement.made_by, judgement.made_at)
            batches.setdefault(batch, set()).add(judgement.report_key)
    return {pair for pair in apart if not any(set(pair) <= batch for batch in batches.values())}


def _last(into: Mapping[str, str], key: str) -> str:
    while key in into:
        key = into[key]
    return key
