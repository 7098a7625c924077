"""Feeds, entries, fetches and pages as plain values, shared by the stages, the store and the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the registry (feeds.opml) states it, with what is expected of it."""

    url: str
    title: str
    publisher: str
    site_url: str | None = None
    language: str | None = None
    category: str | None = None
    official: bool = False
    expected_entries: int | None = None
    expected_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed after cleaning. `link` is absolute http(s) or None; dates are aware UTC or None.

    `content_html` is the feed's own full text where it carries one. `flags` name what was repaired or refused
    (for example `date_in_future`, `link_not_http`).
    """

    id: str | None
    link: str | None
    title: str
    summary: str
    content_html: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    published_raw: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed file read. `outcome` is `ok` or the class of the fault; entries may be there with a fault too.

    `older` are addresses at which the feed says, or its software is known to say, what came before these entries.
    """

    outcome: str
    detail: str | None
    title: str | None
    link: str | None
    language: str | None
    entries: tuple[Entry, ...]
    older: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """An article page read. `published_source` names where the date stood (json-ld, meta, time, text, htmldate);
    `opt_outs` are the page's words against use by machines.
    """

    outcome: str
    detail: str | None
    title: str | None
    text: str | None
    published_at: datetime | None
    published_source: str | None
    authors: tuple[str, ...]
    language: str | None
    canonical_url: str | None
    opt_outs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One HTTP fetch. `outcome` is `ok`, `not_modified` or a fault class (docs/fetching.md lists them).

    `url` is the address asked for, `final_url` where redirects led, `permanent_url` the target of a 301/308
    chain; `body` is decoded from its transfer encoding; `retry_after` is seconds from now, already capped.
    """

    outcome: str
    detail: str | None
    url: str
    final_url: str | None
    permanent_url: str | None
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What PostgreSQL knows of a feed before a poll; the columns of news.feed that polling decides on."""

    feed_id: int
    url: str
    title: str
    publisher: str
    language: str | None
    official: bool
    expected_entries: int | None
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    identity_policy: str
    interval_seconds: int
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_full_get_at: datetime | None
    failure_count: int
    empty_count: int
    not_a_feed_count: int
    moved_url: str | None
    moved_seen_count: int
    moved_seen_on: date | None
    gone_at: datetime | None
    created_at: datetime
    sites: tuple[str, ...] = ()
    held_at: datetime | None = None
    held_reason: str | None = None
    stated_language: str | None = None
    last_entries_seen: int | None = None


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What a poll decides about its feed: the new values of the same columns."""

    url: str
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    identity_policy: str
    interval_seconds: int
    next_poll_at: datetime
    last_ok_at: datetime | None
    last_full_get_at: datetime | None
    failure_count: int
    empty_count: int
    not_a_feed_count: int
    moved_url: str | None
    moved_seen_count: int
    moved_seen_on: date | None
    gone_at: datetime | None
    sites: tuple[str, ...] = ()
    held_at: datetime | None = None
    held_reason: str | None = None
    stated_language: str | None = None
    last_entries_seen: int | None = None


@dataclass(frozen=True, slots=True)
class IdentifiedEntry:
    """An entry with the key it is known by in its feed, and other names under which it may come again.

    `retracted` says that its publisher takes it back.
    """

    key: str
    aliases: tuple[str, ...]
    content_sha256: str
    entry: Entry
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which entries of a feed may have come and gone unseen; `archive_urls` may still list them."""

    from_at: datetime
    to_at: datetime
    archive_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll as it is stored. `held` entries wait for a person; `first_poll` marks entries of a feed that is new."""

    feed_id: int
    update: FeedUpdate
    outcome: str
    detail: str | None = None
    http_status: int | None = None
    body_bytes: int = 0
    elapsed_ms: int = 0
    entries: tuple[IdentifiedEntry, ...] = ()
    entries_seen: int = 0
    gap: Gap | None = None
    first_poll: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry waiting to be read, with what its feed states."""

    entry_id: int
    feed_id: int
    publisher: str
    official: bool
    language: str | None
    article_id: int | None
    read_attempts: int
    first_seen_at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article as it was read from its page, or from the feed where the page could not be read.

    `text_source` is page, feed or headline; `page_outcome` says how reading the page ended, with `ok` for page.
    """

    url: str
    publisher: str
    official: bool
    language: str | None
    title: str
    text: str
    text_source: str
    page_outcome: str
    page_detail: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    published_source: str | None
    opt_outs: tuple[str, ...] = ()
    retracted: bool = False
