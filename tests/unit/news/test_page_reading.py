from __future__ import annotations

import json
from datetime import UTC, datetime

from dealwire.news.page_reading import parse_page
from dealwire.news.parsed_json import page_from_json, page_to_json

SENTENCES = (
    "The builder of data centres in this story was made up for a test.",
    "It promises to put up three halls beside a river that is on no map.",
    "A supplier of chips, made up as well, is to fill them over five years.",
    "Neither of the two wanted to say what the machines will be used for.",
    "Power comes from a wind farm whose masts stand in somebody's notebook.",
    "Observers who do not exist called the sum high and the schedule short.",
)
BODY = "".join(f"<p>{sentence} {sentence[::1].lower()}</p>" for sentence in SENTENCES)
JSON_LD = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Paper"},
            {
                "@type": "NewsArticle",
                "headline": "Halls &amp; chips",
                "datePublished": "2025-11-03T15:05:00+01:00",
                "author": [{"@type": "Person", "name": "A. Writer"}, {"name": "B. Writer"}],
            },
        ],
    }
)


def page(head: str = "", body: str = BODY) -> bytes:
    return f'<html lang="en"><head>{head}</head><body><nav>Menu</nav><article>{body}</article></body></html>'.encode()


def test_json_ld_comes_first() -> None:
    head = (
        f'<title>x</title><meta property="og:title" content="y"><script type="application/ld+json">{JSON_LD}</script>'
    )
    read = parse_page(page(head), url="https://paper.example.com/news/1?utm_source=rss")
    assert (read.outcome, read.title, read.authors) == ("ok", "Halls & chips", ("A. Writer", "B. Writer"))
    assert (read.published_at, read.published_source) == (datetime(2025, 11, 3, 14, 5, tzinfo=UTC), "json-ld")
    assert (read.language, read.canonical_url) == ("en", "https://paper.example.com/news/1")
    assert read.text is not None
    assert read.text.count("\n\n") == len(SENTENCES) - 1
    assert "Menu" not in read.text


def test_meta_and_the_site_suffix() -> None:
    head = (
        '<meta property="og:site_name" content="The Paper"><meta property="og:title" content="Halls rise - The Paper">'
        '<meta property="article:published_time" content="2025-11-03T14:05:00Z">'
        '<meta name="author" content="By C. Writer">'
    )
    read = parse_page(page(head))
    assert (read.title, read.published_source, read.authors) == ("Halls rise", "meta", ("C. Writer",))


def test_a_byline_in_the_page_is_found() -> None:
    assert parse_page(page(body=f'<div class="byline">By Dora Writer</div>{BODY}')).authors == ("Dora Writer",)


def test_the_heading_is_not_said_twice() -> None:
    head = '<meta property="og:title" content="Three halls rise by a river">'
    read = parse_page(page(head, f"<h1>Three halls rise by a river</h1>{BODY}"))
    assert read.title == "Three halls rise by a river"
    assert read.text is not None and not read.text.startswith("Three halls rise")


def test_htmldate_only_where_nothing_is_declared() -> None:
    read = parse_page(page(body=f"<div>Posted on November 3, 2025</div>{BODY}"))
    assert read.published_at is not None
    assert (read.published_at.date().isoformat(), read.published_source) == ("2025-11-03", "htmldate")


def test_the_language_is_read_from_the_text() -> None:
    german = "Das Unternehmen aus dieser Geschichte ist für eine Prüfung erfunden worden und baut drei Hallen am Fluss."
    assert parse_page(page(body=f"<p>{german} Wer dort rechnen wird, steht nicht fest.</p>")).language == "de"


def test_windows_1252_without_a_word_about_it() -> None:
    body = BODY.replace("somebody's", "somebody’s").replace("three", "“three”")
    read = parse_page(f"<html><body><article>{body}</article></body></html>".encode("cp1252"))
    assert read.text is not None and "“three”" in read.text


def test_there_and_back_through_json() -> None:
    read = parse_page(page())
    assert page_from_json(json.loads(json.dumps(page_to_json(read)))) == read
