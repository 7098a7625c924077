"""Pages as publishing systems write them: what is read from each, and against bare trafilatura on all."""

from __future__ import annotations

from statistics import mean

import pytest
import trafilatura
from pages.layouts import PAGES, Page, same_moment
from pages.measure import f1

from dealwire.news.page_reading import parse_page

ARTICLES = [page for page in PAGES if not page.walled]


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.name)
def test_title_date_language_and_text(page: Page) -> None:
    read = parse_page(page.markup.encode(), url=page.url)
    assert (read.outcome, read.title, read.language) == ("ok", page.story.title, page.story.language)
    assert same_moment(read.published_at, page), (read.published_at, read.published_source)
    assert f1(read.text or "", page.story.text) > 0.92
    assert not set(read.authors) - set(page.story.authors)


def test_a_teaser_is_no_article() -> None:
    (page,) = [page for page in PAGES if page.walled]
    read = parse_page(page.markup.encode(), url=page.url)
    assert (read.outcome, read.text, read.title) == ("paywall", None, page.story.title)


def test_the_text_is_found_as_well_as_by_trafilatura_alone() -> None:
    ours = [f1(parse_page(page.markup.encode(), url=page.url).text or "", page.story.text) for page in ARTICLES]
    theirs = [f1(trafilatura.extract(page.markup, include_comments=False) or "", page.story.text) for page in ARTICLES]
    assert mean(ours) >= mean(theirs) + 0.05
    worse = {p.name: (a, b) for p, a, b in zip(ARTICLES, ours, theirs, strict=True) if a < b - 0.005}
    assert not worse


def test_the_day_is_the_one_on_the_page() -> None:
    head = '<meta property="article:published_time" content="2025-11-04T22:30:00-05:00">'
    (page,) = [page for page in PAGES if page.name == "list_and_table_in_the_text"]
    markup = page.markup.replace("2025-11-04T14:05:00+00:00", "2025-11-04T22:30:00-05:00").replace(
        "<head>", f"<head>{head}"
    )
    read = parse_page(markup.encode(), url=page.url)
    assert read.published_at is not None
    assert read.published_at.isoformat() == "2025-11-04T22:30:00-05:00"
