"""Which reports are worth comparing: they share a key made of party families, money or capacity, and lie near in time.

A unit and its parent are one family here and nowhere else, so that "Amazon" and "Amazon Web Services" meet.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dealwire.deal_model import Report

WINDOW = timedelta(days=400)  # a story told again a year later still meets its deal; beyond, it counts as another
REACH = 16  # reports under one key are compared with so many neighbours in time on either side
_MOST_PARTIES = 8  # of a report; the pairs grow with the square
_STEP = math.log(1.1)  # width of a money bucket; neighbouring buckets share a key


@dataclass(frozen=True, slots=True)
class Need:
    """What resolution must see before it can place reports.

    `lookups` asks, for a key and a time, for the nearest reports in time that carry the key (REACH on either side).
    The organisations and the window say the same more coarsely.
    """

    lookups: frozenset[tuple[str, datetime | None]]
    organisation_ids: frozenset[str]
    since: datetime | None
    until: datetime | None


def root_of(organisation: str, parents: Mapping[str, str]) -> str:
    """The head of the organisation's family."""
    seen = {organisation}
    while organisation in parents and parents[organisation] not in seen:
        organisation = parents[organisation]
        seen.add(organisation)
    return organisation


def identity(name: str, organisation_id: str | None) -> str:
    """The identity to compare by; a party without one is known by its folded name."""
    return organisation_id or "x:" + " ".join(name.casefold().split())


def family_of(report: Report, parents: Mapping[str, str]) -> dict[str, str]:
    """The family of each organisation of the report. In a deal within one family each member stands for itself."""
    organisations = {identity(p.name, p.organisation_id) for p in report.mention.parties}
    families = {organisation: root_of(organisation, parents) for organisation in organisations}
    inside_one = len(organisations) > 1 and len(set(families.values())) == 1
    return {organisation: organisation for organisation in organisations} if inside_one else families


def roots(report: Report, parents: Mapping[str, str]) -> frozenset[str]:
    """The families that the report names as parties."""
    return frozenset(family_of(report, parents).values())


def blocking_keys(report: Report, parents: Mapping[str, str]) -> frozenset[str]:
    """Keys of which two reports must share one to be compared; kept by the store beside each mention."""
    families = sorted(roots(report, parents))[:_MOST_PARTIES]
    keys = {f"{a}|{b}" for a, b in itertools.combinations(families, 2)}
    if len(families) == 1:
        keys.add(f"{families[0]}={report.mention.kind}")
    for family in families:
        keys.update(f"{family}${bucket}" for bucket in _money_buckets(report))
        keys.update(f"{family}~{c.unit}{c.quantity.normalize()}" for c in report.mention.capacity if c.quantity)
    return frozenset(keys)


def happened_at(report: Report) -> datetime | None:
    """When the article told it: its own date, else when it was first seen."""
    return report.published_at or report.seen_at


def candidates_needed(reports: Iterable[Report], parents: Mapping[str, str]) -> Need:
    """What to load before `assign`: every report that shares a key within the window."""
    reports = list(reports)
    named = {identity(p.name, p.organisation_id) for report in reports for p in report.mention.parties}
    families = {root_of(organisation, parents) for organisation in named}
    members = {child for child in parents if root_of(child, parents) in families}
    times = [time for report in reports if (time := happened_at(report)) is not None]
    dated = len(times) == len(reports) and bool(times)
    return Need(
        lookups=frozenset((key, happened_at(r)) for r in reports for key in blocking_keys(r, parents)),
        organisation_ids=frozenset(named | families | members),
        since=min(times) - WINDOW if dated else None,
        until=max(times) + WINDOW if dated else None,
    )


def _money_buckets(report: Report) -> tuple[str, ...]:
    amount, currency = report.mention.amount, report.mention.currency
    if not amount or amount <= 0 or not currency:
        return ()
    bucket = math.floor(math.log(amount) / _STEP)
    return (f"{currency}{bucket}", f"{currency}{bucket + 1}")
