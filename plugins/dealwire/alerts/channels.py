"""Channels from their addresses, checked at start. Their names are public; their addresses are secrets."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dealwire.alerts.apprise_channel import apprise_channel, open_service
from dealwire.alerts.connections import broken_channel, connection_of, name_of
from dealwire.alerts.delivery import AddressGuard, Channel, Outcome, Outgoing
from dealwire.alerts.masking import masked
from dealwire.alerts.render import render
from dealwire.alerts.webhook import PREFIX, webhook_channel
from dealwire.errors import SettingsError

LOG = "log"
logger = logging.getLogger(__name__)
_NAMED = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)=(?P<url>[a-zA-Z][\w.+-]*://.*)", re.DOTALL)


def name_channels(addresses: Sequence[str]) -> list[tuple[str, str]]:
    """(name, address) for each. `name=address` names a channel; others are called after their scheme and numbered."""
    named: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    for address in addresses:
        given = _NAMED.fullmatch(address.strip())
        name, url = (given["name"], given["url"]) if given else (None, address.strip())
        connection = connection_of(url)
        if name is None and connection is not None:
            name = name_of(connection)
        if name is None:
            scheme = _scheme(url)
            counts[scheme] = counts.get(scheme, 0) + 1
            name = f"{scheme}-{counts[scheme]}"
        if name == LOG or any(name == other for other, _ in named):
            raise SettingsError(f"alert channels: the name {name!r} is taken; give {masked(url)} another one")
        named.append((name, url))
    return named


def _scheme(url: str) -> str:
    scheme = url.partition("://")[0].lower() if "://" in url else "channel"
    if scheme.startswith(PREFIX):
        return "webhook"
    return re.sub(r"[^a-z0-9]+", "-", scheme).strip("-") or "channel"


def channel_names(addresses: Sequence[str]) -> list[str]:
    """The names of the channels, which is all that queueing needs: no address is opened."""
    return [name for name, _ in name_channels(addresses)] or [LOG]


def open_channels(
    addresses: Sequence[str],
    *,
    now: Callable[[], datetime],
    page_url: str | None = None,
    is_allowed: AddressGuard | None = None,
    seconds: float = 30.0,
    webhook_secret: str | None = None,
    connections: Mapping[str, str] | None = None,
) -> list[Channel]:
    """All channels, or SettingsError with the masked address of the first that cannot work. None given: the log.

    `connections` are the addresses that Airflow keeps, by connection. Without it (outside Airflow) their channels are
    left out; with it, one whose connection is missing or wrong fails by itself, and the others go on.
    """
    settings = _Settings(now, page_url, is_allowed, seconds, webhook_secret)
    opened = []
    for name, url in name_channels(addresses):
        connection = connection_of(url)
        if connection is None:
            opened.append(_open(name, url, settings))
        elif connections is not None:
            opened.append(_open_connection(name, connection, connections.get(connection), settings))
    return opened if addresses else [log_channel(page_url)]


def _open_connection(name: str, connection: str, url: str | None, settings: _Settings) -> Channel:
    if not url:
        return broken_channel(name, f"Airflow has no connection {connection!r} with an address as its password")
    try:
        return _open(name, url.strip(), settings)
    except SettingsError as error:
        return broken_channel(name, str(error))


@dataclass(frozen=True, slots=True)
class _Settings:
    now: Callable[[], datetime]
    page_url: str | None
    guard: AddressGuard | None
    seconds: float
    webhook_secret: str | None


def _open(name: str, url: str, settings: _Settings) -> Channel:
    shared: dict[str, Any] = {
        "page_url": settings.page_url,
        "guard": settings.guard,
        "seconds": settings.seconds,
        "now": settings.now,
    }
    if url.startswith(PREFIX):
        return webhook_channel(name, url, secret=settings.webhook_secret, **shared)
    service = open_service(url, settings.seconds)
    if service is None:
        raise SettingsError(
            f"alert channel {name} ({masked(url) if url else 'empty address'}): apprise makes no service of this "
            "address; see https://appriseit.com for the form it needs, or use dealwire+https://:SECRET@host/path"
        )
    return apprise_channel(name, url, service, **shared)


def log_channel(page_url: str | None) -> Channel:
    """The channel of a service that has no other: each alert is a line in the log."""

    def deliver(message: Outgoing) -> Outcome:
        payloads = message.payloads if message.digest else message.payloads[0]
        shown = render(payloads, "text", page_url=page_url, possible_repeat=message.possible_repeat)
        logger.warning("alert: %s", shown.title)
        return Outcome("sent")

    return Channel(LOG, "log", deliver)
