"""What is read by a shortcut is read as by the long way: fragments of HTML, addresses, dates of the usual form."""

from __future__ import annotations

import random
import re
from datetime import datetime

import pytest

from dealwire.news import feed_dates, html_text, urls

NEVER = re.compile("(?!)")
PIECES = (
    "<p>", "</p>", "<br>", "<br />", "<b>", "</b>", "<em>", "</em>", '<a href="https://x.example/a">', "</a>", "word ",
    '<a href="https://x.example/b" target="_blank">', "text.", "  ", "\n", "\n\n", "\t", "&amp;", "&lt;", "&nbsp;", "é",
    "&#8217;", "日本", "\xa0", "\u200b", "<div>", "&eacute;", "\r\n", "<", "<p>One.</p>", "<b>two</b>", "<p>x<br>y</p>",
    '<a href="https://x.example/"><i>z</i></a>',
)  # fmt: skip


def test_simple_fragments_are_read_as_by_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    made = ["".join(chance.choices(PIECES, k=chance.randint(1, 8))) for _ in range(4_000)]
    fragments = [one for one in made if html_text._TAG.search(one) and html_text._SIMPLE.fullmatch(one)]
    assert len(fragments) > 300
    fast = [html_text.plain_text(one, 500) for one in fragments]
    monkeypatch.setattr(html_text, "_SIMPLE", NEVER)
    assert fast == [html_text.plain_text(one, 500) for one in fragments]


def test_plain_addresses_are_read_as_by_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    parts = ("a", "-", ".", "/", "?", "=", "&", "x1", "%20", ";", "utm_source=b", "#", "http://", "_", ":80", "é", "//")
    tails = ["".join(chance.choices(parts, k=chance.randint(0, 7))) for _ in range(4_000)]
    asked = [f"https://{chance.choice(('paper.example.com', 'google.com', 'A.example'))}{tail}" for tail in tails]
    base = "https://paper.example.com/rss"

    def read() -> list[tuple[str | None, ...]]:
        return [(urls.absolute_url(u, base), urls.absolute_url(u), urls.canonical_url(u, base)) for u in asked]

    fast = read()
    monkeypatch.setattr(urls, "_PLAIN", NEVER)
    assert fast == read()


def test_usual_dates_are_read_as_by_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    zones = ("GMT", "+0100", "-0730", "+1345", "-1500")
    made = [
        f"Mon, {chance.randint(0, 33):02} {chance.choice(months)} {chance.randint(1990, 2101)} "
        f"{chance.randint(0, 25):02}:{chance.randint(0, 61):02}:{chance.randint(0, 61):02} {chance.choice(zones)}"
        for _ in range(3_000)
    ]
    now = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    fast = [feed_dates.read_date(one, None, now) for one in made]
    assert sum(1 for one in fast if one.at) > 500
    monkeypatch.setattr(feed_dates, "_READERS", feed_dates._READERS[1:])
    assert fast == [feed_dates.read_date(one, None, now) for one in made]
