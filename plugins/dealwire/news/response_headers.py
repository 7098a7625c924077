"""What response headers say about when to come again. Pure; `now` is an argument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = 7 * 86_400.0
MAX_AGE = 86_400

KEPT = (
    "etag", "last-modified", "content-type", "cache-control", "expires", "date", "retry-after", "content-language",
    "link", "x-robots-tag", "tdm-reservation", "tdm-policy", "location",
)  # fmt: skip


def http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Seconds to wait, at most seven days; None where the header is absent, negative, in the past or no time at all."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,18}", text):
        return min(float(text), MAX_RETRY_AFTER)
    moment = http_date(text) if text else None
    base = now or http_date(headers.get("date", ""))
    if moment is None or base is None:
        return None
    seconds = (moment - base).total_seconds()
    return min(seconds, MAX_RETRY_AFTER) if seconds > 0 else None


def max_age(headers: Mapping[str, str]) -> int:
    """Seconds the answer is fresh by Cache-Control, else by Expires; 0 if it does not say, at most a day."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return 0
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,12})", control)
    if found:
        return min(int(found[1]), MAX_AGE)
    expires, sent = http_date(headers.get("expires", "")), http_date(headers.get("date", ""))
    if expires is None or sent is None:
        return 0
    return max(0, min(int((expires - sent).total_seconds()), MAX_AGE))


def kept_headers(raw: list[tuple[str, str]]) -> dict[str, str]:
    """The headers somebody reads later, if they are plain text of a sane length; the first of a repeated name."""
    kept: dict[str, str] = {}
    for name, value in raw:
        name = name.lower()
        if name in KEPT and name not in kept and len(value) <= 2048 and value.isascii() and value.isprintable():
            kept[name] = value
    return kept
