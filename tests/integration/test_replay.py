"""Pages and feeds are kept as they were fetched, read again without the network, and removed in time."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from newsroom.server import NewsroomServer, feeds_opml, serving

from dealwire import pipeline
from dealwire.context import Runtime
from dealwire.settings import load_settings
from dealwire.stages import reading
from dealwire.store.database import Connection
from dealwire.store.operation import canonical_dump
from dealwire.store.raw import RawDocument, keep_raw, kept, remove_raw

ROOT = Path(__file__).resolve().parents[2]
START = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with serving(START, drip_seconds=0.1) as server:
        yield server


@pytest.fixture
def runtime(newsroom: NewsroomServer, connection: Connection, tmp_path: Path) -> Runtime:
    """The newsroom's first four feeds, polled and read."""
    lines = feeds_opml(newsroom.url).splitlines()
    outlines = [line for line in lines if "<outline" in line][:4]
    opml = tmp_path / "feeds.opml"
    opml.write_text("\n".join(['<opml version="2.0"><head/><body>', *outlines, "</body></opml>"]))
    environment = {
        "DEALWIRE_HOME": str(tmp_path / "home"),
        "DEALWIRE_FEEDS": str(opml),
        "DEALWIRE_ALLOW_NET": newsroom.url.removeprefix("http://"),
        "DEALWIRE_HOST_SPACING_SECONDS": "0",
        "DEALWIRE_HOST_PARALLEL": "8",
    }
    settings = dataclasses.replace(load_settings(environment, tmp_path), project_root=ROOT)
    runtime = Runtime(settings, connection, lambda: NOW, chance=lambda: 0.5, say=lambda text: None)
    pipeline.poll_all(runtime)
    return runtime


def spoil_one(connection: Connection) -> tuple[int, str]:
    """As if an older reader had cut an article short; its id and its true text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT article_id, title, text FROM news.article_version WHERE text_source = 'page' LIMIT 1")
        article_id, title, text = cursor.fetchone() or (0, "", "")
        cut = text[:40]
        sha256 = hashlib.sha256(f"{title}\n\n{cut}".encode()).hexdigest()
        cursor.execute(
            "UPDATE news.article_version SET text = %s, text_sha256 = %s, extracted_by = 'x' WHERE article_id = %s",
            (cut, sha256, article_id),
        )
        cursor.execute("UPDATE news.article_version SET extracted_by = 'x'")
    return article_id, text


def versions(connection: Connection, article_id: int) -> list[tuple[int, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, text, extracted_by IS NULL FROM news.article_version WHERE article_id = %s ORDER BY 1",
            (article_id,),
        )
        return [tuple(row) for row in cursor.fetchall()]


def test_a_better_reader_reads_kept_pages_again_without_the_network(runtime: Runtime, newsroom: NewsroomServer) -> None:
    article_id, text = spoil_one(runtime.connection)
    asked = len(newsroom.requests)
    counts = pipeline.replay(runtime, "2026-11-24", apply=False)
    assert counts["changed"] == 1
    assert counts["pages"] > 5
    assert len(versions(runtime.connection, article_id)) == 1
    assert pipeline.replay(runtime, "2026-11-24")["changed"] == 1
    assert versions(runtime.connection, article_id)[1:] == [(2, text, True)]
    assert pipeline.replay(runtime, "2026-11-24")["changed"] == 0
    assert pipeline.replay(runtime, "2026-11-25")["pages"] == 0
    assert len(newsroom.requests) == asked


def test_feeds_and_pages_are_kept_once_and_removed_in_time(runtime: Runtime) -> None:
    first = kept(runtime.connection)
    assert first.compressed < first.bytes / 2
    with runtime.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM news.raw_document WHERE entry_id IS NULL")
        assert cursor.fetchone()[0] > 2
        cursor.execute("UPDATE news.entry SET state = 'new'")
    later = dataclasses.replace(runtime, now=lambda: NOW + timedelta(hours=1))
    pipeline.poll_all(later)
    assert kept(runtime.connection) == first
    month_later = dataclasses.replace(runtime, now=lambda: NOW + timedelta(days=30, hours=2))
    removed = pipeline.remove_old_records(month_later)
    assert removed["raw_documents"] == first.documents
    assert kept(runtime.connection).bodies == 0


def test_nothing_is_kept_where_the_setting_says_so(runtime: Runtime) -> None:
    remove_raw(runtime.connection, NOW + timedelta(days=1))
    with runtime.connection.cursor() as cursor:
        cursor.execute("UPDATE news.entry SET state = 'new'")
    none = dataclasses.replace(runtime, settings=dataclasses.replace(runtime.settings, keep_raw_days=0))
    pipeline.poll_all(none)
    assert kept(runtime.connection).documents == 0


def test_a_body_is_removed_only_when_nothing_uses_it(runtime: Runtime) -> None:
    remove_raw(runtime.connection, NOW + timedelta(days=1))
    with runtime.connection.cursor() as cursor:
        cursor.execute("SELECT min(feed_id), max(feed_id) FROM news.feed")
        one, other = cursor.fetchone() or (0, 0)
    keep_raw(runtime.connection, [RawDocument(one, None, "http://a/", None, b"same")], NOW)
    keep_raw(runtime.connection, [RawDocument(other, None, "http://b/", None, b"same")], NOW + timedelta(days=2))
    assert remove_raw(runtime.connection, NOW + timedelta(days=1)) == {"raw_documents": 1, "raw_bodies": 0}
    assert kept(runtime.connection).bodies == 1


def test_many_articles_at_once_are_stored_like_one_by_one(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = canonical_dump(runtime.connection)
    assert sum(line.startswith("dump_articles") for line in at_once) > 5
    with runtime.connection.cursor() as cursor:
        cursor.execute("UPDATE news.entry SET state = 'new', article_id = NULL, read_attempts = 0")
        cursor.execute("DELETE FROM news.article; DELETE FROM news.story")
    monkeypatch.setattr(reading, "_alone", lambda readings, copies: [False] * len(readings))
    pipeline.poll_all(runtime)
    assert canonical_dump(runtime.connection) == at_once
