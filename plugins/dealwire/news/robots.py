"""robots.txt, for pages: who may be read, and what an unreadable robots.txt means.

RFC 9309: no file (4xx) allows all; a server that fails (5xx, no answer) forbids all until it answers; only the first
500 KiB count. Feeds are made to be polled and are not subject to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

MAX_ROBOTS = 500 * 1024
CACHE_SECONDS = 86_400
RETRY_SECONDS = 3_600  # after which a robots.txt that could not be had is asked for again
AGENT = "Dealwire"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a host's robots.txt said. `outcome` is `ok`, `none` (allow all) or `unavailable` (forbid all)."""

    outcome: str
    text: str = ""


def robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def host_key(url: str) -> str:
    """The name under which an address's host is kept: with its port unless that is the one of https."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return host if port == 443 else f"{host}:{port}"


def kept_seconds(rules: RobotsRules) -> int:
    """How long these rules are taken as known."""
    return RETRY_SECONDS if rules.outcome == "unavailable" else CACHE_SECONDS


def sitemaps(rules: RobotsRules) -> tuple[str, ...]:
    """The sitemaps that it names."""
    return tuple(dict.fromkeys(Protego.parse(rules.text).sitemaps)) if rules.text else ()


def rules_from_answer(outcome: str, status: int | None, body: bytes) -> RobotsRules:
    if outcome in ("ok", "too_large", "truncated") and body:
        text = body[:MAX_ROBOTS].decode("utf-8", "replace").replace("\0", "")
        return RobotsRules("ok", text)
    if outcome in ("ok", "empty") or (status is not None and 400 <= status < 500 and status != 429):
        return RobotsRules("none")
    return RobotsRules("unavailable")


def page_fault(rules: RobotsRules, url: str) -> str | None:
    """The fault class that reading this page would be: None, `robots_disallowed` or `robots_unavailable`."""
    if rules.outcome == "unavailable":
        return "robots_unavailable"
    if rules.outcome == "none" or Protego.parse(rules.text).can_fetch(url, AGENT):
        return None
    return "robots_disallowed"
