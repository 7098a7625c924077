"""Feeds and pages parsed in limited children: the form in which the pipeline and the command line parse anything.

A document on which its child dies comes back as an outcome like any other; the others are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from dealwire.feed_model import ParsedFeed, ParsedPage
from dealwire.news.fetch_policy import MAX_FEED_BYTES, MAX_PAGE_BYTES
from dealwire.news.parsed_json import feed_from_json, page_from_json
from dealwire.news.sandbox import Document, Limits, Sandbox

Source = tuple[bytes, str | None, str | None]  # body, content type, URL


class Parsers:
    """A pool of parsing children; a context manager. The first document starts them."""

    feed_job = "dealwire.news.feed_job:feed"

    def __init__(
        self,
        workers: int = 2,
        limits: Limits | None = None,
        *,
        max_feed_bytes: int = MAX_FEED_BYTES,
        max_page_bytes: int = MAX_PAGE_BYTES,
    ) -> None:
        self._sandbox = Sandbox(limits, workers)
        self._max_feed_bytes = max_feed_bytes
        self._max_page_bytes = max_page_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._sandbox.close()

    def parse_feeds(self, sources: Sequence[Source], now: datetime | None = None) -> list[ParsedFeed]:
        """One ParsedFeed a source, in order. `now` refuses dates that lie more than a day ahead."""
        common: dict[str, Any] = {"now": now.isoformat() if now else None, "max_bytes": self._max_feed_bytes}
        found = self._sandbox.run_many(self.feed_job, _documents(sources, common))
        return [
            ParsedFeed(verdict.fault, verdict.detail, None, None, None, ())
            if verdict.fault
            else feed_from_json(verdict.result)
            for verdict in found
        ]

    def indexed_sitemaps(self, body: bytes) -> list[str]:
        """The news sitemaps that a sitemap index names; none where it is no index."""
        verdict = self._sandbox.run("dealwire.news.feed_job:sitemaps", Document(body))
        return [] if verdict.fault else list(verdict.result)

    def parse_pages(self, sources: Sequence[Source]) -> list[ParsedPage]:
        """One ParsedPage a source, in order."""
        documents = _documents(sources, {"max_bytes": self._max_page_bytes})
        found = self._sandbox.run_many("dealwire.news.page_job:page", documents)
        return [
            ParsedPage(verdict.fault, verdict.detail, None, None, None, None, (), None, None)
            if verdict.fault
            else page_from_json(verdict.result)
            for verdict in found
        ]


def _documents(sources: Sequence[Source], common: dict[str, Any]) -> list[Document]:
    return [Document(body, {"content_type": kind, "url": url, **common}) for body, kind, url in sources]
