"""select and send: which changes of deals are told, queued in the transaction that changed them; then sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from dealwire.alerts.atom import AtomEntry, atom_feed
from dealwire.alerts.channels import channel_names, open_channels
from dealwire.alerts.delivery import Channel, Outgoing
from dealwire.alerts.digest import daily_digest
from dealwire.alerts.matching import withdrawn
from dealwire.alerts.outbox import corrections, events_for
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.rules import Rule, load_rules
from dealwire.alerts.send import send_due
from dealwire.context import Runtime
from dealwire.deal_model import DealChange, DealRecord
from dealwire.errors import DealwireError
from dealwire.model import Party
from dealwire.news.receiver_guard import receiver_guard
from dealwire.settings import Settings
from dealwire.store.alerts import (
    Outbox,
    cancel_deal,
    count_due,
    countries_of,
    health,
    last_alerts,
    last_look,
    queue,
    recent_alerts,
    save_rules,
)
from dealwire.store.changes import changes_between
from dealwire.store.operation import record_run

SAMPLE: dict[str, Any] = {
    "kind": "compute_contract",
    "status": "announced",
    "disputed": False,
    "parties": (Party("Example Cloud", "provider"), Party("Example AI", "customer")),
    "amount": Decimal(10**9),
    "amount_low": None,
    "amount_high": None,
    "amount_text": "$1bn",
    "currency": "USD",
    "amount_qualifier": "exact",
    "amount_basis": "total",
    "amount_usd": Decimal(10**9),
    "usd_rate": Decimal(1),
    "usd_rate_on": None,
    "valuation": None,
    "valuation_currency": None,
    "term_months": 12,
    "announced_on": None,
    "capacity": (),
    "source_count": 0,
    "independent_source_count": 0,
    "officially_confirmed": False,
    "confidence": 1.0,
    "needs_review": False,
    "headline": "TEST: Example AI buys compute from Example Cloud",
}


def queue_alerts(runtime: Runtime, change: DealChange, now: datetime) -> int:
    """Queue what the rules want told of a change; inside the caller's transaction. How many alerts."""
    connection, rules = runtime.connection, rules_of(runtime.settings)
    if withdrawn(change):
        told = cancel_deal(connection, change.deal_id, now)
        return queue(connection, corrections(change, told, rules), now)
    names = channel_names(runtime.settings.alert_urls)
    alerts = events_for(
        change,
        rules,
        names,
        last_alerts(connection, change.deal_id),
        now,
        country_of=countries_of(connection, [party.organisation_id or "" for party in change.after.parties]),
        last_run_at=last_look(connection, now),
    )
    return queue(connection, alerts, now)


@lru_cache(maxsize=4)
def rules_of(settings: Settings) -> list[Rule]:
    """The alert rules: the file's, or the default ones with what the settings say of them."""
    rules = load_rules(settings.alert_rules, settings.alert_min_usd, channel_names(settings.alert_urls))
    if settings.alert_rules:
        return rules
    return [
        dataclasses.replace(rule, minimum_confidence=settings.alert_confidence, language=settings.alert_language)
        for rule in rules
    ]


def send_alerts(runtime: Runtime, connections: Mapping[str, str] | None = None) -> dict[str, int]:
    """Send what is due on every channel. Raises DealwireError while a channel is dead, also on later runs.

    `connections` are the addresses that Airflow keeps; without them its channels wait for the DAG, which has them.
    """
    settings, connection, started = runtime.settings, runtime.connection, runtime.now()
    save_rules(connection, {rule.id: rule.definition() for rule in rules_of(settings)}, runtime.now())
    channels = open_all_channels(settings, runtime.now, connections)
    opened = {channel.name for channel in channels}
    elsewhere = [name for name in channel_names(settings.alert_urls) if name not in opened]
    sent = dataclasses.asdict(send_due(Outbox(connection), channels, runtime.now, elsewhere=elsewhere))
    record_run(connection, "send", started, runtime.now(), sent)
    dead = [row.channel for row in health(connection) if row.state == "dead"]
    if dead:
        raise DealwireError(
            f"alerts for {', '.join(dead)} were given up after 72 hours: repair it, then `dealwire alerts release`"
        )
    return sent


def open_all_channels(
    settings: Settings, now: Callable[[], datetime], connections: Mapping[str, str] | None = None
) -> list[Channel]:
    """Every channel of the settings, checked; SettingsError names the first that cannot work, without its address."""
    return open_channels(
        settings.alert_urls,
        now=now,
        page_url=page_url(settings),
        is_allowed=receiver_guard(settings.allow_net),
        webhook_secret=settings.webhook_secret,
        connections=connections,
    )


def test_message(settings: Settings, now: datetime) -> Outgoing:
    """A message that says that it is a test, for a channel that was just set up."""
    sample = DealRecord(**SAMPLE, first_reported_at=now, last_reported_at=now)
    change = DealChange(0, 1, "reported", None, sample, (), now)
    number = uuid4()
    return Outgoing(number, (number,), (alert_payload(change, "new", rules_of(settings)[0], None),), False, False)


def queue_digest(runtime: Runtime) -> dict[str, int]:
    """Queue the digest of yesterday's deals on the channels that the settings name; once, however often it is run."""
    now, connection = runtime.now(), runtime.connection
    day = now.date() - timedelta(days=1)
    begin = datetime.combine(day, time(), UTC)
    names = channel_names(runtime.settings.alert_urls) if runtime.settings.alert_urls else []
    changes = list(changes_between(connection, begin, begin + timedelta(days=1)))
    digest = daily_digest(changes, day, names, runtime.settings.alert_language)
    return {"deals": len(changes), "queued": queue(connection, [digest], now) if digest else 0}


def alert_feed(runtime: Runtime, url: str | None = None, days: int = 30) -> str:
    """The alerts of the last days as an Atom feed that is published at `url`."""
    rows = recent_alerts(runtime.connection, runtime.now() - timedelta(days=days))
    page, language = page_url(runtime.settings), runtime.settings.alert_language
    entries = [AtomEntry(UUID(str(row.alert_id)), row.created_at, row.payload) for row in rows]
    return atom_feed(entries, title="Dealwire", feed_url=url or f"{page}/alerts.atom", page_url=page, language=language)


def alerts_are_due(runtime: Runtime) -> bool:
    """Whether a delivery could go out now."""
    return count_due(runtime.connection, runtime.now()) > 0


def page_url(settings: Settings) -> str:
    """Where a deal's page is, for links in alerts."""
    return f"{settings.page_url}/deals"
