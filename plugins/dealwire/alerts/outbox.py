"""Which alerts a change of a deal queues. Pure; the caller writes them in the transaction that wrote the deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dealwire.alert_model import AlertEvent, LastAlert, QueuedAlert
from dealwire.alerts.matching import NO_COUNTRIES, matches, old_before, withdrawn
from dealwire.alerts.payload import alert_payload, correction_payload, number
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange, DealRecord


def events_for(
    change: DealChange,
    rules: Sequence[Rule],
    channels: Sequence[str],
    last: Mapping[str, LastAlert],
    now: datetime,
    *,
    country_of: Mapping[str, str] = NO_COUNTRIES,
    last_run_at: datetime | None = None,
) -> list[QueuedAlert]:
    """The alerts of a change under all rules. `last` is by rule; `last_run_at` when feeds were last polled before."""
    alerts: list[QueuedAlert] = []
    if withdrawn(change):
        return alerts
    for rule in rules:
        told = last.get(rule.id)
        event = matches(rule, change, told, old_before(rule, now, last_run_at), country_of)
        receivers = tuple(name for name in channels if not rule.channels or name in rule.channels)
        if event is not None and receivers:
            payload = alert_payload(change, event, rule, told)
            key = event_key(event, change.after)
            alerts.append(QueuedAlert(change.deal_id, change.version, rule.id, event, key, payload, receivers))
    return alerts


def event_key(event: AlertEvent, deal: DealRecord) -> str:
    """What makes a piece of news the same news: told once for a deal and rule, however often it comes back."""
    if event == "value_changed":
        return f"value:{number(deal.amount)}:{deal.currency}"
    if event == "status_changed":
        return f"status:{deal.status}"
    return event


def corrections(
    change: DealChange,
    told: Mapping[tuple[str, str], LastAlert],
    rules: Sequence[Rule],
) -> list[QueuedAlert]:
    """For a withdrawn deal: a correction to exactly the channels that were told, one a rule."""
    unwanted = {rule.id for rule in rules if "correction" not in rule.events}
    key = "retracted" if change.merged_into is None else f"merged:{change.merged_into}"
    alerts = []
    for rule_id in sorted({rule_id for rule_id, _ in told} - unwanted):
        receivers = tuple(sorted(channel for told_rule, channel in told if told_rule == rule_id))
        payload = correction_payload(told[rule_id, receivers[0]], change)
        alerts.append(QueuedAlert(change.deal_id, change.version, rule_id, "correction", key, payload, receivers))
    return alerts
