"""Did the feed roll over between two polls? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dealwire.feed_model import Gap, IdentifiedEntry
from dealwire.news.identity import names_of


def coverage_gap(
    identified: Sequence[IdentifiedEntry],
    known_names: frozenset[str],
    newest_known_at: datetime | None,
    last_ok_at: datetime | None,
    now: datetime,
) -> Gap | None:
    """A gap, if no entry of this poll was there before although the feed had entries then.

    `known_names` are the keys and aliases, among those of this poll, that are stored already; `newest_known_at` is the
    newest date among all stored entries, `last_ok_at` the last good poll. The gap runs from the later of the two that
    is not after the oldest entry seen now, to that oldest entry.
    """
    if not identified or last_ok_at is None or newest_known_at is None:
        return None
    if any(names_of(item) & known_names for item in identified):
        return None
    dates = [item.entry.published_at for item in identified if item.entry.published_at]
    to_at = min(min(dates), now) if dates else now
    from_at = min(newest_known_at, to_at)
    return Gap(from_at, to_at)
