"""The stages on a real PostgreSQL, fed by the newsroom over HTTP."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from newsroom.server import NewsroomServer, feeds_opml, serving

from dealwire import pipeline
from dealwire.context import Runtime
from dealwire.errors import DealwireError, NotFoundError
from dealwire.settings import Settings, load_settings
from dealwire.store.database import Connection, connect
from dealwire.store.feeds import list_feeds

ROOT = Path(__file__).resolve().parents[2]
START = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)  # two polls at one instant would be one poll
        return self.now


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with serving(START, drip_seconds=0.3) as server:
        yield server


@pytest.fixture
def settings(newsroom: NewsroomServer, tmp_path: Path) -> Settings:
    opml = tmp_path / "feeds.opml"
    opml.write_text(feeds_opml(newsroom.url))
    environment = {
        "DEALWIRE_HOME": str(tmp_path / "home"),
        "DEALWIRE_FEEDS": str(opml),
        "DEALWIRE_ALLOW_NET": newsroom.url.removeprefix("http://"),
        "DEALWIRE_HOST_SPACING_SECONDS": "0",
        "DEALWIRE_HOST_PARALLEL": "8",
    }
    return dataclasses.replace(load_settings(environment, tmp_path), project_root=ROOT)


@pytest.fixture
def runtime(settings: Settings, connection: Connection) -> Runtime:
    return Runtime(settings, connection, Clock(), chance=lambda: 0.5)


def count(connection: Connection, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def test_a_poll_stores_every_entry_and_reads_every_page(runtime: Runtime) -> None:
    counts = pipeline.poll_all(runtime)
    assert counts["entries_new"] == count(runtime.connection, "news.entry") > 40
    assert count(runtime.connection, "news.article") > 40
    outcomes = {known.feed.title: known.last_outcome for known in list_feeds(runtime.connection)}
    assert outcomes["Dead Letters"] == "http_404"
    assert outcomes["The Overloaded Observer"] == "http_500"
    assert {name for name, outcome in outcomes.items() if outcome != "ok"} == {
        "Dead Letters",
        "The Overloaded Observer",
    }


def test_polling_again_adds_nothing(runtime: Runtime, newsroom: NewsroomServer) -> None:
    pipeline.poll_all(runtime)
    tables = ("news.entry", "news.entry_alias", "news.article", "news.article_version", "news.story")
    before = [count(runtime.connection, table) for table in tables]
    clock = runtime.now
    assert isinstance(clock, Clock)
    clock.now += timedelta(hours=2)
    newsroom.requests.clear()
    counts = pipeline.poll_all(runtime)
    assert counts["entries_new"] == counts["entries_changed"] == 0
    assert counts.get("articles_new", 0) == 0
    assert [status for path, status in newsroom.requests if "feed" in path and status == 304]
    assert [count(runtime.connection, table) for table in tables] == before


@pytest.mark.fault("P1")
def test_a_walled_page_falls_back_to_the_feed_and_says_so(runtime: Runtime) -> None:
    pipeline.find_due_feeds(runtime)
    url = next(known.feed.url for known in list_feeds(runtime.connection) if known.feed.title == "The Paywall Post")
    pipeline.poll_all(runtime, url)
    with runtime.connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT v.text_source, v.page_outcome FROM news.article a JOIN news.article_version v "
            "USING (article_id) WHERE a.publisher = 'The Paywall Post'"
        )
        assert [tuple(row) for row in cursor.fetchall()] == [("feed", "paywall")]


def test_one_feed_can_be_polled_by_hand(runtime: Runtime, newsroom: NewsroomServer) -> None:
    pipeline.find_due_feeds(runtime)
    url = next(known.feed.url for known in list_feeds(runtime.connection) if known.feed.title == "Rack & Current")
    newsroom.requests.clear()
    counts = pipeline.poll_all(runtime, url)
    assert counts["feeds"] == 1
    assert len([path for path, _ in newsroom.requests if path in url]) == 1
    with pytest.raises(NotFoundError, match="dealwire feeds list"):
        pipeline.poll_all(runtime, "http://nobody.example/feed")


@pytest.mark.fault("A8")
def test_a_run_in_which_most_feeds_failed_is_red(runtime: Runtime, settings: Settings) -> None:
    dead = "".join(
        f'<outline text="f{n}" title="f{n}" type="rss" xmlUrl="http://127.0.0.1:9/{n}.xml"/>' for n in range(6)
    )
    settings.feeds.write_text(f'<?xml version="1.0"?><opml version="2.0"><head/><body>{dead}</body></opml>')
    runtime = dataclasses.replace(runtime, settings=dataclasses.replace(settings, allow_net=frozenset({"127.0.0.1:9"})))
    due = pipeline.find_due_feeds(runtime)
    for batch in due:
        pipeline.poll_feeds(runtime, batch)
    with pytest.raises(DealwireError, match="6 of 6 feeds failed"):
        pipeline.judge_polls(runtime, due)


@pytest.mark.fault("N1")
def test_one_dead_feed_leaves_the_run_green(runtime: Runtime) -> None:
    due = pipeline.find_due_feeds(runtime)
    for batch in due:
        pipeline.poll_feeds(runtime, batch)
    assert pipeline.judge_polls(runtime, due)["failed"] == 2


@pytest.mark.fault("D1")
def test_copies_read_by_two_tasks_at_once_are_one_story(
    runtime: Runtime, settings: Settings, database_url: str
) -> None:
    for batch in pipeline.find_due_feeds(runtime):
        pipeline.poll_feeds(runtime, batch)
    with runtime.connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.entry_id FROM news.entry e JOIN news.feed f USING (feed_id) "
            "WHERE e.title = 'OpenAI signs $38 billion cloud agreement with Amazon' ORDER BY f.publisher"
        )
        copies = [row[0] for row in cursor.fetchall()]
    assert len(copies) == 2
    other = Runtime(settings, connect(database_url), runtime.now, chance=lambda: 0.5)
    tasks = [
        threading.Thread(target=pipeline.read_entries, args=(one, [entry, entry]))
        for one, entry in zip((runtime, other), copies, strict=True)
    ]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()
    other.connection.close()
    with runtime.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) AS articles, count(DISTINCT story_id) AS stories FROM news.article")
        assert tuple(cursor.fetchone() or ()) == (2, 1)
