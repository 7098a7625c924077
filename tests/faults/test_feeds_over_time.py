"""F8-F11, F15-F18, F20, F21, N15, N17: what a feed does from poll to poll, stored in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from faults.hostile_server import HostileServer, answer
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from dealwire.context import Runtime
from dealwire.feed_model import Feed, Fetched, ParsedFeed
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.identity import detect_policy, entry_keys, is_retraction
from dealwire.news.publishers import is_other_publisher, sites_of
from dealwire.settings import load_settings
from dealwire.stages.poll_storing import store_group
from dealwire.stages.polling import poll_feeds
from dealwire.store.database import Connection, connect
from dealwire.store.feeds import add_feed, load_feed_states, remove_feed

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SITE = "https://paper.example.com"


@dataclass
class Item:
    number: int
    title: str = ""
    guid: str | None = ""
    link: str | None = ""
    hours: float | None = None
    text: str = ""

    def xml(self) -> str:
        title = self.title or f"Story {self.number} from the made-up town"
        link = f"{SITE}/news/story-{self.number}" if self.link == "" else self.link
        guid = f"{SITE}/?p={self.number}" if self.guid == "" else self.guid
        parts = [f"<title>{title}</title>", f"<description>{self.text or 'Text of ' + title}</description>"]
        parts += [f"<link>{link}</link>"] if link else []
        parts += [f'<guid isPermaLink="false">{guid}</guid>'] if guid else []
        if self.hours is not None:
            parts.append(f"<pubDate>{(START + timedelta(hours=self.hours)).isoformat()}</pubDate>")
        return f"<item>{''.join(parts)}</item>"


def feed(*items: Item) -> bytes:
    inner = "".join(item.xml() for item in items)
    return f'<rss version="2.0"><channel><title>Paper</title><link>{SITE}/</link>{inner}</channel></rss>'.encode()


@dataclass
class World:
    """One feed on a loopback server, a database, and a clock that is turned by hand."""

    server: HostileServer
    connection: Connection
    runtime: Runtime
    feed_id: int
    now: list[datetime] = field(default_factory=list)

    def poll(self, *items: Item, hours: float = 1, body: bytes | None = None, etag: str = "") -> dict[str, int]:
        headers = {"ETag": etag} if etag else None
        self.server.serve("/feed", answer(feed(*items) if body is None else body, headers=headers))
        self.now[0] += timedelta(hours=hours)
        return self.poll_once()

    def poll_once(self) -> dict[str, int]:
        return poll_feeds(self.runtime, [self.feed_id, self.feed_id])

    def rows(self, columns: str, table: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} WHERE feed_id = %s ORDER BY 1", (self.feed_id,))
            return [tuple(row) for row in cursor.fetchall()]

    @property
    def titles(self) -> list[str]:
        return [row[0] for row in self.rows("title", "news.entry")]

    @property
    def state(self) -> Any:
        return load_feed_states(self.connection, [self.feed_id])[0]


@pytest.fixture(scope="module")
def shared_connection(database_server: str, database_template: str) -> Iterator[Connection]:
    """One database for this module; each test has a feed of its own in it."""
    name = "dealwire_test_feeds_over_time"
    administrator = psycopg2.connect(make_dsn(database_server, dbname="postgres"))
    administrator.autocommit = True
    cursor = administrator.cursor()
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    cursor.execute(make.format(sql.Identifier(name), sql.Identifier(database_template)))
    opened = connect(make_dsn(database_server, dbname=name))
    yield opened
    opened.close()
    cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    administrator.close()


@pytest.fixture
def world(shared_connection: Connection, tmp_path: Path, project_root: Path) -> Iterator[World]:
    with HostileServer() as server:
        now = [START]
        feed_id = add_feed(shared_connection, Feed(server.url("/feed"), "Paper", "Paper"), START)
        given = {
            "DEALWIRE_HOME": str(tmp_path),
            "DEALWIRE_ALLOW_NET": server.address,
            "DEALWIRE_HOST_SPACING_SECONDS": "0",
        }
        runtime = Runtime(load_settings(given, project_root), shared_connection, lambda: now[0], chance=lambda: 0.5)
        yield World(server, shared_connection, runtime, feed_id, now)
        remove_feed(shared_connection, load_feed_states(shared_connection, [feed_id])[0].url)


@pytest.mark.fault("F8")
def test_without_a_guid_the_link_is_the_key_and_without_both_the_title(world: World) -> None:
    items = [Item(1, guid=None, hours=1), Item(2, guid=None, link=None, hours=2), Item(3, guid=None, link=None)]
    counts = [world.poll(*items)["entries_new"] for _ in range(3)]
    assert counts == [3, 0, 0]


@pytest.mark.fault("F8")
def test_tracking_parameters_make_no_new_entry(world: World) -> None:
    assert world.poll(Item(1, guid=None, link=f"{SITE}/news/story-1?utm_source=a"))["entries_new"] == 1
    again = world.poll(Item(1, guid=None, link=f"{SITE}/news/story-1?utm_source=b&amp;fbclid=9#top"))
    assert again["entries_new"] == 0


@pytest.mark.fault("F9")
def test_one_guid_for_all_items_loses_none(world: World) -> None:
    items = [Item(number, guid="always the same", hours=number) for number in range(10)]
    assert world.poll(*items)["entries_new"] == 10
    assert world.state.identity_policy == "link"
    assert world.poll(Item(10, guid="always the same", hours=10), *items)["entries_new"] == 1
    assert world.state.identity_policy == "link"


@pytest.mark.fault("F9")
def test_one_guid_and_one_link_fall_to_the_title(world: World) -> None:
    items = [Item(number, guid="x", link=f"{SITE}/live", hours=number) for number in range(5)]
    assert world.poll(*items)["entries_new"] == 5
    assert world.state.identity_policy == "title"
    assert world.poll(*items)["entries_new"] == 0


@pytest.mark.fault("F10")
@pytest.mark.parametrize(
    "change",
    [
        lambda n, poll: Item(n, guid=f"new-{poll}-{n}", hours=n),
        lambda n, poll: Item(n, guid=f"http{'s' if poll % 2 else ''}://paper.example.com/?p={n}", hours=n),
        lambda n, poll: Item(n, link=f"https://{'abc'[poll]}.example.org/news/story-number-{n}",
                             guid=f"https://{'abc'[poll]}.example.org/?post={n}", hours=n),
        lambda n, poll: Item(n, guid=f"g{poll}{n}", link=f"{SITE}/go/{poll}{n}", hours=n),
    ],
    ids=["new guids", "http to https", "host moved", "both new, same title and date"],
)  # fmt: skip
def test_changing_ids_bring_nothing_new(world: World, change: Any) -> None:
    for poll in range(3):
        found = world.poll(*(change(number, poll) for number in range(6)))
        assert found["entries_new"] == (6 if poll == 0 else 0)
    assert len(world.titles) == 6


@pytest.mark.fault("F11")
def test_a_policy_that_comes_and_goes_doubles_nothing(world: World) -> None:
    good = [Item(number, hours=number) for number in range(6)]
    bad = [Item(number, guid="all the same", hours=number) for number in range(6)]
    counts = [world.poll(*items)["entries_new"] for items in (good, bad, good, bad, good)]
    assert counts == [6, 0, 0, 0, 0]


@pytest.mark.fault("F15")
def test_a_feed_that_goes_empty_deletes_nothing_and_is_noticed(world: World) -> None:
    world.poll(*(Item(number) for number in range(5)))
    for expected in (1, 2, 3):
        assert world.poll(hours=2)["failed"] == 0
        assert world.state.empty_count == expected
    assert len(world.titles) == 5
    world.poll(Item(9), hours=2)
    assert world.state.empty_count == 0


@pytest.mark.fault("F16")
def test_an_edit_is_a_version_of_the_same_entry(world: World) -> None:
    world.poll(Item(1, title="Town buys 4 machines"))
    assert world.poll(Item(1, title="Town buys 5 machines"))["entries_changed"] == 1
    assert world.rows("title, version", "news.entry") == [("Town buys 5 machines", 2)]
    assert world.poll(Item(1, title="Town buys 5 machines"))["entries_changed"] == 0


@pytest.mark.fault("F17")
def test_a_retraction_is_an_edit_that_says_so(world: World) -> None:
    world.poll(Item(1, title="Town buys 4 machines"))
    world.poll(Item(1, title="RETRACTED: Town buys 4 machines"))
    ((title, version),) = world.rows("title, version", "news.entry")
    assert version == 2
    assert is_retraction(title)


@pytest.mark.fault("F18")
def test_order_does_not_matter(world: World) -> None:
    items = [Item(number, hours=number) for number in range(8)]
    assert world.poll(*items)["entries_new"] == 8
    shuffled = [items[place] for place in (3, 7, 0, 5, 1, 6, 2, 4)]
    assert world.poll(*shuffled) | {"feeds": 1} == world.poll(*reversed(items)) | {"feeds": 1}
    assert world.poll(Item(99, hours=-400), *items)["entries_new"] == 1


@pytest.mark.fault("F20")
def test_another_publisher_is_told_by_its_links() -> None:
    ours = parse_feed(feed(*(Item(number) for number in range(5))))
    sites = frozenset(sites_of(ours))
    casino = feed(*(Item(number) for number in range(5))).replace(SITE.encode(), b"https://casino.example.net")
    sold = parse_feed(casino)
    assert not is_other_publisher(ours, sites_of(ours), sites)
    assert is_other_publisher(sold, sites_of(sold), sites)
    moved = parse_feed(feed(*(Item(n, link=f"https://www.example.com/{n}") for n in range(5))))
    assert not is_other_publisher(moved, sites_of(moved), sites)
    assert not is_other_publisher(sold, sites_of(sold), frozenset())
    assert not is_other_publisher(ParsedFeed("ok", None, None, None, None, ()), [], sites)


@pytest.mark.fault("F21")
def test_a_feed_that_rolled_over_leaves_a_gap_and_is_asked_sooner(world: World) -> None:
    world.poll(*(Item(number, hours=number / 10 - 5) for number in range(10)))
    before = world.state.interval_seconds
    world.poll(*(Item(number, hours=number / 10) for number in range(5, 15)), hours=1)
    assert world.rows("from_at", "news.coverage_gap") == [], "the old and the new window overlap"
    world.poll(*(Item(number, hours=number / 10) for number in range(40, 50)), hours=6)
    ((from_at, to_at),) = world.rows("from_at, to_at", "news.coverage_gap")
    assert (from_at, to_at) == (START + timedelta(hours=1.4), START + timedelta(hours=4))
    assert world.state.interval_seconds < before


@pytest.mark.fault("F14")
def test_the_rest_of_a_long_feed_comes_with_the_next_polls() -> None:
    entries = parse_feed(feed(*(Item(number, hours=number) for number in range(30)))).entries
    identified = entry_keys(entries, detect_policy(entries, "guid"))
    from dealwire.news.identity import names_of, select_for_poll

    stored: set[str] = set()
    polls = 0
    while True:
        taken, left = select_for_poll(identified, frozenset(stored), limit=12)
        stored |= {name for item in taken for name in names_of(item)}
        polls += 1
        if not left:
            break
    assert polls == 3
    assert {item.key for item in identified} <= stored


@pytest.mark.fault("N15")
def test_a_moved_feed_keeps_its_entries(world: World) -> None:
    items = [Item(number) for number in range(4)]
    world.poll(*items)
    old = world.state.url
    world.server.serve("/new", answer(feed(*items)))
    for _ in range(3):
        world.server.serve("/feed", answer(status=301, headers={"Location": "/new"}))
        world.now[0] += timedelta(days=1)
        world.poll_once()
    assert world.state.url == world.server.url("/new")
    assert world.rows("url", "news.feed_alias") == [(old,)]
    assert len(world.titles) == 4


@pytest.mark.fault("N17")
def test_the_same_body_is_not_parsed_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.poll(Item(1), etag='"a"')
    from dealwire.news import reading

    sizes: list[int] = []
    parse = reading.Parsers.parse_feeds

    def counting(self: Any, sources: Any, now: Any = None) -> Any:
        sizes.append(len(sources))
        return parse(self, sources, now)

    monkeypatch.setattr(reading.Parsers, "parse_feeds", counting)
    world.poll(Item(1), etag='"a"')
    assert sum(sizes) == 0
    assert world.poll(Item(1), Item(2), etag='"a"', hours=1)["entries_new"] == 1, "the same ETag with another body"


@pytest.mark.fault("N7", "N6")
def test_a_bad_transfer_takes_no_entries_and_keeps_the_validators(world: World) -> None:
    world.poll(Item(1), etag='"good"')
    whole = feed(Item(1), Item(2))
    for broken in (answer(whole, headers={"ETag": '"bad"'}, length=len(whole) + 9),
                   answer(b"x" + whole, headers={"ETag": '"bad"', "Content-Encoding": "gzip"})):  # fmt: skip
        world.server.serve("/feed", broken)
        world.now[0] += timedelta(hours=2)
        assert world.poll_once()["failed"] == 1
        assert (world.state.etag, len(world.titles)) == ('"good"', 1)


@pytest.mark.fault("N8")
def test_a_cut_feed_gives_its_complete_entries_and_is_asked_again_soon(world: World) -> None:
    whole = feed(*(Item(number) for number in range(4)))
    world.poll(body=whole[: whole.rindex(b"<guid")], etag='"cut"')
    assert len(world.titles) == 3
    assert world.state.etag is None
    assert world.state.next_poll_at - world.now[0] <= timedelta(minutes=10)
    world.poll(body=whole)
    assert len(world.titles) == 4


@pytest.mark.fault("N22")
def test_a_login_page_in_place_of_a_feed_keeps_what_we_have(world: World) -> None:
    world.poll(Item(1), etag='"good"')
    for count in (1, 2, 3):
        world.poll(body=b"<!DOCTYPE html><html><body>Log in</body></html>", hours=3, etag='"login"')
        assert (world.state.not_a_feed_count, world.state.etag) == (count, '"good"')
    assert len(world.titles) == 1


@pytest.mark.fault("B1")
def test_a_feed_that_cannot_be_stored_costs_the_others_nothing(world: World) -> None:
    other = add_feed(world.connection, Feed("https://other.example/feed", "Other", "Other"), START)
    states = {state.feed_id: state for state in load_feed_states(world.connection, [world.feed_id, other])}
    good = parse_feed(feed(Item(1), Item(2)))
    refused = replace(good, entries=(replace(good.entries[0], title="what PostgreSQL refuses: \0"),))
    fetched = Fetched("ok", None, SITE, SITE, None, 200, {}, b"x", 5, None)
    group = [(state, fetched) for state in states.values()]
    counts = store_group(world.runtime, group, {world.feed_id: good, other: refused})
    assert (counts["entries_new"], counts["failed"]) == (2, 1)
    state = load_feed_states(world.connection, [other])[0]
    assert state.failure_count == 1
    assert state.next_poll_at > START
    remove_feed(world.connection, "https://other.example/feed")
