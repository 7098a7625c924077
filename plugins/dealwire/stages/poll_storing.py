"""Storing what polls brought, a group in one transaction; a feed that cannot be stored costs the others nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence

from dealwire.context import Runtime
from dealwire.errors import StoreError
from dealwire.feed_model import FeedState, Fetched, ParsedFeed, Poll
from dealwire.news.poll import Draft, draft_poll, judge_poll, may_have_gap
from dealwire.news.schedule import PollChanges, next_poll, notices
from dealwire.stages.fetching import remember_hosts
from dealwire.stages.keeping import keep_fetched
from dealwire.stages.leasing import hold_lease
from dealwire.store.database import Connection, atomic
from dealwire.store.entries import Known
from dealwire.store.failures import Conflict, DatabaseFull, Refused, Unavailable
from dealwire.store.polls import (
    UnchangedPoll,
    known_of_feeds,
    lock_feeds,
    newest_entry_at,
    record_polls,
    record_unchanged,
)

logger = logging.getLogger("dealwire")
NO_FAULT = ("ok", "not_modified", "held")
_NOT_THE_FEEDS = (Unavailable, Conflict, DatabaseFull, Refused)  # storing it alone would fail alike

Group = Sequence[tuple[FeedState, Fetched]]


def store_group(runtime: Runtime, group: Group, parsed: Mapping[int, ParsedFeed]) -> Counter[str]:
    """Store the polls of a group; what they brought, counted. Where the whole is refused, each is stored alone."""
    quiet: list[UnchangedPoll] = []
    drafts: list[Draft] = []
    for state, fetched in sorted(group, key=lambda pair: pair[0].feed_id):
        unchanged = _unchanged(runtime, state, fetched) if state.feed_id not in parsed else None
        if unchanged is not None:
            quiet.append(unchanged)
        else:
            drafts.append(draft_poll(state, fetched, parsed.get(state.feed_id)))
    fetched_all = [fetched for _, fetched in group]
    try:
        return _store(runtime.connection, runtime, quiet, drafts, fetched_all)
    except _NOT_THE_FEEDS:
        raise
    except (StoreError, ValueError) as error:
        logger.warning("%d polls could not be stored together, each is stored alone: %s", len(drafts), error)
    counts = _store(runtime.connection, runtime, quiet, [], fetched_all)
    for draft in drafts:
        counts.update(_store_alone(runtime, draft))
    return counts


def _store_alone(runtime: Runtime, draft: Draft) -> Counter[str]:
    try:
        return _store(runtime.connection, runtime, [], [draft], [])
    except _NOT_THE_FEEDS:
        raise
    except (StoreError, ValueError) as error:
        logger.error("feed %s: what it brought cannot be stored: %s", draft.state.url, error)
        fault = ParsedFeed("not_stored", str(error)[:300], None, None, None, ())
        return _store(runtime.connection, runtime, [], [draft_poll(draft.state, draft.fetched, fault)], [])


@atomic
def _store(
    connection: Connection,
    runtime: Runtime,
    quiet: Sequence[UnchangedPoll],
    drafts: Sequence[Draft],
    fetched: Sequence[Fetched],
) -> Counter[str]:
    now = runtime.now()
    counts: Counter[str] = Counter()
    hold_lease(runtime)
    record_unchanged(connection, quiet, now)
    if drafts:
        lock_feeds(connection, [draft.state.feed_id for draft in drafts])
        keep_fetched(runtime, [(draft.state.feed_id, None, draft.fetched) for draft in drafts])
        known = known_of_feeds(connection, {d.state.feed_id: d.names for d in drafts if d.names})
        polls = _judged(connection, runtime, drafts, known)
        for stored in record_polls(connection, polls, now, known).values():
            counts.update(entries_new=stored.new, entries_changed=stored.changed)
        counts.update(
            failed=sum(poll.outcome not in NO_FAULT for poll in polls),
            entries_seen=sum(poll.entries_seen for poll in polls),
            gaps=sum(poll.gap is not None for poll in polls),
        )
    remember_hosts(runtime, fetched)
    return counts


def _judged(
    connection: Connection, runtime: Runtime, drafts: Sequence[Draft], known: Mapping[int, Known]
) -> list[Poll]:
    polls = []
    for draft in drafts:
        names = frozenset(known.get(draft.state.feed_id, ()))
        newest = newest_entry_at(connection, draft.state.feed_id) if may_have_gap(draft, names) else None
        poll = judge_poll(draft, names, newest, runtime.now(), runtime.chance())
        _tell(draft.state, poll)
        polls.append(poll)
    return polls


def _tell(state: FeedState, poll: Poll) -> None:
    for notice in notices(state, poll.update):
        logger.warning("feed %s: %s", state.url, notice)
    if poll.update.held_at and not state.held_at:
        logger.warning("feed %s is held for a person to decide: %s", state.url, poll.update.held_reason)
    if poll.outcome not in NO_FAULT:
        logger.warning("feed %s: %s%s", state.url, poll.outcome, f" ({poll.detail})" if poll.detail else "")


def _unchanged(runtime: Runtime, state: FeedState, fetched: Fetched) -> UnchangedPoll | None:
    """The poll, if it found the feed as it was: the bulk of all polls, stored many at a time."""
    if fetched.outcome not in ("ok", "not_modified"):
        return None
    changes = PollChanges("not_modified", identity_policy=state.identity_policy)
    update = next_poll(state, fetched, changes, runtime.now(), runtime.chance())
    if update.url != state.url or notices(state, update):
        return None
    return UnchangedPoll(state.feed_id, update, fetched.status, len(fetched.body), fetched.elapsed_ms)
