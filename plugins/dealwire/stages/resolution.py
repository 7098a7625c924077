"""resolve: pending mentions → deals, with the alerts of every change queued in the same transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.context import Runtime
from dealwire.deal_model import Cause, DealChange, DealRecord, Judgement, Report
from dealwire.resolve.blocking import REACH, WINDOW, Need, blocking_keys, happened_at
from dealwire.resolve.cluster import Cluster, assign
from dealwire.resolve.fold import fold
from dealwire.resolve.gather import gather
from dealwire.resolve.history import CONVERSION, cause_of, changed_fields, newly_identified
from dealwire.resolve.profiles import Readings
from dealwire.stages.alerting import queue_alerts
from dealwire.stages.batches import add
from dealwire.stages.identities import EARLIEST, parents_of, unite_organisations
from dealwire.stages.rates import current_rates
from dealwire.store.database import Connection, transaction
from dealwire.store.deals import load_record, store_doubts, write_deal
from dealwire.store.judgements import load_judgements, stale_deals
from dealwire.store.mentions import (
    StoredReport,
    add_block_keys,
    load_deal_reports,
    load_near,
    load_reports,
    pending_mentions,
    set_aside,
)
from dealwire.store.merges import heir_of, mark_merged
from dealwire.store.operation import record_run, take_turns

BATCH = 100
DEAL = "deal-"  # before a deal's number in keys: a new cluster is named after a report, whose number is another's
ASIDE = "aside-"  # before a mention's number: one that is only recalled in passing, until an article reports its deal


@dataclass(frozen=True, slots=True)
class Block:
    """What one round decides on: pending reports, the deals they may belong to, and people's judgements."""

    pending: Sequence[StoredReport]
    existing: Sequence[Cluster]
    stale: Sequence[int]
    judgements: Sequence[Judgement]
    readings: Readings


def resolve_mentions(runtime: Runtime) -> dict[str, int]:
    """Resolve all that is pending, and fold anew the deals whose reports or judgements changed."""
    started = runtime.now()
    counts = {"mentions": 0, "new_deals": 0, "changed_deals": 0, "review": 0, "alerts": 0}
    with transaction(runtime.connection):
        take_turns(runtime.connection, "resolve")
        counts["organisations"] = unite_organisations(runtime)
    waiting = True
    while waiting:
        with transaction(runtime.connection):
            take_turns(runtime.connection, "resolve")  # before looking: what another run settles is not ours any more
            mention_ids = pending_mentions(runtime.connection, BATCH)
            deal_ids = stale_deals(runtime.connection, BATCH)
            waiting = bool(mention_ids or deal_ids)
            if waiting:
                add(counts, _resolve_round(runtime, mention_ids, deal_ids, parents_of()))
    record_run(runtime.connection, "resolve", started, runtime.now(), counts)
    return counts


def _resolve_round(
    runtime: Runtime, mention_ids: Sequence[int], deal_ids: Sequence[int], parents: Mapping[str, str]
) -> dict[str, int]:
    now, connection = runtime.now(), runtime.connection
    judgements = [_keyed(judgement) for judgement in load_judgements(connection)]
    accepted = {j.report_key for j in judgements if j.action == "accept" and not j.undone}
    loaded = load_reports(connection, mention_ids)
    doubtful = [r for r in loaded if r.report.mention.needs_review and r.report.key not in accepted]
    set_aside(connection, [r.mention_id for r in doubtful], "review", now)
    pending = [r for r in loaded if r not in doubtful]
    readings = Readings(parents, current_rates(runtime.settings))
    existing = _load_existing(connection, pending, deal_ids, readings)
    counts = _store_assignment(runtime, Block(pending, existing, deal_ids, judgements, readings), now)
    return add(counts, {"mentions": len(mention_ids), "review": len(doubtful)})


def _load_existing(
    connection: Connection, pending: Sequence[StoredReport], deal_ids: Sequence[int], readings: Readings
) -> list[Cluster]:
    """The deals that a pending report or a stale deal may touch, whole; a re-read report counts for the deal it had."""
    keys = [
        (key, happened_at(stored.report) or EARLIEST, stored.mention_id)
        for stored in pending
        for key in blocking_keys(stored.report, readings.parents)
    ]
    add_block_keys(connection, keys)
    stale = _load_deals(connection, deal_ids)
    news = [stored.report for stored in pending] + [report for cluster in stale for report in cluster.reports]
    block = gather(news, lambda need: _load_near(connection, need), parents=readings.parents, readings=readings)
    clusters = {cluster.key: cluster for cluster in [*block.clusters, *stale]}
    for stored in pending:
        if stored.deal_id is not None:
            key = _key(stored.deal_id)
            others = clusters[key].reports if key in clusters else ()
            clusters[key] = Cluster(key, (*others, stored.report))
    return [clusters[key] for key in sorted(clusters)]


def _load_near(connection: Connection, need: Need) -> list[Cluster]:
    lookups = sorted((key, at or EARLIEST) for key, at in need.lookups)
    near = load_near(connection, lookups, WINDOW, REACH)
    loose = load_reports(connection, [found.mention_id for found in near if found.deal_id is None])
    asides = [Cluster(f"{ASIDE}{stored.mention_id}", (stored.report,)) for stored in loose]
    return [*_load_deals(connection, {found.deal_id for found in near if found.deal_id is not None}), *asides]


def _load_deals(connection: Connection, deal_ids: Collection[int]) -> list[Cluster]:
    reports: dict[str, list[Report]] = {}
    for stored in load_deal_reports(connection, sorted(deal_ids)):
        if stored.deal_id is not None:
            reports.setdefault(_key(stored.deal_id), []).append(stored.report)
    return [Cluster(key, tuple(found)) for key, found in sorted(reports.items())]


def _store_assignment(runtime: Runtime, block: Block, now: datetime) -> dict[str, int]:
    pending = {stored.report.key for stored in block.pending}
    stale = {_key(deal_id) for deal_id in block.stale}
    held = {cluster.key for cluster in block.existing}
    before = {r.key: cluster.key for cluster in block.existing for r in cluster.reports if r.key not in pending}
    assignment = assign(
        [stored.report for stored in block.pending],
        block.existing,
        block.judgements,
        readings=block.readings,
        again=stale,
    )
    counts = {"new_deals": 0, "changed_deals": 0, "alerts": 0}
    numbers: dict[str, int] = {}
    for cluster in assignment.clusters:
        if cluster.key.startswith(DEAL):
            numbers[cluster.key] = _deal_id(cluster.key)
        moved = [report for report in cluster.reports if before.get(report.key) != cluster.key]
        if moved or cluster.key in stale:
            change, told = _store_cluster(runtime, cluster, moved, pending, block, now)
            add(counts, told)
            if change is not None:
                numbers[cluster.key] = change.deal_id
    _store_doubts(runtime.connection, assignment.clusters, numbers, now)
    for gone, heir in sorted(assignment.tombstones.items()):
        if gone.startswith(DEAL) and heir.startswith(DEAL):
            change = mark_merged(runtime.connection, _deal_id(gone), _deal_id(heir), now)
            counts["alerts"] += queue_alerts(runtime, change, now)
    emptied = [deal for deal in block.stale if _key(deal) not in held and _key(deal) not in assignment.tombstones]
    for deal_id in emptied:
        add(counts, _withdraw(runtime, deal_id, now))
    return counts


def _store_cluster(
    runtime: Runtime,
    cluster: Cluster,
    moved: Sequence[Report],
    pending: set[str],
    block: Block,
    now: datetime,
) -> tuple[DealChange | None, dict[str, int]]:
    known = cluster.key.startswith(DEAL)
    ids = [int(report.key) for report in moved]
    if not known and all(report.mention.salience == "background" for report in cluster.reports):
        # A deal that is only ever recalled in passing is no news; it waits for an article that reports it.
        set_aside(runtime.connection, [key for key in ids if str(key) in pending], "ignored", now)
        return None, {}
    overrides = [j for j in block.judgements if j.deal_key == cluster.key]
    record = fold(cluster.reports, overrides, block.readings.rates, block.readings.parents)
    decisions = [d for d in cluster.decisions if d.verdict != "review" and int(d.report_key) in ids]
    before = load_record(runtime.connection, _deal_id(cluster.key)) if known else None
    retracted = any(report.retracted for report in cluster.reports)
    cause = _cause(before, record, moved, overrides, retracted)
    valid_at = max((r.published_at or r.seen_at or now for r in moved), default=now)
    deal_id = _deal_id(cluster.key) if known else None
    judged = _deciding(before, record, overrides) if cause == "judgement" else None
    change = write_deal(runtime.connection, deal_id, record, cause, ids, decisions, valid_at, now, judgement_id=judged)
    if change is None:
        return None, {}
    alerts = queue_alerts(runtime, change, now)
    return change, {"changed_deals" if known else "new_deals": 1, "alerts": alerts}


def _store_doubts(
    connection: Connection, clusters: Sequence[Cluster], numbers: Mapping[str, int], now: datetime
) -> None:
    """Which deals of this round may be duplicates of which: kept for a person, merged by nobody."""
    decided = [cluster for cluster in clusters if cluster.decisions and cluster.key in numbers]
    doubts = [
        (numbers[decision.deal_key], decision)
        for cluster in decided
        for decision in cluster.decisions
        if decision.verdict == "review" and decision.deal_key in numbers
    ]
    store_doubts(connection, [int(report.key) for cluster in decided for report in cluster.reports], doubts, now)


def _key(deal_id: int) -> str:
    return f"{DEAL}{deal_id}"


def _deal_id(key: str) -> int:
    return int(key.removeprefix(DEAL))


def _keyed(judgement: Judgement) -> Judgement:
    one, other = judgement.deal_key, judgement.other_deal_key
    return dataclasses.replace(judgement, deal_key=one and DEAL + one, other_deal_key=other and DEAL + other)


def _cause(
    before: DealRecord | None,
    after: DealRecord,
    moved: Sequence[Report],
    overrides: Sequence[Judgement],
    retracted: bool,
) -> Cause:
    if any(report.retracted for report in moved):
        return "retracted"
    if retracted and before is not None and after.source_count < before.source_count:
        return "retracted"
    if moved:
        return cause_of(before, after)
    if before is not None and changed_fields(before, after) <= CONVERSION:
        return "converted"
    if before is not None and newly_identified(before, after):
        return "identified"
    return "judgement" if overrides else "re_extracted"


def _deciding(before: DealRecord | None, after: DealRecord, judgements: Sequence[Judgement]) -> int | None:
    """The judgement behind a change: the newest on a field that changed, else the newest."""
    changed = changed_fields(before, after) if before else frozenset()
    on_field = [j.id for j in judgements if j.field in changed]
    return max(on_field or [j.id for j in judgements], default=None)


def _withdraw(runtime: Runtime, deal_id: int, now: datetime) -> dict[str, int]:
    """A deal without a report keeps row and history: a tombstone where another deal took them, else without source."""
    heir = heir_of(runtime.connection, deal_id)
    if heir is not None:
        merged = mark_merged(runtime.connection, deal_id, heir, now)
        return {"changed_deals": 1, "alerts": queue_alerts(runtime, merged, now)}
    record = dataclasses.replace(
        load_record(runtime.connection, deal_id), source_count=0, independent_source_count=0, needs_review=True
    )
    change: DealChange | None = write_deal(runtime.connection, deal_id, record, "retracted", [], [], now, now)
    if change is None:
        return {}
    return {"changed_deals": 1, "alerts": queue_alerts(runtime, change, now)}
