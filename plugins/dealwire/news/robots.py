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
AGENT = "Dealwire"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a host's robots.txt said. `outcome` is `ok`, `none` (allow all) or `unavailable` (forbid all)."""

    outcome: str
    text: str = ""


def robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


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
