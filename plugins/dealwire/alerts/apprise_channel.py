"""Channels that apprise speaks to: Slack, Teams, Discord, Telegram, e-mail and about 150 more."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import apprise
from apprise import Apprise, AppriseAsset, AppriseResultStatus, NotifyFormat, PersistentStoreMode

from dealwire.alerts.delivery import NOT_ALLOWED, AddressGuard, Channel, Outcome, Outgoing, from_status
from dealwire.alerts.forms import Form
from dealwire.alerts.masking import mask_in, masked
from dealwire.alerts.receiver_http import Exchange, watched
from dealwire.alerts.render import render

_MARGIN = 20  # for what a service puts between title and body
_PACE = 1.0  # seconds between messages; apprise waits 5.5 after a mail, and storm.Limits sends only few at all
_FORMATS: dict[Form, str] = {"text": "text", "markdown": "markdown", "slack": "markdown", "html": "html"}


def open_service(url: str, seconds: float) -> Any | None:
    """apprise's service for an address, or None where apprise cannot make one of it. Nothing is sent."""
    _keep_to_itself(logging.getLogger("apprise"))
    asset = AppriseAsset(
        app_id="Dealwire",
        app_desc="Dealwire",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,
        service_timeout=seconds,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what apprise's services import, at the first use
        return Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _keep_to_itself(logger: logging.Logger) -> None:
    """apprise logs addresses and tokens: no log gets them. Its warnings reach us in the result of a message."""
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def apprise_channel(
    name: str,
    url: str,
    service: Any,
    *,
    page_url: str | None,
    guard: AddressGuard | None,
    seconds: float,
    now: Callable[[], datetime],
) -> Channel:
    """A channel over an opened service. The service is kept, so that its own pace holds between messages."""
    service.request_rate_per_sec = min(service.request_rate_per_sec, _PACE)
    sender = Apprise(asset=service.asset)
    sender.add(service)
    form = form_of(service)
    clean = mask_in(url)
    limit = service.body_maxlen - _MARGIN  # what the service does not take in one piece, it refuses or tears up

    def deliver(message: Outgoing) -> Outcome:
        shown = render(
            message.payloads if message.digest else message.payloads[0],
            form,
            page_url=page_url,
            possible_repeat=message.possible_repeat,
            reference=str(message.message_id),
            limit=limit,
        )
        smtp_host = getattr(service, "smtp_host", None)
        if guard is not None and smtp_host and not guard(smtp_host, service.port or 25):
            return Outcome("unreachable", NOT_ALLOWED)
        with watched(guard) as exchange:
            result = sender.notify(title=shown.title, body=shown.body, body_format=_FORMATS[form], timeout=seconds)
        return _outcome(result, exchange, clean, now())

    return Channel(name, masked(url), deliver)


def form_of(service: Any) -> Form:
    """The richest form that a service shows: HTML for mail, Markdown for chat, text for plain carriers."""
    formats = service.notify_format if isinstance(service.notify_format, tuple) else (service.notify_format,)
    if formats[0] == NotifyFormat.TEXT and NotifyFormat.HTML in formats:
        return "text"
    if NotifyFormat.MARKDOWN in formats:
        return "slack" if "slack" in service.schemas() else "markdown"
    return "html" if NotifyFormat.HTML in formats else "text"


def _outcome(result: apprise.AppriseResult, exchange: Exchange, clean: Callable[[str], str], now: datetime) -> Outcome:
    if result:
        return Outcome("sent")
    if exchange.blocked:
        return Outcome("unreachable", NOT_ALLOWED)
    if any(200 <= status < 300 for status, _ in exchange.answers):
        return Outcome("unsure", "only some of the recipients took the message")
    if exchange.answers:
        return from_status(*exchange.answers[-1], now)
    if exchange.broke_off:
        return Outcome("unsure", "the connection broke while the message was sent")
    if exchange.never_connected:
        return Outcome("unreachable", "no connection to the receiver")
    if result.status == AppriseResultStatus.TIMEOUT:
        return Outcome("unsure", "no answer in time")
    told = " ".join(str(entry.message) for entry in result.logs())
    return Outcome("unreachable", clean(told)[:300] or "the service reported a failure")
