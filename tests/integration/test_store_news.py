"""Feeds, polls, entries and articles in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dealwire.errors import NotFoundError
from dealwire.feed_model import ArticleReading, Entry, Feed, FeedUpdate, IdentifiedEntry
from dealwire.store import hosts, news
from dealwire.store.database import Connection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed("https://a.example/rss", "A", "A News", language="en")


def an_entry(
    key: str, title: str = "Title", aliases: tuple[str, ...] = (), authors: tuple[str, ...] = ()
) -> IdentifiedEntry:
    entry = Entry(key, f"https://a.example/{key}", title, "Summary", None, authors, NOW, None)
    return IdentifiedEntry(key, aliases, f"sha of {title}", entry)


def an_update(url: str = FEED.url) -> FeedUpdate:
    later = NOW + timedelta(hours=1)
    return FeedUpdate(url, '"e"', None, "sha", "guid", 1800, later, NOW, NOW, 0, 0, 0, None, 0, None, None)


def a_reading(text: str = "Text.", source: str = "page", url: str = "https://a.example/1") -> ArticleReading:
    return ArticleReading(url, "A News", False, "en", "Title", text, source, "ok", None, ("Ann",), NOW, "json-ld")


@pytest.fixture
def feed_id(connection: Connection) -> int:
    news.sync_feeds(connection, [FEED], NOW)
    return news.due_feed_ids(connection, NOW)[0]


def test_the_registry_is_taken_over(connection: Connection) -> None:
    other = Feed("https://b.example/rss", "B", "B News", official=True, expected_entries=3)
    assert news.sync_feeds(connection, [FEED, other, other], NOW) == news.SyncCounts(2, 0, 0)
    assert news.sync_feeds(connection, [FEED, other], NOW) == news.SyncCounts(0, 0, 0)
    assert news.sync_feeds(connection, [replace(FEED, title="New")], NOW) == news.SyncCounts(0, 1, 1)
    health = news.list_feeds(connection)
    assert [(feed.feed.title, feed.active) for feed in health] == [("New", True), ("B", False)]
    assert news.sync_feeds(connection, [FEED, other], NOW) == news.SyncCounts(0, 2, 0)


def test_a_feed_handled_by_hand_is_left_alone_by_the_registry(connection: Connection) -> None:
    added = news.add_feed(connection, Feed("https://c.example/rss", "C", "C"), NOW)
    assert news.sync_feeds(connection, [FEED], NOW) == news.SyncCounts(1, 0, 0)
    assert added in news.due_feed_ids(connection, NOW)
    news.remove_feed(connection, FEED.url)
    news.sync_feeds(connection, [FEED], NOW)
    assert news.due_feed_ids(connection, NOW) == [added]
    with pytest.raises(NotFoundError, match="https://nowhere"):
        news.remove_feed(connection, "https://nowhere.example/")


def test_a_poll_is_stored_once(connection: Connection, feed_id: int) -> None:
    entries = [an_entry("1", authors=("Ann", "Bob")), an_entry("2"), an_entry("2", "again")]
    gap = (NOW - timedelta(hours=5), NOW)

    def poll(at: datetime) -> news.EntryCounts:
        return news.record_poll(
            connection, feed_id, an_update(), at, "ok", entries=entries, gap=gap, first_poll=True, entries_seen=3
        )

    assert poll(NOW) == news.EntryCounts(2, 0)
    assert poll(NOW) == news.EntryCounts(2, 0)
    assert poll(NOW + timedelta(seconds=1)) == news.EntryCounts(0, 0)
    assert len(news.unread_entry_ids(connection, NOW)) == 2
    assert news.due_feed_ids(connection, NOW) == []
    state = news.load_feed_states(connection, [feed_id])[0]
    assert (state.etag, state.interval_seconds, state.last_polled_at) == ('"e"', 1800, NOW + timedelta(seconds=1))
    stored = news.load_entries(connection, news.unread_entry_ids(connection, NOW))
    assert stored[0].entry == entries[0].entry


def test_an_edited_entry_is_read_again_under_any_of_its_names(connection: Connection, feed_id: int) -> None:
    news.record_poll(connection, feed_id, an_update(), NOW, "ok", entries=[an_entry("1", aliases=("link:1",))])
    entry_id = news.unread_entry_ids(connection, NOW)[0]
    news.store_reading(connection, entry_id, a_reading(), b"12", None, NOW)
    assert news.unread_entry_ids(connection, NOW) == []
    later = NOW + timedelta(hours=1)
    edited = an_entry("new guid", "Edited", aliases=("link:1",))
    assert news.record_poll(connection, feed_id, an_update(), later, "ok", entries=[edited]) == news.EntryCounts(0, 1)
    assert news.unread_entry_ids(connection, later) == [entry_id]
    known = news.known_entries(connection, feed_id)
    assert {name: found[0] for name, found in known.items()} == dict.fromkeys(("1", "link:1", "new guid"), entry_id)


def test_a_moved_feed_keeps_its_old_address_as_an_alias(connection: Connection, feed_id: int) -> None:
    news.record_poll(connection, feed_id, an_update("https://new.example/rss"), NOW, "ok")
    assert news.sync_feeds(connection, [FEED], NOW) == news.SyncCounts(0, 0, 0)
    assert news.load_feed_states(connection, [feed_id])[0].url == "https://new.example/rss"
    other = news.add_feed(connection, Feed("https://other.example/rss", "O", "O"), NOW)
    news.record_poll(connection, other, an_update("https://new.example/rss"), NOW, "ok")
    assert [feed.active for feed in news.list_feeds(connection) if feed.feed_id == other] == [False]


def test_readings_make_versions_only_of_new_and_not_worse_texts(connection: Connection, feed_id: int) -> None:
    news.record_poll(connection, feed_id, an_update(), NOW, "ok", entries=[an_entry("1"), an_entry("2"), an_entry("3")])
    first, second, third = news.unread_entry_ids(connection, NOW)
    stored = news.store_reading(connection, first, a_reading("Teaser", "feed"), b"1", None, NOW)
    assert (stored.version, stored.new_version) == (1, True)
    page = news.store_reading(connection, second, a_reading("Whole text", "page"), b"2", None, NOW)
    assert page == news.StoredArticle(stored.article_id, 2, True)
    assert not news.store_reading(connection, second, a_reading("Whole text", "page"), b"2", None, NOW).new_version
    assert not news.store_reading(connection, first, a_reading("Teaser, edited", "feed"), b"1", None, NOW).new_version
    copy = a_reading("Whole text", "page", "https://b.example/copy")
    copied = news.store_reading(connection, third, copy, b"2", stored.article_id, NOW)
    signatures = news.recent_signatures(connection, NOW)
    assert [(s.article_id, s.minhash) for s in signatures] == [(stored.article_id, b"2"), (copied.article_id, b"2")]
    assert signatures[0].story_id == signatures[1].story_id
    ids = news.unextracted_articles(connection, "v1")
    assert ids == [copied.article_id, stored.article_id]
    loaded = news.load_articles(connection, ids)[0]
    assert (loaded.version, loaded.article.body) == (2, "Title\n\nWhole text")


def test_an_entry_that_cannot_be_read_comes_again_or_is_given_up(connection: Connection, feed_id: int) -> None:
    news.record_poll(connection, feed_id, an_update(), NOW, "ok", entries=[an_entry("1")])
    entry_id = news.unread_entry_ids(connection, NOW)[0]
    later = NOW + timedelta(minutes=10)
    news.mark_entry_failed(connection, entry_id, "deadline", later, NOW)
    assert news.unread_entry_ids(connection, NOW) == []
    assert news.unread_entry_ids(connection, later) == [entry_id]
    assert news.load_entries(connection, [entry_id])[0].read_attempts == 1
    news.mark_entry_failed(connection, entry_id, "gone", None, later)
    assert news.unread_entry_ids(connection, later + timedelta(days=9)) == []


def test_what_hosts_asked_for_is_remembered(connection: Connection) -> None:
    later = NOW + timedelta(days=1)
    hosts.hold_hosts_until(connection, {"a.example": later})
    hosts.hold_hosts_until(connection, {"a.example": NOW})
    hosts.store_robots(connection, [hosts.HostRobots("a.example", "User-agent: *", "ok", NOW, later, ("GPTBot",))])
    hosts.store_tdm(connection, [hosts.HostTdm("a.example", "ok", NOW, later, ("/ tdm-reservation: 1",))])
    known = hosts.HostState("a.example", later, "User-agent: *", "ok", NOW, later, later)
    assert hosts.load_hosts(connection, ["a.example", "b.example"]) == {"a.example": known}
