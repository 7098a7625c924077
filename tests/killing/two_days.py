"""The newsroom on two days: on the second one newer articles are there, and some of the first day's were corrected."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from newsroom.publications import NewsArticle, Publication, load_publications
from newsroom.server import Answer, NewsroomServer, answers, answers_of, serving

NEWER_DAYS = 7  # what is newer than this comes on the second day
# A correction moves an amount, so that deals get new versions, and alerts follow.
CORRECTIONS = {
    "$38 billion": "$44 billion",
    "EUR 600 million": "EUR 900 million",
    "17,4": "19,4",
    "$5 billion": "$6 billion",
}


def day_of(number: int, start: date, base_url: str) -> dict[str, Answer]:
    """What the newsroom answers on day 1 or 2; on day 3 the feeds hold no more what they held on day 1."""
    found = answers(start, base_url)
    for publication in load_publications(start):
        seen = _first_day(publication, start) if number == 1 else _second_day(publication)
        if number == 3:
            old = {article.id for article in _first_day(publication, start).articles}
            newer = tuple(article for article in publication.articles if article.id not in old)
            seen = dataclasses.replace(publication, articles=newer or publication.articles)
        if seen.articles:
            found |= answers_of(seen, base_url)
    return found


def _first_day(publication: Publication, start: date) -> Publication:
    latest = start - timedelta(days=NEWER_DAYS)
    old = tuple(a for a in publication.articles if a.published_at.date() <= latest)
    return dataclasses.replace(publication, articles=old or publication.articles[-1:])


def _second_day(publication: Publication) -> Publication:
    return dataclasses.replace(publication, articles=tuple(_corrected(article) for article in publication.articles))


def _corrected(article: NewsArticle) -> NewsArticle:
    title, text = article.title, article.text
    for wrong, right in CORRECTIONS.items():
        title, text = title.replace(wrong, right), text.replace(wrong, right)
    return dataclasses.replace(article, title=title, text=text)


@contextmanager
def newsroom(start: date) -> Iterator[NewsroomServer]:
    """A running newsroom that shows its first day; `day_of(2, start, server.url)` as its table is the next morning."""
    with serving(start, drip_seconds=0) as server:
        server.table = day_of(1, start, server.url)
        yield server
