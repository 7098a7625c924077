"""What articles say of deals, in the database: written by the extractor once, read by resolution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from psycopg2.extras import Json

from dealwire.deal_model import Report
from dealwire.errors import NotFoundError
from dealwire.model import Capacity, Claim, Mention, Party
from dealwire.store.database import Connection, Row, atomic, execute, execute_values, fetch_all, fetch_one, fetch_value
from dealwire.store.organisations import ensure_parties, party_id

Aside = Literal["pending", "review", "ignored"]


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report with its row, and the deal it counts for (after merges; for a pending one, the deal it may keep)."""

    report: Report
    mention_id: int
    deal_id: int | None
    resolution: str


@atomic
def replace_mentions(
    connection: Connection,
    article_id: int,
    version: int,
    extractor_version: str,
    mentions: Sequence[Mention],
    now: datetime,
) -> int:
    """Store all mentions of an article's text; those of older texts and extractors no longer count.

    A text that is no longer the current one is left alone (its successor is waiting), as is one that this
    extractor has read already. Returns how many mentions the text has.
    """
    key = {"article_id": article_id, "version": version, "extractor_version": extractor_version, "now": now}
    there = fetch_one(connection, "extraction_lock", key)
    if there is None:
        raise NotFoundError(f"article {article_id} has no version {version}")
    if there.superseded_at is not None:
        return 0
    if there.extracted_by == extractor_version and there.extract_error is None:
        return int(fetch_value(connection, "mention_count", key))
    read_by = sorted(
        {mention.extractor_version for mention in mentions}
    )  # a model that failed leaves the local reader's
    execute(connection, "mention_supersede", key | {"read_by": read_by})
    ensure_parties(connection, [party for mention in mentions for party in mention.parties])
    _insert(connection, article_id, version, mentions, now)
    execute(connection, "extraction_done", key | {"error": None})
    return len(mentions)


def _insert(connection: Connection, article_id: int, version: int, mentions: Sequence[Mention], now: datetime) -> None:
    rows = [_row(article_id, version, ordinal, mention, now) for ordinal, mention in enumerate(mentions)]
    inserted = execute_values(connection, "mention_insert", rows)
    found = [(row.mention_id, mentions[row.ordinal]) for row in inserted]
    execute_values(connection, "mention_party_insert", list(_party_rows(found)))
    execute_values(connection, "mention_capacity_insert", list(_capacity_rows(found)))
    execute_values(connection, "claim_insert", list(_claim_rows(found)))
    if found:
        ids = {"ids": [mention_id for mention_id, _ in found]}
        execute(connection, "mention_judged_before", ids)
        execute(connection, "mention_inherit", ids)


def _row(article_id: int, version: int, ordinal: int, mention: Mention, now: datetime) -> tuple[object, ...]:
    return (
        article_id,
        version,
        ordinal,
        mention.extractor_version,
        now,
        mention.salience,
        mention.kind,
        mention.status,
        mention.amount,
        mention.amount_low,
        mention.amount_high,
        mention.amount_text,
        mention.currency,
        mention.amount_qualifier,
        mention.amount_basis,
        mention.valuation,
        mention.valuation_currency,
        mention.term_months,
        mention.announced_on,
        mention.confidence,
        mention.needs_review,
        "review" if mention.needs_review else "pending",
    )


def _party_rows(found: Sequence[tuple[int, Mention]]) -> Iterator[tuple[object, ...]]:
    for mention_id, mention in found:
        unique = {(party_id(party), party.role): party.name for party in mention.parties}
        yield from ((mention_id, organisation, name, role) for (organisation, role), name in sorted(unique.items()))


def _capacity_rows(found: Sequence[tuple[int, Mention]]) -> Iterator[tuple[object, ...]]:
    for mention_id, mention in found:
        for ordinal, part in enumerate(mention.capacity):
            yield mention_id, ordinal, part.quantity, part.unit, part.qualifier, part.item


def _claim_rows(found: Sequence[tuple[int, Mention]]) -> Iterator[tuple[object, ...]]:
    for mention_id, mention in found:
        for ordinal, claim in enumerate(mention.claims):
            yield (
                mention_id,
                ordinal,
                claim.field,
                claim.value,
                claim.quote,
                claim.start,
                claim.end,
                claim.probability,
                Json(dict(claim.features)),
            )


@atomic
def record_extract_error(
    connection: Connection, article_id: int, version: int, extractor_version: str, error: str, now: datetime
) -> None:
    """The extractor failed on this text: not tried again by the same version; older mentions stay in force."""
    parameters = {
        "article_id": article_id,
        "version": version,
        "extractor_version": extractor_version,
        "error": error,
        "now": now,
    }
    execute(connection, "extraction_done", parameters)


def pending_mentions(connection: Connection, limit: int | None = None) -> list[int]:
    """Mentions that are in no deal yet, oldest first."""
    return [row.mention_id for row in fetch_all(connection, "mention_pending", {"limit": limit})]


def load_reports(connection: Connection, mention_ids: Sequence[int]) -> list[StoredReport]:
    """Mentions with the article around them, by id."""
    ids = {"ids": list(mention_ids)}
    parties: defaultdict[int, list[Party]] = defaultdict(list)
    for row in fetch_all(connection, "mention_parties", ids):
        parties[row.mention_id].append(Party(row.name, row.role, row.organisation_id))
    capacities: defaultdict[int, list[Capacity]] = defaultdict(list)
    for row in fetch_all(connection, "mention_capacities", ids):
        capacities[row.mention_id].append(Capacity(row.quantity, row.unit, row.qualifier, row.item))
    claims: defaultdict[int, list[Claim]] = defaultdict(list)
    for row in fetch_all(connection, "mention_claims", ids):
        claims[row.mention_id].append(
            Claim(row.field, row.value, row.quote, row.start_offset, row.end_offset, row.probability, row.features)
        )
    return [
        _report(row, parties[row.mention_id], capacities[row.mention_id], claims[row.mention_id])
        for row in fetch_all(connection, "mention_reports", ids)
    ]


@dataclass(frozen=True, slots=True)
class Near:
    """A mention that a new one has to be compared with, and the deal it counts for."""

    mention_id: int
    deal_id: int | None


def add_block_keys(connection: Connection, rows: Sequence[tuple[str, datetime, int]]) -> None:
    """Keep mentions' blocking keys: (key, time, mention)."""
    execute_values(connection, "mention_block_add", sorted(set(rows)))


@atomic
def replace_block_keys(
    connection: Connection, mention_ids: Sequence[int], rows: Sequence[tuple[str, datetime, int]]
) -> None:
    """Keep other blocking keys of these mentions, since their parties are known by other names now."""
    execute(connection, "mention_block_drop", {"ids": list(mention_ids)})
    add_block_keys(connection, rows)


def load_near(
    connection: Connection, lookups: Sequence[tuple[str, datetime]], span: timedelta, reach: int
) -> list[Near]:
    """The live mentions nearest to each (key, time), `reach` before and after, not further away than `span`."""
    parameters = {
        "keys": [key for key, _ in lookups],
        "times": [at for _, at in lookups],
        "span": span,
        "reach": reach,
    }
    return [Near(row.mention_id, row.deal_id) for row in fetch_all(connection, "mention_near", parameters)]


def load_deal_reports(connection: Connection, deal_ids: Sequence[int]) -> list[StoredReport]:
    """The reports that these deals are folded from."""
    rows = fetch_all(connection, "mention_of_deals", {"deals": list(deal_ids)})
    return load_reports(connection, [row.mention_id for row in rows])


@atomic
def set_aside(connection: Connection, mention_ids: Sequence[int], resolution: Aside, now: datetime) -> None:
    """Put mentions into the review queue, out of use, or back to pending; the deals they leave become stale."""
    execute(connection, "mention_set_aside", {"ids": sorted(mention_ids), "resolution": resolution, "now": now})


def _report(row: Row, parties: list[Party], capacity: list[Capacity], claims: list[Claim]) -> StoredReport:
    report = Report(
        key=str(row.mention_id),
        article_id=str(row.article_id),
        story_id=None if row.story_id is None else str(row.story_id),
        publisher=row.publisher,
        official=row.official,
        url=row.url,
        title=row.title,
        lead=row.lead,
        language=row.language,
        published_at=row.published_at,
        seen_at=row.first_seen_at,
        mention=_mention(row, parties, capacity, claims),
        retracted=row.retracted_at is not None,
    )
    return StoredReport(report, row.mention_id, row.root_deal_id, row.resolution)


def _mention(row: Any, parties: list[Party], capacity: list[Capacity], claims: list[Claim]) -> Mention:
    return Mention(
        salience=row.salience,
        kind=row.kind,
        status=row.status,
        parties=tuple(parties),
        amount=row.amount,
        currency=row.currency,
        amount_qualifier=row.amount_qualifier,
        amount_basis=row.amount_basis,
        amount_low=row.amount_low,
        amount_high=row.amount_high,
        amount_text=row.amount_text,
        valuation=row.valuation,
        valuation_currency=row.valuation_currency,
        term_months=row.term_months,
        announced_on=row.announced_on,
        capacity=tuple(capacity),
        confidence=row.confidence,
        needs_review=row.needs_review,
        claims=tuple(claims),
        extractor_version=row.extractor_version,
    )
