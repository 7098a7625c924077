"""HTTP as apprise's services do it, under our conditions.

apprise calls `requests` inside each of its services and tells only whether it worked. While `watched()` is active in
a context, requests made in it ignore the environment's proxies and netrc, follow no redirect, go only where the
address guard allows, are not logged with their addresses, and leave their status and Retry-After behind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from dealwire.alerts.delivery import AddressGuard

_PORTS = {"http": 80, "https": 443}


@dataclass
class Exchange:
    """What happened on the wire while one message was sent."""

    guard: AddressGuard | None
    answers: list[tuple[int, str | None]] = field(default_factory=list)
    blocked: bool = False
    never_connected: bool = False
    broke_off: bool = False


_exchange: ContextVar[Exchange | None] = ContextVar("dealwire_exchange", default=None)
_request = requests.Session.request


@contextmanager
def watched(guard: AddressGuard | None) -> Iterator[Exchange]:
    """Watch the requests of this context."""
    exchange = Exchange(guard)
    token = _exchange.set(exchange)
    try:
        yield exchange
    finally:
        _exchange.reset(token)


def _watched_request(session: requests.Session, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:
    exchange = _exchange.get()
    if exchange is None:
        return _request(session, method, url, *args, **kwargs)
    session.trust_env = False
    _check(exchange, str(url))
    kwargs["allow_redirects"] = False
    try:
        response = _request(session, method, url, *args, **kwargs)
    except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError):
        exchange.never_connected = True
        raise
    except requests.exceptions.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
            exchange.never_connected = True
        else:
            exchange.broke_off = True
        raise
    except requests.exceptions.RequestException:
        exchange.broke_off = True
        raise
    exchange.answers.append((response.status_code, response.headers.get("Retry-After")))
    return response


def _check(exchange: Exchange, url: str) -> None:
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    if exchange.guard is not None and not exchange.guard(parts.hostname or "", port):
        exchange.blocked = True
        raise requests.exceptions.ConnectionError("blocked_address")


def _quiet(record: logging.LogRecord) -> bool:
    """urllib3 writes addresses with their tokens; while a message is sent, nothing of it is logged."""
    return _exchange.get() is None


requests.Session.request = _watched_request  # type: ignore[method-assign, assignment]
for _name in ("urllib3.connectionpool", "urllib3.util.retry", "requests"):
    logging.getLogger(_name).addFilter(_quiet)
