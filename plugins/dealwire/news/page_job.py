"""What a child runs to read a page: bytes and JSON arguments in, JSON out."""

from __future__ import annotations

from typing import Any

from dealwire.news.page_reading import parse_page
from dealwire.news.parsed_json import page_to_json


def page(body: bytes, *, content_type: str | None, url: str | None, max_bytes: int) -> dict[str, Any]:
    return page_to_json(parse_page(body, url=url, content_type=content_type, max_bytes=max_bytes))
