"""Feeds and pages as bytes: the formats they claim to be, with every article in them."""

import json
import xml.etree.ElementTree as ElementTree
from datetime import date

import feedparser
import pytest
from newsroom.feeds import render_feed
from newsroom.pages import render_page
from newsroom.publications import Publication, load_publications
from newsroom.server import answers, feeds_opml

START = date(2026, 11, 24)
BASE = "http://127.0.0.1:1"
PUBLICATIONS = {publication.key: publication for publication in load_publications(START)}
WELL_FORMED = [p for p in PUBLICATIONS.values() if p.format != "json" and p.fault != "ill-formed"]


@pytest.mark.parametrize("publication", WELL_FORMED, ids=lambda p: p.key)
def test_an_xml_feed_is_well_formed_and_whole(publication: Publication) -> None:
    body = render_feed(publication, BASE)
    ElementTree.fromstring(body)
    parsed = feedparser.parse(body)
    assert [entry.title for entry in parsed.entries] == [article.title for article in publication.articles]
    version = {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}
    assert parsed.version == version[publication.format]


def test_the_json_feeds_hold_every_article() -> None:
    feeds = [json.loads(render_feed(p, BASE)) for p in PUBLICATIONS.values() if p.format == "json"]
    assert len(feeds) == 2
    assert all(item["url"].startswith(BASE) for feed in feeds for item in feed["items"])


def test_the_broken_feed_is_broken() -> None:
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(render_feed(PUBLICATIONS["half_truth"], BASE))


def test_pages_carry_their_text_except_behind_the_paywall() -> None:
    for publication in PUBLICATIONS.values():
        for article in publication.articles:
            page = render_page(publication, article, BASE).decode()
            last = article.paragraphs[-1][:40].replace("'", "&#x27;")
            assert (last in page) == (publication.page != "paywall"), article.id


def test_the_registry_names_only_addresses_that_are_answered() -> None:
    outlines = ElementTree.fromstring(feeds_opml(BASE)).findall(".//outline")
    table = answers(START, BASE)
    statuses = [table[outline.attrib["xmlUrl"].removeprefix(BASE)].status for outline in outlines]
    assert sorted(set(statuses)) == [200, 301, 404, 500]
    assert len(outlines) == len(PUBLICATIONS) + 2
    assert {"language", "category", "official", "publisher"} <= set(outlines[0].attrib)
