"""Deals in the database; with mentions, merges, judgements and organisations, all that resolution stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg2.extras import Json

from dealwire.deal_model import Cause, DealChange, DealRecord, Decision
from dealwire.errors import NotFoundError
from dealwire.store.database import Connection, Row, atomic, execute, execute_values, fetch_all, fetch_one, fetch_value
from dealwire.store.judgements import add_judgement, load_judgements, mark_stale, stale_deals, undo_judgement
from dealwire.store.mentions import (
    Near,
    StoredReport,
    add_block_keys,
    load_deal_reports,
    load_near,
    load_reports,
    pending_mentions,
    record_extract_error,
    replace_mentions,
    set_aside,
)
from dealwire.store.merges import mark_merged, undo_merge
from dealwire.store.organisations import ensure_organisations, ensure_parties, party_id, sync_organisations
from dealwire.store.records import record_from_json, record_to_json
from dealwire.store.sources import load_sources

__all__ = [
    "Evidence",
    "Near",
    "StoredReport",
    "add_block_keys",
    "add_judgement",
    "ensure_organisations",
    "list_deals",
    "list_reviews",
    "load_deal_reports",
    "load_judgements",
    "load_near",
    "load_record",
    "load_reports",
    "load_sources",
    "mark_merged",
    "mark_stale",
    "pending_mentions",
    "record_extract_error",
    "replace_mentions",
    "set_aside",
    "stale_deals",
    "store_decisions",
    "store_doubts",
    "sync_organisations",
    "undo_judgement",
    "undo_merge",
    "why",
    "write_deal",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim behind a field of a deal, with where it stands."""

    field: str
    value: str
    quote: str
    start: int
    end: int
    probability: float
    features: Mapping[str, float]
    mention_id: int
    article_id: int
    publisher: str
    title: str
    url: str | None
    published_at: datetime | None
    official: bool
    extractor_version: str
    extracted_at: datetime
    superseded_at: datetime | None


@atomic
def write_deal(
    connection: Connection,
    deal_id: int | None,
    record: DealRecord,
    cause: Cause,
    mention_ids: Sequence[int],
    decisions: Sequence[Decision],
    valid_at: datetime,
    now: datetime,
    *,
    judgement_id: int | None = None,
) -> DealChange | None:
    """Write what we now believe of a deal (None: a new one) and put these mentions into it.

    None when nothing changed: no version is made then. Called again for a new deal whose mentions are settled (a
    COMMIT we never heard of), it finds that deal. `decisions` are about these mentions; others stay where they are.
    """
    if deal_id is None:
        deal_id = _settled_in(connection, mention_ids)
    before = None if deal_id is None else _lock(connection, deal_id)
    ensure_parties(connection, record.parties)
    values = _values(record, now) | {"valid_at": valid_at, "cause": cause, "judgement_id": judgement_id}
    values |= {"mention_id": max(mention_ids, default=None), "record": Json(record_to_json(record))}
    if before is None:
        deal_id = int(fetch_value(connection, "deal_insert", values))
    assert deal_id is not None
    changed = before is None or record_from_json(before.record) != record
    values |= {"deal_id": deal_id, "version": 1 if before is None else before.version + 1}
    if changed:
        _write_version(connection, values, record, is_new=before is None)
    else:
        execute(connection, "deal_not_stale", values)
    _settle(connection, deal_id, mention_ids, decisions, now)
    if not changed:
        return None
    old = None if before is None else record_from_json(before.record)
    return DealChange(deal_id, values["version"], cause, old, record, load_sources(connection, deal_id), now)


def _settled_in(connection: Connection, mention_ids: Sequence[int]) -> int | None:
    """The deal that is made of exactly these mentions; where it has others too, they are leaving it."""
    row = fetch_one(connection, "mention_settled_in", {"ids": sorted(set(mention_ids))})
    return None if row is None else int(row.deal_id)


def _lock(connection: Connection, deal_id: int) -> Row:
    row = fetch_one(connection, "deal_lock", {"deal_id": deal_id})
    if row is None:
        raise NotFoundError(f"no deal has the number {deal_id}")
    if row.merged_into is not None:
        raise NotFoundError(f"deal {deal_id} is merged into deal {row.merged_into}: write that one")
    return row


def _values(record: DealRecord, now: datetime) -> dict[str, Any]:
    names = (
        "kind", "status", "disputed", "amount", "amount_low", "amount_high", "amount_text", "currency",
        "amount_qualifier", "amount_basis", "amount_usd", "usd_rate", "usd_rate_on", "valuation", "valuation_currency",
        "term_months", "announced_on", "first_reported_at", "last_reported_at", "source_count",
        "independent_source_count", "officially_confirmed", "confidence", "needs_review", "headline",
    )  # fmt: skip
    searched = " ".join((record.headline, *(party.name for party in record.parties)))
    return {name: getattr(record, name) for name in names} | {"searched": searched, "now": now}


def _write_version(connection: Connection, values: dict[str, Any], record: DealRecord, *, is_new: bool) -> None:
    if not is_new:
        execute(connection, "deal_update", values)
        execute(connection, "deal_parts_drop", values)
    deal_id = values["deal_id"]
    parties = sorted({(deal_id, party_id(party), party.role) for party in record.parties})
    execute_values(connection, "deal_party_insert", parties)
    rows = [(deal_id, i, part.quantity, part.unit, part.qualifier, part.item) for i, part in enumerate(record.capacity)]
    execute_values(connection, "deal_capacity_insert", rows)
    execute(connection, "deal_version_add", values)


def _settle(
    connection: Connection, deal_id: int, mention_ids: Sequence[int], decisions: Sequence[Decision], now: datetime
) -> None:
    new = [int(decision.report_key) for decision in decisions if decision.verdict == "new"]
    if mention_ids:
        parameters = {"ids": sorted(mention_ids), "deal_id": deal_id, "new_ids": new, "now": now}
        execute(connection, "mention_settle", parameters)
    store_decisions(connection, deal_id, decisions, now)


@atomic
def store_decisions(connection: Connection, deal_id: int, decisions: Sequence[Decision], now: datetime) -> None:
    """Keep why mentions are, or may be, part of a deal."""
    rows = {
        int(decision.report_key): (
            int(decision.report_key),
            deal_id,
            decision.verdict,
            decision.score,
            Json(dict(decision.reasons)),
            now,
        )
        for decision in decisions
    }
    execute_values(connection, "decision_store", [rows[key] for key in sorted(rows)])


@atomic
def store_doubts(
    connection: Connection, mention_ids: Sequence[int], doubts: Sequence[tuple[int, Decision]], now: datetime
) -> None:
    """Keep which deals (each with its `review` decision) these mentions' deals may be duplicates of, and no others."""
    kept = sorted({(int(decision.report_key), deal_id) for deal_id, decision in doubts})
    parameters = {"ids": sorted(mention_ids), "kept_ids": [k[0] for k in kept], "kept_deals": [k[1] for k in kept]}
    execute(connection, "decision_review_drop", parameters)
    for deal_id, decision in sorted(doubts, key=lambda doubt: (int(doubt[1].report_key), doubt[0])):
        store_decisions(connection, deal_id, [decision], now)


def load_record(connection: Connection, deal_id: int) -> DealRecord:
    """What we believe of a deal now."""
    row = fetch_one(connection, "deal_lock", {"deal_id": deal_id})
    if row is None:
        raise NotFoundError(f"no deal has the number {deal_id}")
    return record_from_json(row.record)


def list_deals(
    connection: Connection,
    *,
    since: date | None = None,
    min_usd: Decimal | None = None,
    party: str | None = None,
    kind: str | None = None,
    status: str | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of analytics.deal, newest first. `party` is an id, a name or an alias; subsidiaries count."""
    parameters = {"since": since, "min_usd": min_usd, "party": party, "kind": kind, "status": status, "limit": limit}
    return [row._asdict() for row in fetch_all(connection, "deal_list", parameters)]


def list_reviews(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Mentions that wait for a person, newest first, with candidate deals."""
    return [row._asdict() for row in fetch_all(connection, "review_list", {"limit": limit})]


def why(
    connection: Connection, deal_id: int, field: str | None = None, *, with_superseded: bool = False
) -> list[Evidence]:
    """Every claim behind a deal or one of its fields (`party` and `capacity` stand for all of theirs)."""
    if fetch_one(connection, "deal_exists", {"deal_id": deal_id}) is None:
        raise NotFoundError(f"no deal has the number {deal_id}")
    parameters = {"deal_id": deal_id, "field": field, "with_superseded": with_superseded}
    return [
        Evidence(
            row.field,
            row.value,
            row.quote,
            row.start_offset,
            row.end_offset,
            row.probability,
            row.features,
            row.mention_id,
            row.article_id,
            row.publisher,
            row.title,
            row.url,
            row.published_at,
            row.official,
            row.extractor_version,
            row.extracted_at,
            row.superseded_at,
        )
        for row in fetch_all(connection, "deal_why", parameters)
    ]
