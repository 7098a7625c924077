"""What a parsing child runs: bytes and JSON arguments in, JSON out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dealwire.news.feed_parsing import parse_feed
from dealwire.news.page_reading import parse_page
from dealwire.news.parsed_json import feed_to_json, page_to_json


def feed(body: bytes, *, content_type: str | None, url: str | None, now: str | None, max_bytes: int) -> dict[str, Any]:
    moment = datetime.fromisoformat(now) if now else None
    return feed_to_json(parse_feed(body, content_type=content_type, url=url, now=moment, max_bytes=max_bytes))


def page(body: bytes, *, content_type: str | None, url: str | None, max_bytes: int) -> dict[str, Any]:
    return page_to_json(parse_page(body, url=url, content_type=content_type, max_bytes=max_bytes))
