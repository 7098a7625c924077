"""From a URL, a status or an exception to the name of the fault. Pure."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from dealwire.news.fetch_guard import AddressRules, BlockedAddress
from dealwire.news.urls import absolute_url, host_and_port

Fault = tuple[str, str | None]


def url_fault(url: str, rules: AddressRules, allowed_ports: frozenset[int]) -> Fault | None:
    """Why this URL is not fetched at all; None if it may be."""
    absolute = absolute_url(url)
    if absolute is None:
        return _refused_url(url)
    host, port = host_and_port(absolute)
    literal = rules.literal_fault(host, port)
    if literal:
        return "blocked_address", literal
    if port not in allowed_ports and not rules.is_named(host, port):
        return "blocked_port", f"port {port} is not allowed"
    return None


def _refused_url(url: str) -> Fault:
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return "blocked_address", "the host is not readable"
    if parts.scheme.lower() not in ("http", "https"):
        return "blocked_scheme", f"{parts.scheme or 'no scheme'} is not http or https"
    if parts.username is not None or parts.password is not None:
        return "blocked_address", "the URL carries credentials"
    return ("blocked_address", f"{host!r} is not a host name") if len(url) <= 2048 else ("bad_url", "too long")


def status_outcome(status: int) -> Fault:
    if status == 304:
        return "not_modified", None
    if status == 410:
        return "gone", "HTTP 410"
    if status < 200:
        return "protocol_error", f"unexpected HTTP {status}"
    return ("empty", "HTTP 204") if status == 204 else (f"http_{status}", f"HTTP {status}")


def _message(error: BaseException) -> str:
    return str(error) or type(error).__name__


def outcome_of(error: Exception) -> Fault:
    """The fault class of what a fetch raised."""
    for link in _causes(error):
        if isinstance(link, BlockedAddress):
            return "blocked_address", _message(link)
        if isinstance(link, ssl.SSLError | ssl.CertificateError):
            return "tls_error", _message(link)
        if isinstance(link, LineTooLong) or "Too many headers" in str(link):
            return "bad_headers", _message(link)
        if isinstance(link, HttpProcessingError | aiohttp.ClientResponseError):
            return "protocol_error", _message(link)
        if isinstance(link, aiohttp.ServerDisconnectedError):
            return "protocol_error", "the server closed the connection without an answer"
        if isinstance(link, aiohttp.ClientPayloadError):
            return "truncated", _message(link)
        if isinstance(link, aiohttp.InvalidURL):
            return "bad_url", _message(link)
    if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
        return "protocol_error", _message(error)
    return "connect_error", _message(error)


def _causes(error: BaseException | None) -> list[BaseException]:
    """The exception and what lies behind it, the innermost first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.insert(0, error)
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException) and inner not in chain:
            chain.insert(0, inner)
        error = error.__cause__ or error.__context__
    return chain
