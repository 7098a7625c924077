"""The daily digest: one message with the deals of a day, sent like an alert and therefore once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from dealwire.alert_model import QueuedAlert
from dealwire.alerts.matching import withdrawn
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange

SCHEMA = "dealwire.daily/1"


def daily_digest(
    changes: Sequence[DealChange], day: date, channels: Sequence[str], language: str = "en"
) -> QueuedAlert | None:
    """The digest of a day's new deals, from their versions of that day; None where nobody wants one.

    A deal counts with its last version; one that was withdrawn the same day, or that waits for review, does not.
    """
    if not channels:
        return None
    rule = Rule("daily", language=language)
    newest = {change.deal_id: change for change in sorted(changes, key=lambda change: change.changed_at)}
    new = {change.deal_id for change in changes if change.before is None}
    told = [
        alert_payload(change, "new", rule, None)
        for deal_id, change in newest.items()
        if deal_id in new and not withdrawn(change) and not change.after.needs_review
    ]
    payload = {
        "schema": SCHEMA,
        "event": "notice",
        "notice": "daily",
        "language": language,
        "occurred_at": datetime.combine(day, time(), UTC).isoformat(),
        "day": day.isoformat(),
        "alerts": told,
    }
    return QueuedAlert(None, None, None, "notice", f"daily:{day.isoformat()}:{language}", payload, tuple(channels))
