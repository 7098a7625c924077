"""What rules would have sent over the changes of the past. Pure: the same selection as live, on a pretended outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dealwire.alert_model import AlertEvent, LastAlert, QueuedAlert
from dealwire.alerts.catalogues import load_catalogue
from dealwire.alerts.matching import NO_COUNTRIES, withdrawn
from dealwire.alerts.outbox import corrections, events_for
from dealwire.alerts.rules import Rule
from dealwire.alerts.wording import headline
from dealwire.deal_model import DealChange

_CHANNEL = "backtest"


@dataclass(frozen=True, slots=True)
class WouldSend:
    """An alert that a rule would have queued."""

    at: datetime
    rule_id: str
    event: AlertEvent
    deal_id: int
    headline: str


def backtest(
    rules: Sequence[Rule], changes: Iterable[DealChange], country_of: Mapping[str, str] = NO_COUNTRIES
) -> list[WouldSend]:
    """The alerts of these changes, which are in the order in which they happened."""
    told: dict[int, dict[str, LastAlert]] = {}
    keys: set[tuple[int, str | None, str]] = set()
    found: list[WouldSend] = []
    for change in changes:
        last = told.setdefault(change.deal_id, {})
        for alert in _alerts(rules, change, last, country_of):
            if (change.deal_id, alert.rule_id, alert.event_key) in keys:
                continue
            keys.add((change.deal_id, alert.rule_id, alert.event_key))
            found.append(_would_send(alert, change))
            if alert.rule_id is not None:
                last[alert.rule_id] = LastAlert(alert.rule_id, alert.event, alert.payload)
        if withdrawn(change):
            last.clear()
    return found


def _alerts(
    rules: Sequence[Rule], change: DealChange, last: Mapping[str, LastAlert], country_of: Mapping[str, str]
) -> list[QueuedAlert]:
    if withdrawn(change):
        return corrections(change, {(rule_id, _CHANNEL): alert for rule_id, alert in last.items()}, rules)
    anywhere = [_CHANNEL, *sorted({channel for rule in rules for channel in rule.channels})]
    return events_for(change, rules, anywhere, last, change.changed_at, country_of=country_of)


def _would_send(alert: QueuedAlert, change: DealChange) -> WouldSend:
    words = load_catalogue(alert.payload["language"])
    return WouldSend(change.changed_at, str(alert.rule_id), alert.event, change.deal_id, headline(alert.payload, words))


def per_day(found: Iterable[WouldSend]) -> dict[date, dict[str, int]]:
    """How many alerts each rule would have sent, by day."""
    days: dict[date, Counter[str]] = {}
    for alert in found:
        days.setdefault(alert.at.date(), Counter())[alert.rule_id] += 1
    return {day: dict(sorted(counts.items())) for day, counts in sorted(days.items())}
