"""What a child runs to parse a feed: bytes and JSON arguments in, JSON out. Apart from pages, to start fast."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dealwire.news.archives import indexed_sitemaps
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.parsed_json import feed_to_json


def feed(body: bytes, *, content_type: str | None, url: str | None, now: str | None, max_bytes: int) -> dict[str, Any]:
    moment = datetime.fromisoformat(now) if now else None
    return feed_to_json(parse_feed(body, content_type=content_type, url=url, now=moment, max_bytes=max_bytes))


def sitemaps(body: bytes) -> list[str]:
    return list(indexed_sitemaps(body))
