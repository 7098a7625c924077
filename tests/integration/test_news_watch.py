"""Feeds watched over time, through the stages to the database: gaps filled, other publishers, retractions, opt-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faults.hostile_server import HostileServer, answer

from dealwire import pipeline
from dealwire.context import Runtime
from dealwire.errors import NotFoundError
from dealwire.feed_model import Feed
from dealwire.settings import load_settings
from dealwire.store.database import Connection
from dealwire.store.feeds import add_feed, list_feeds, release_feed

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
TEXT = "The town of Nowhere has signed for forty machines, said the mayor, who had waited for them since spring. "


def item(number: int, link: str, title: str = "", hours: float = 0.0) -> str:
    date = (START + timedelta(hours=hours)).isoformat()
    return (
        f"<item><title>{title or f'Story number {number}'}</title><link>{link}</link><pubDate>{date}</pubDate>"
        f'<guid isPermaLink="false">n{number}</guid><description>On story {number}.</description></item>'
    )


def rss(*items: str, head: str = "") -> bytes:
    names = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="2.0" {names}><channel><title>Paper</title>{head}{"".join(items)}</channel></rss>'.encode()


def page(title: str, head: str = "") -> bytes:
    body = "".join(f"<p>{TEXT * 3}</p>" for _ in range(4))
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{article}</body></html>".encode()


@dataclass
class World:
    server: HostileServer
    runtime: Runtime
    connection: Connection
    feed_id: int
    now: list[datetime] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.server.url("/feed")

    def poll(self, *items: str, hours: float = 1, head: str = "") -> dict[str, int]:
        self.server.serve("/feed", answer(rss(*items, head=head)))
        self.now[0] += timedelta(hours=hours)
        return pipeline.poll_all(self.runtime, self.url)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture
def world(connection: Connection, tmp_path: Path, project_root: Path) -> Iterator[World]:
    with HostileServer() as server:
        (tmp_path / "feeds.opml").write_text("<opml><body/></opml>")
        given = {
            "DEALWIRE_HOME": str(tmp_path),
            "DEALWIRE_FEEDS": str(tmp_path / "feeds.opml"),
            "DEALWIRE_ALLOW_NET": server.address,
            "DEALWIRE_HOST_SPACING_SECONDS": "0",
            "DEALWIRE_HOST_PARALLEL": "8",
        }
        now = [START]
        settings = load_settings(given, project_root)
        runtime = Runtime(settings, connection, lambda: now[0], chance=lambda: 0.5)
        feed_id = add_feed(connection, Feed(server.url("/feed"), "Paper", "Paper", language="en"), START)
        yield World(server, runtime, connection, feed_id, now)


def links(world: World, numbers: range, hours: float = 0.1) -> list[str]:
    return [item(n, world.server.url(f"/{n}"), hours=n * hours) for n in numbers]


@pytest.mark.fault("F21")
def test_a_gap_is_closed_from_older_pages_of_the_feed(world: World) -> None:
    world.poll(*links(world, range(5)), hours=1)
    head = '<atom:link rel="prev-archive" href="/older" />'
    world.server.serve(
        "/older", answer(rss(*links(world, range(15, 25)), head='<atom:link rel="next" href="/oldest"/>'))
    )
    world.server.serve("/oldest", answer(rss(*links(world, range(3, 15)))))
    counts = world.poll(*links(world, range(25, 30)), hours=3, head=head)
    assert (counts["gaps"], counts["gap_entries"]) == (1, 20)
    ((tried, found, closed),) = world.rows("SELECT tried, entries_found, closed FROM analytics.coverage_gap")
    assert (found, closed, len(tried)) == (20, True, 2)
    assert world.rows("SELECT count(*) FROM news.entry") == [(30,)]
    asked = world.server.paths().count("/older")
    world.poll(*links(world, range(26, 31)))
    assert world.server.paths().count("/older") == asked, "a gap is asked about once"


@pytest.mark.fault("F21")
def test_a_gap_is_filled_from_the_news_sitemap_that_robots_txt_names(world: World) -> None:
    base = world.server.url("")
    world.server.serve("/robots.txt", answer(f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n"))
    world.poll(*links(world, range(5)), hours=1)
    listed = "".join(
        f"<url><loc>{base}/{n}</loc><n:news><n:publication_date>{(START + timedelta(hours=n * 0.1)).isoformat()}"
        f"</n:publication_date><n:title>Story number {n}</n:title></n:news></url>"
        for n in range(10, 29)
    )
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    names += 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    inner = "".join(f"<sitemap><loc>{base}/{name}.xml</loc></sitemap>" for name in ("pages", "news"))
    index = f"<sitemapindex {names}>{inner}"
    world.server.serve("/sitemap.xml", answer(f'<?xml version="1.0"?>{index}</sitemapindex>'))
    world.server.serve("/news.xml", answer(f'<?xml version="1.0"?><urlset {names}>{listed}</urlset>'))
    counts = world.poll(*links(world, range(25, 30)), hours=3)
    assert counts["gap_entries"] == 15
    ((tried, closed),) = world.rows("SELECT tried, closed FROM analytics.coverage_gap")
    assert not closed, "the sitemap begins after what we had"
    assert [text.split(" ")[0] for text in tried] == ["sitemap", "news"]
    assert "/pages.xml" not in world.server.paths()


@pytest.mark.fault("F21")
def test_a_gap_without_archives_says_so(world: World) -> None:
    world.poll(*links(world, range(5)), hours=1)
    world.poll(*links(world, range(25, 30)), hours=3)
    assert world.rows("SELECT tried, entries_found, closed FROM analytics.coverage_gap") == [
        (["robots.txt: no sitemap of the feed's site"], 0, False)
    ]


@pytest.mark.fault("F20")
def test_a_feed_that_turns_to_another_publisher_waits_for_a_person(world: World) -> None:
    world.poll(*links(world, range(4)))
    casino = [item(n, f"https://casino.example.net/{n}", hours=5) for n in range(2, 7)]
    world.poll(*casino)
    states = dict(world.rows("SELECT state, count(*) FROM news.entry GROUP BY 1"))
    assert states.get("held") == 3
    assert "new" not in states, "nothing of the other publisher is read"
    titles = world.rows("SELECT link FROM news.entry WHERE guid = 'n3'")
    assert "casino" not in titles[0][0], "what we have of the same ids stays as it was"
    ((health, held, reason),) = world.rows("SELECT health, entries_held, held_reason FROM analytics.feed_health")
    assert (health, held) == ("held", 3)
    assert reason.startswith("entries lead to example.net")
    assert release_feed(world.connection, world.url, True, world.now[0]) == 3
    with pytest.raises(NotFoundError, match="is held"):
        release_feed(world.connection, world.url, True, world.now[0])
    world.poll(*casino, item(9, "https://casino.example.net/9", hours=6))
    assert list_feeds(world.connection)[0].held_at is None
    assert world.rows("SELECT count(*) FROM news.entry WHERE state = 'held'") == [(0,)]


@pytest.mark.fault("F17")
def test_a_retraction_reaches_the_article_and_its_deals(world: World) -> None:
    deal = (
        "Anthropic has signed an agreement with Google Cloud worth $40 billion over five years, the companies said on "
        "Monday. Under the contract, Google Cloud will provide computing capacity to Anthropic. "
    )
    title = "Anthropic signs $40 billion cloud contract with Google"
    written = page(title).replace(TEXT.encode(), deal.encode())
    world.server.serve("/1", answer(written, headers={"Content-Type": "text/html"}))
    world.poll(item(1, world.server.url("/1"), title), *links(world, range(2, 5)))
    pipeline.extract_all(world.runtime)
    pipeline.resolve_mentions(world.runtime)
    assert world.rows("SELECT source_count FROM analytics.deal") == [(1,)]
    world.server.serve("/1", answer(written.replace(title.encode(), f"RETRACTED: {title}".encode())))
    world.poll(item(1, world.server.url("/1"), f"RETRACTED: {title}"), *links(world, range(2, 5)))
    assert world.rows("SELECT count(*) FROM news.article WHERE retracted_at IS NOT NULL") == [(1,)]
    assert world.rows("SELECT count(*) FROM news.entry WHERE retracted_at IS NOT NULL") == [(1,)]
    pipeline.extract_all(world.runtime)
    pipeline.resolve_mentions(world.runtime)
    assert world.rows("SELECT source_count, needs_review FROM analytics.deal") == [(0, True)]
    assert world.rows("SELECT cause FROM analytics.deal_version ORDER BY version") == [("reported",), ("retracted",)]


def test_opt_outs_are_kept_as_data(world: World) -> None:
    robots = "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    world.server.serve("/robots.txt", answer(robots))
    tdm = '[{"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://a.example/policy.json"}]'
    world.server.serve("/.well-known/tdmrep.json", answer(tdm))
    head = '<meta name="robots" content="index, noai"><meta name="tdm-reservation" content="1">'
    headers = {"X-Robots-Tag": "noarchive", "Content-Type": "text/html"}
    world.server.serve("/1", answer(page("Story number 1", head), headers=headers))
    world.poll(item(1, world.server.url("/1")))
    said = world.rows("SELECT scope, signal FROM analytics.opt_out ORDER BY 1, 2")
    assert said == [
        ("article", "header x-robots-tag: noarchive"),
        ("article", "meta robots: noai"),
        ("article", "meta tdm-reservation: 1"),
        ("host", "robots.txt shuts out GPTBot"),
        ("host", "tdmrep.json: /news/ tdm-reservation: 1, policy https://a.example/policy.json"),
    ]


@pytest.mark.fault("N23")
def test_robots_txt_is_asked_for_once_a_day_over_runs(world: World) -> None:
    def asked() -> tuple[int, int]:
        return world.server.paths().count("/robots.txt"), world.server.paths().count("/.well-known/tdmrep.json")

    world.server.serve("/robots.txt", answer("User-agent: *\nDisallow: /private\n"))
    world.poll(item(1, world.server.url("/private/1")))
    world.poll(item(2, world.server.url("/private/2")), hours=20)
    assert asked() == (1, 1)
    outcomes = world.rows("SELECT page_outcome FROM news.article_version")
    assert outcomes == [("robots_disallowed",)] * 2, "the kept answer is obeyed"
    world.poll(item(3, world.server.url("/private/3")), hours=5)
    assert asked() == (2, 1)
    world.server.serve("/robots.txt", answer("later", status=503))
    world.poll(item(4, world.server.url("/4")), hours=25)
    world.server.serve("/robots.txt", answer("", status=404))
    world.poll(item(5, world.server.url("/5")), hours=2)
    assert asked()[0] == 4, "a robots.txt that failed is asked for again after an hour"


def test_what_the_registry_expects_shows_in_feed_health(world: World) -> None:
    feed = Feed(world.url, "Paper", "Paper", "https://paper.example/", "fr", None, False, 20, 50)
    add_feed(world.connection, feed, START)
    for number in range(5):
        world.poll(*links(world, range(number, number + 3)), hours=24, head="<language>en-gb</language>")
    ((health, unexpected),) = world.rows("SELECT health, unexpected FROM analytics.feed_health")
    assert unexpected[:2] == ["says its language is en, the registry says fr", "lists 3 entries, 20 are expected"]
    assert health in ("unexpected", "late")
    assert any("50 a day are expected" in text for text in unexpected)
    assert any("the registry names https://paper.example/" in text for text in unexpected)
