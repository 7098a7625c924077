"""What people decided about deals: kept for ever, reversible, and carried out at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dealwire.deal_model import Action, Judgement
from dealwire.errors import NotFoundError, UsageError
from dealwire.store.database import Connection, Row, atomic, execute, fetch_all, fetch_one, fetch_value
from dealwire.store.mentions import set_aside
from dealwire.store.merges import mark_merged, undo_merge


@atomic
def add_judgement(
    connection: Connection,
    action: Action,
    *,
    made_by: str,
    reason: str,
    now: datetime,
    deal_id: int | None = None,
    other_deal_id: int | None = None,
    mention_id: int | None = None,
    field: str | None = None,
    value: str | None = None,
) -> int:
    """Record a decision and carry it out: merge (deal_id is the other deal), split (a mention leaves its deal),
    override (of a deal's field), accept or reject (a mention in review). Deals it touches become stale.
    """
    if action == "undo":
        raise UsageError("a judgement is undone with its number")
    values = {
        "action": action,
        "deal_id": deal_id,
        "other_deal_id": other_deal_id,
        "mention_id": mention_id,
        "field": field,
        "value": value,
        "made_by": made_by,
        "reason": reason,
        "now": now,
        "undoes": None,
    }
    _require(connection, values)
    judgement_id = int(fetch_value(connection, "judgement_add", values))
    _carry_out(connection, values, judgement_id, now)
    return judgement_id


_NEEDS: dict[Action, tuple[str, ...]] = {
    "merge": ("deal_id", "other_deal_id"),
    "split": ("deal_id", "mention_id"),
    "override": ("deal_id", "field"),
    "accept": ("mention_id",),
    "reject": ("mention_id",),
}


def _require(connection: Connection, values: dict[str, Any]) -> None:
    action: Action = values["action"]
    missing = [name for name in _NEEDS[action] if values[name] is None]
    if missing:
        raise UsageError(f"{action} needs {' and '.join(missing)}")
    for name in ("deal_id", "other_deal_id"):
        if values[name] is not None and fetch_one(connection, "deal_exists", {"deal_id": values[name]}) is None:
            raise NotFoundError(f"no deal has the number {values[name]}")
    if values["mention_id"] is not None:
        mention = fetch_one(connection, "mention_exists", {"mention_id": values["mention_id"]})
        if mention is None:
            raise NotFoundError(f"no mention has the number {values['mention_id']}; `dealwire why DEAL` prints them")
        if mention.superseded_at is not None:
            raise UsageError(f"mention {values['mention_id']} was replaced when its article was read again")


def _carry_out(connection: Connection, values: dict[str, Any], judgement_id: int, now: datetime) -> None:
    action = values["action"]
    if action == "merge":
        mark_merged(connection, values["deal_id"], values["other_deal_id"], now, judgement_id=judgement_id)
    elif action == "override":
        mark_stale(connection, [values["deal_id"]])
    else:
        resolution = "ignored" if action == "reject" else "pending"
        set_aside(connection, [values["mention_id"]], resolution, now)  # type: ignore[arg-type]


@atomic
def undo_judgement(connection: Connection, judgement_id: int, made_by: str, reason: str, now: datetime) -> int:
    """Take a decision back; it stays in the history. Returns the undoing judgement's id."""
    row = fetch_one(connection, "judgement_get", {"judgement_id": judgement_id})
    if row is None or row.action == "undo":
        raise NotFoundError(f"no judgement has the number {judgement_id}")
    if row.undone:
        raise UsageError(f"judgement {judgement_id} is undone already")
    values = row._asdict() | {
        "action": "undo",
        "made_by": made_by,
        "reason": reason,
        "now": now,
        "undoes": judgement_id,
    }
    undoing = int(fetch_value(connection, "judgement_add", values))
    if row.action == "merge":
        undo_merge(connection, row.deal_id, now, judgement_id=undoing)
    elif row.action == "override":
        mark_stale(connection, [row.deal_id])
    else:
        living = fetch_one(connection, "mention_successor", {"mention_id": row.mention_id})
        mention_id = row.mention_id if living is None else living.mention_id
        set_aside(connection, [mention_id], "review" if row.action == "accept" else "pending", now)
    return undoing


def load_judgements(connection: Connection, deal_ids: Sequence[int] | None = None) -> list[Judgement]:
    """Decisions in the order they were made; of some deals, or all."""
    parameters = {"deals": None if deal_ids is None else list(deal_ids)}
    return [_judgement(row) for row in fetch_all(connection, "judgement_list", parameters)]


def _judgement(row: Row) -> Judgement:
    return Judgement(
        id=row.judgement_id,
        action=row.action,
        deal_key=_text(row.deal_id),
        other_deal_key=_text(row.other_deal_id),
        report_key=_text(row.mention_id),
        field=row.field,
        value=row.value,
        made_by=row.made_by,
        reason=row.reason,
        made_at=row.made_at,
        undone=row.undone,
    )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def mark_stale(connection: Connection, deal_ids: Sequence[int] | None = None) -> int:
    """Have deals folded anew at the next run; all of them where none is named."""
    return execute(connection, "deal_mark_stale", {"ids": None if deal_ids is None else list(deal_ids)})


def stale_deals(connection: Connection, limit: int | None = None) -> list[int]:
    """Deals to be folded anew."""
    return [row.deal_id for row in fetch_all(connection, "deal_stale", {"limit": limit})]
