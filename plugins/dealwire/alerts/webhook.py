"""Our own webhook: JSON by webhook.schema.json, signed, with an idempotency key, to exactly the address given."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from dealwire.alerts.delivery import NOT_ALLOWED, AddressGuard, Channel, Outcome, Outgoing, from_status
from dealwire.alerts.masking import masked
from dealwire.alerts.message import deal_link
from dealwire.errors import SettingsError

DIGEST_SCHEMA = "dealwire.digest/1"
PREFIX = "dealwire+"
_LEAST_SECRET = 16


def split_address(url: str, secret: str | None = None) -> tuple[str, bytes]:
    """`dealwire+https://:SECRET@host/path` as the address to post to and the key to sign with.

    `secret` is for addresses that hold none.
    """
    parts = urlsplit(url.removeprefix(PREFIX))
    secret = unquote(parts.password or "") or secret or ""
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise SettingsError(f"alert channel {masked(url)}: must be dealwire+https://:SECRET@host/path")
    if len(secret) < _LEAST_SECRET:
        raise SettingsError(
            f"alert channel {masked(url)}: the secret that signs the messages must have at least {_LEAST_SECRET} "
            "characters: dealwire+https://:SECRET@host/path, or the setting DEALWIRE_WEBHOOK_SECRET"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")), secret.encode()


def body(message: Outgoing, page_url: str | None) -> bytes:
    """The JSON of a message, the same for the same message."""
    alerts = [
        _alert(payload, str(alert_id), message.possible_repeat, page_url)
        for alert_id, payload in zip(message.alert_ids, message.payloads, strict=True)
    ]
    document: dict[str, Any] = alerts[0]
    if message.digest:
        document = {"schema": DIGEST_SCHEMA, "possible_repeat": message.possible_repeat, "alerts": alerts}
    document["message_id"] = str(message.message_id)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _alert(payload: Any, alert_id: str, possible_repeat: bool, page_url: str | None) -> dict[str, Any]:
    document = dict(payload) | {"alert_id": alert_id, "possible_repeat": possible_repeat}
    if "deal" in payload:
        document["page"] = deal_link(page_url, payload["deal"]["deal_id"])
    return document


def signature(key: bytes, timestamp: int, content: bytes) -> str:
    """`t=…,v1=…`: HMAC-SHA256 over the timestamp, a dot and the body."""
    digest = hmac.new(key, f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def webhook_channel(
    name: str,
    url: str,
    *,
    secret: str | None,
    page_url: str | None,
    guard: AddressGuard | None,
    seconds: float,
    now: Callable[[], datetime],
) -> Channel:
    """A channel that posts to our own webhook."""
    address, key = split_address(url, secret)

    def deliver(message: Outgoing) -> Outcome:
        content = body(message, page_url)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Dealwire",
            "Idempotency-Key": str(message.message_id),
            "Dealwire-Signature": signature(key, int(now().timestamp()), content),
        }
        return asyncio.run(_post(address, content, headers, guard, seconds, now))

    return Channel(name, masked(url), deliver)


async def _post(
    address: str,
    content: bytes,
    headers: dict[str, str],
    guard: AddressGuard | None,
    seconds: float,
    now: Callable[[], datetime],
) -> Outcome:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if guard is not None and not guard(parts.hostname or "", port):
        return Outcome("unreachable", NOT_ALLOWED)
    timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, 10))
    connector = aiohttp.TCPConnector(resolver=_GuardedResolver(guard), use_dns_cache=False)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.post(address, data=io.BytesIO(content), headers=headers, allow_redirects=False) as response,
        ):
            return from_status(response.status, response.headers.get("Retry-After"), now())
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        return Outcome("unreachable", f"no connection to the receiver ({type(error).__name__})")
    except (aiohttp.ClientError, TimeoutError) as error:
        return Outcome("unsure", f"the receiver did not answer ({type(error).__name__})")


class _GuardedResolver(AbstractResolver):
    """Resolves a name once and refuses it where the guard refuses any of its addresses; aiohttp connects to those."""

    def __init__(self, guard: AddressGuard | None) -> None:
        self._guard = guard
        self._plain = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._plain.resolve(host, port, family)
        if self._guard is not None and not all(self._guard(result["host"], port) for result in found):
            raise OSError(NOT_ALLOWED)
        return found

    async def close(self) -> None:
        await self._plain.close()
