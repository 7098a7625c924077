from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from dealwire.news.feed_entries import entry_text
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.parsed_json import feed_from_json, feed_to_json

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Made-up &amp; true</title><link>https://paper.example.com/</link><language>fr-FR</language>
<item><title>Alpha &amp;amp; Beta sign &lt;b&gt;a deal&lt;/b&gt;</title><link>/news/1</link>
<guid isPermaLink="false">id-1</guid><pubDate>lun., 03 nov. 2025 14:05:00 +0100</pubDate>
<description>&lt;p&gt;Short&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description><dc:creator>A. Writer</dc:creator>
<content:encoded>&lt;p onclick="x()"&gt;The long text.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</content:encoded></item>
<item><title>No link</title><link>javascript:alert(1)</link><description>d</description></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example.com/x/"><title>T</title>
<entry><id>urn:1</id><title type="html">One &amp;lt;i&amp;gt;</title><link href="../y/1"/>
<updated>2025-11-03T14:05:00Z</updated>
<author><name>N</name></author><summary>S</summary></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title><link>https://r.example.com/</link></channel>
<item rdf:about="https://r.example.com/1"><title>Item</title><link>https://r.example.com/1</link>
<dc:date>2025-11-03T15:05:00+01:00</dc:date></item></rdf:RDF>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://s.example.com/1</loc><news:news>
<news:publication><news:name>P</news:name><news:language>de</news:language></news:publication>
<news:publication_date>2025-11-03T14:05:00Z</news:publication_date><news:title>Headline</news:title>
</news:news></url></urlset>"""
AT_14_05 = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)


def test_rss() -> None:
    feed = parse_feed(RSS, url="https://paper.example.com/feed")
    assert (feed.outcome, feed.title, feed.link, feed.language) == (
        "ok", "Made-up & true", "https://paper.example.com/", "fr",
    )  # fmt: skip
    first, second = feed.entries
    assert first.id == "id-1"
    assert first.link == "https://paper.example.com/news/1"
    assert first.title == "Alpha & Beta sign a deal"
    assert first.summary == "Short"
    assert first.authors == ("A. Writer",)
    assert first.published_at == AT_14_05.replace(hour=13)
    assert first.content_html == "<p>The long text.</p><p>Second.</p>"
    assert entry_text(first, 1_000) == "The long text.\n\nSecond."
    assert second.link is None
    assert "link_not_http" in second.flags


@pytest.mark.parametrize(
    ("body", "link", "title", "flag"),
    [
        (ATOM, "https://a.example.com/y/1", "One <i>", "date_from_updated"),
        (RDF, "https://r.example.com/1", "Item", "date_from_updated"),
        (SITEMAP, "https://s.example.com/1", "Headline", ""),
    ],
)
def test_other_formats(body: bytes, link: str, title: str, flag: str) -> None:
    feed = parse_feed(body, url="https://a.example.com/feed")
    assert feed.outcome == "ok"
    (entry,) = feed.entries
    assert (entry.link, entry.published_at) == (link, AT_14_05)
    assert entry.title == title.replace(" <i>", "")
    assert not flag or flag in entry.flags


def test_json_feed() -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "J",
            "language": "en-GB",
            "items": [
                {
                    "id": 7,
                    "url": "https://j.example.com/7",
                    "title": "Seven",
                    "content_html": "<p>Body <script>x</script></p>",
                    "date_published": "2025-11-03T14:05:00Z",
                    "authors": [{"name": "N"}],
                },
                "no object",
            ],
        }
    ).encode()
    feed = parse_feed(body)
    (entry,) = feed.entries
    assert (entry.id, entry.summary, entry.authors, feed.language) == ("7", "Body", ("N",), "en")


def test_there_and_back_through_json() -> None:
    feed = parse_feed(RSS)
    assert feed_from_json(json.loads(json.dumps(feed_to_json(feed)))) == feed


def test_the_author_field_is_kept_and_a_date_ahead_refused() -> None:
    feed = parse_feed(ATOM, now=datetime(2025, 11, 1, tzinfo=UTC))
    assert feed.entries[0].published_at is None
    assert "date_in_future" in feed.entries[0].flags
    assert feed.entries[0].authors == ("N",)
