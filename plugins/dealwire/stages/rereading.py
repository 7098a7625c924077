"""What reading stored articles again would change: tried out whole, on the deals themselves, and then undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dealwire.context import Runtime
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.stages.article_reader import Outcome, installed_version, open_reader
from dealwire.stages.extraction import begin_of, load_in_parts, thresholds_of
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import transaction
from dealwire.store.model_reader import store_mentions
from dealwire.store.news import LoadedArticle, unextracted_articles
from dealwire.store.organisations import sync_organisations
from dealwire.store.rereading import (
    DealHead,
    TwoRecords,
    articles_seen_since,
    deal_heads,
    mark_these_unextracted,
    records_of_versions,
)

Change = Literal["added", "changed", "lost", "merged"]


@dataclass(frozen=True, slots=True)
class DealDifference:
    """One deal that would not be as it is; `fields` has the value before and after of each that differs."""

    deal_id: int
    change: Change
    headline: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would change, and the counts of the stages that would change it."""

    deals: Sequence[DealDifference]
    counts: Mapping[str, int]


class _Undo(Exception):
    """Carries the result out of the transaction that must not be kept."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview


def preview_rereading(runtime: Runtime, since: str | None = None, limit: int | None = None) -> Preview:
    """Read what the present reader has not read (with `since`, all from that day on), and tell what would change.

    A model's answers are kept, so that reading in earnest asks nothing twice. While the deals are compared, resolution
    waits; the articles are read before.
    """
    read = _read(runtime, _article_ids(runtime, since, limit))
    try:
        with transaction(runtime.connection):
            raise _Undo(_try_out(runtime, read))
    except _Undo as undone:
        return undone.preview


def _article_ids(runtime: Runtime, since: str | None, limit: int | None) -> list[int]:
    if since:
        return articles_seen_since(runtime.connection, begin_of(since), limit)
    return unextracted_articles(runtime.connection, installed_version(runtime.settings), limit)


def _read(runtime: Runtime, article_ids: Sequence[int]) -> list[tuple[LoadedArticle, Outcome]]:
    reader = open_reader(runtime.settings, thresholds_of(runtime), runtime.now, runtime.connection)
    read: list[tuple[LoadedArticle, Outcome]] = []
    for part in load_in_parts(runtime, sorted(article_ids)):
        outcomes = reader.read([one.article for one in part])
        read += zip(part, outcomes, strict=True)
        runtime.say(f"read {len(read)} of {len(article_ids)} articles")
    return read


def _try_out(runtime: Runtime, read: Sequence[tuple[LoadedArticle, Outcome]]) -> Preview:
    connection, now, version = runtime.connection, runtime.now(), installed_version(runtime.settings)
    before = deal_heads(connection)
    sync_organisations(connection, list(load_gazetteer().organisations.values()))
    mark_these_unextracted(connection, [loaded.article_id for loaded, _ in read])
    counts = {"articles": len(read), "mentions": 0, "failed": 0, "left_to_local": 0}
    for loaded, outcome in read:
        if outcome.error is not None:
            counts["failed"] += 1
            continue
        counts["left_to_local"] += outcome.failure is not None
        counts["mentions"] += store_mentions(
            connection, loaded.article_id, loaded.version, version, outcome.mentions, None, now
        )
    resolved = resolve_mentions(runtime)
    counts |= {name: resolved[name] for name in ("new_deals", "changed_deals", "review", "alerts")}
    return Preview(_differences(runtime, before, deal_heads(connection)), counts)


def _differences(
    runtime: Runtime, before: Mapping[int, DealHead], after: Mapping[int, DealHead]
) -> list[DealDifference]:
    touched = [
        (deal_id, before[deal_id].version if deal_id in before else None, head.version)
        for deal_id, head in sorted(after.items())
        if before.get(deal_id) != head
    ]
    merged = {
        deal_id
        for deal_id, head in after.items()
        if head.merged_into is not None and (deal_id not in before or before[deal_id].merged_into is None)
    }
    return [_difference(one, one.deal_id in merged) for one in records_of_versions(runtime.connection, touched)]


def _difference(records: TwoRecords, merged: bool) -> DealDifference:
    before, after = records.before or {}, records.after or {}
    names = sorted(before.keys() | after.keys())
    fields = {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
    change: Change = "merged" if merged else "changed"
    if records.before is None:
        change, fields = "added", {name: (None, value) for name, value in after.items() if value not in (None, [])}
    elif not merged and before.get("source_count") and not after.get("source_count"):
        change = "lost"
    return DealDifference(records.deal_id, change, records.headline, fields)
