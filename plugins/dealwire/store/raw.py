"""Pages and feeds as they were fetched: compressed, each content once, kept as long as the settings say."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.store.database import Connection, atomic, execute, execute_values, fetch_all, fetch_one

LEVEL = 6  # of zlib: nine takes three times as long for one per cent


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a server answered, for a feed or for the page of one of its entries."""

    feed_id: int
    entry_id: int | None
    url: str
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A kept page with the article that was read from it, as it stands."""

    entry_id: int
    url: str
    content_type: str | None
    body: bytes
    article_id: int
    article_url: str
    title: str
    text: str
    text_source: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept."""

    documents: int
    bodies: int
    bytes: int
    compressed: int


@atomic
def keep_raw(connection: Connection, documents: Sequence[RawDocument], now: datetime) -> None:
    """Keep documents; the same body again adds nothing."""
    hashes = [hashlib.sha256(document.body).hexdigest() for document in documents]
    bodies = {sha256: document.body for sha256, document in zip(hashes, documents, strict=True)}
    rows = [(sha256, zlib.compress(body, LEVEL), len(body), now) for sha256, body in sorted(bodies.items())]
    execute_values(connection, "raw_body_keep", rows)
    whose = {
        (d.feed_id, d.entry_id or 0, sha256): (d.feed_id, d.entry_id, now, d.url, d.content_type, sha256)
        for sha256, d in zip(hashes, documents, strict=True)
    }
    execute_values(connection, "raw_document_keep", [row for _, row in sorted(whose.items())])


@atomic
def remove_raw(connection: Connection, before: datetime) -> dict[str, int]:
    """Remove what was last fetched before that time."""
    return {
        "raw_documents": execute(connection, "raw_documents_remove", {"before": before}),
        "raw_bodies": execute(connection, "raw_bodies_remove", {"before": before}),
    }


def kept_pages_since(connection: Connection, since: datetime) -> list[int]:
    """The newest kept page of each article, of those fetched since then."""
    return [row.raw_document_id for row in fetch_all(connection, "raw_pages_since", {"since": since})]


def load_kept_pages(connection: Connection, ids: Sequence[int]) -> list[KeptPage]:
    """Kept pages, the longest kept first."""
    return [
        KeptPage(
            row.entry_id, row.url, row.content_type, zlib.decompress(bytes(row.body)), row.article_id,
            row.article_url, row.title, row.text, row.text_source,
        )
        for row in fetch_all(connection, "raw_pages_load", {"ids": list(ids)})
    ]  # fmt: skip


def kept(connection: Connection) -> Kept:
    """How much is kept."""
    row = fetch_one(connection, "raw_kept")
    return Kept(row.documents, row.bodies, row.bytes, row.compressed)
