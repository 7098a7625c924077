"""What a check of `dealwire doctor` saw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: ok, warning or problem, and what to do."""

    check: str
    state: str
    detail: str
