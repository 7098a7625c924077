"""Deals as sets of reports: what resolution takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dealwire.deal_model import Decision, Report


@dataclass(frozen=True, slots=True)
class Cluster:
    """One deal: its key, its reports oldest first, how each came here, and flags (`block_capped`)."""

    key: str
    reports: tuple[Report, ...]
    decisions: tuple[Decision, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The deals after new reports came: those of the block as they are now (with decisions), the others as they were.

    `tombstones` says for each deal that has no reports any more which deal took them.
    """

    clusters: tuple[Cluster, ...]
    tombstones: Mapping[str, str] = field(default_factory=dict)
