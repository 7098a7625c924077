"""What one poll means: the row to store for it. Pure; the clock, chance and what is known already are arguments."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.feed_model import FeedState, FeedUpdate, Fetched, IdentifiedEntry, ParsedFeed, Poll
from dealwire.news.gaps import coverage_gap
from dealwire.news.identity import detect_policy, entry_keys, names_of, select_for_poll
from dealwire.news.publishers import is_other_publisher, joined_sites, sites_of
from dealwire.news.schedule import PollChanges, next_poll


@dataclass(frozen=True, slots=True)
class Draft:
    """A feed that was fetched and perhaps parsed, with its entries identified; they could be known by `names`."""

    state: FeedState
    fetched: Fetched
    parsed: ParsedFeed | None
    policy: str
    identified: tuple[IdentifiedEntry, ...]
    names: frozenset[str]


def body_sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def draft_poll(state: FeedState, fetched: Fetched, parsed: ParsedFeed | None) -> Draft:
    entries = parsed.entries if parsed else ()
    policy = detect_policy(entries, state.identity_policy)
    identified = tuple(entry_keys(entries, policy))
    names = frozenset(name for item in identified for name in (item.key, *item.aliases))
    return Draft(state, fetched, parsed, policy, identified, names)


def may_have_gap(draft: Draft, known: frozenset[str]) -> bool:
    """Whether nothing of this poll was there before, so that the date of what we have must be looked up."""
    return bool(draft.identified) and not known and draft.state.last_ok_at is not None


def judge_poll(draft: Draft, known: frozenset[str], newest_at: datetime | None, now: datetime, jitter: float) -> Poll:
    """The poll to store. `known` are those of its names that are stored, `newest_at` the newest date we have."""
    state, fetched, parsed = draft.state, draft.fetched, draft.parsed
    outcome, detail = fetched.outcome, fetched.detail
    if parsed is not None:
        outcome, detail = parsed.outcome, parsed.detail
    elif outcome == "ok":
        outcome = "not_modified"
    taken, left = select_for_poll(draft.identified, known)
    found = sites_of(parsed) if parsed is not None else []
    held = parsed is not None and is_other_publisher(parsed, found, frozenset(state.sites))
    gap = None
    if held:  # what we have of the former publisher must not be overwritten by another's entries of the same names
        taken = [item for item in taken if not names_of(item) & known]
    else:
        gap = coverage_gap(draft.identified, known, newest_at, state.last_ok_at, now)
    new = sum(1 for item in taken if not names_of(item) & known)
    seen = len(parsed.entries) if parsed else 0
    changes = PollChanges(outcome, seen, new, left, gap is not None, body_sha256(fetched.body), draft.policy)
    update = next_poll(state, fetched, changes, now, jitter)
    if parsed is not None and parsed.outcome in ("ok", "truncated"):
        update = _watched(update, state, parsed, found, now if held else None)
    if gap is not None and parsed is not None:
        gap = dataclasses.replace(gap, archive_urls=parsed.older)
    return Poll(
        state.feed_id, update, outcome, detail, fetched.status, len(fetched.body), fetched.elapsed_ms, tuple(taken),
        seen, gap, state.last_ok_at is None, held,
    )  # fmt: skip


def _watched(
    update: FeedUpdate, state: FeedState, parsed: ParsedFeed, found: Sequence[str], held_at: datetime | None
) -> FeedUpdate:
    """What is watched about a feed over its polls: where it leads, what it says of itself, how much it lists."""
    update = dataclasses.replace(update, stated_language=parsed.language, last_entries_seen=len(parsed.entries))
    if held_at is None:
        return dataclasses.replace(update, sites=joined_sites(state.sites, found))
    reason = f"entries lead to {', '.join(found[:3])}; before they led to {', '.join(state.sites[:3])}"
    return dataclasses.replace(update, held_at=state.held_at or held_at, held_reason=state.held_reason or reason)
