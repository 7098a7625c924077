"""select and send: which changes of deals are told, queued in the transaction that changed them; then sent."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from dealwire.alerts.channels import channel_names, open_channels
from dealwire.alerts.matching import withdrawn
from dealwire.alerts.outbox import corrections, events_for
from dealwire.alerts.rules import Rule, load_rules
from dealwire.alerts.send import send_due
from dealwire.context import Runtime
from dealwire.deal_model import DealChange
from dealwire.errors import DealwireError
from dealwire.news.receiver_guard import receiver_guard
from dealwire.settings import Settings
from dealwire.store.alerts import Outbox, cancel_deal, count_due, last_alerts, queue, save_rules


def queue_alerts(runtime: Runtime, change: DealChange, now: datetime) -> int:
    """Queue what the rules want told of a change; inside the caller's transaction. How many alerts."""
    connection, rules = runtime.connection, rules_of(runtime.settings)
    if withdrawn(change):
        told = cancel_deal(connection, change.deal_id, now)
        return queue(connection, corrections(change, told, rules), now)
    names = channel_names(runtime.settings.alert_urls)
    alerts = events_for(change, rules, names, last_alerts(connection, change.deal_id), now)
    return queue(connection, alerts, now)


def rules_of(settings: Settings) -> list[Rule]:
    """The alert rules: the file's, or the default ones with what the settings say of them."""
    rules = load_rules(settings.alert_rules, settings.alert_min_usd, channel_names(settings.alert_urls))
    if settings.alert_rules:
        return rules
    return [
        dataclasses.replace(rule, minimum_confidence=settings.alert_confidence, language=settings.alert_language)
        for rule in rules
    ]


def send_alerts(runtime: Runtime) -> dict[str, int]:
    """Send what is due on every channel. Raises DealwireError where a channel gave up on an alert."""
    settings, connection = runtime.settings, runtime.connection
    save_rules(connection, {rule.id: rule.definition() for rule in rules_of(settings)}, runtime.now())
    guard = receiver_guard(settings.allow_net)
    channels = open_channels(settings.alert_urls, now=runtime.now, page_url=page_url(settings), is_allowed=guard)
    sent = dataclasses.asdict(send_due(Outbox(connection), channels, runtime.now))
    if sent["dead"]:
        raise DealwireError(f"{sent['dead']} alerts were given up after 72 hours: see `dealwire alerts health`")
    return sent


def alerts_are_due(runtime: Runtime) -> bool:
    """Whether a delivery could go out now."""
    return count_due(runtime.connection, runtime.now()) > 0


def page_url(settings: Settings) -> str:
    """Where a deal's page is, for links in alerts."""
    return f"{settings.page_url}/deals"
