"""The publishers and their articles as values, read from articles/*.toml.

A file is a publisher: its title, language, category, the format of its feed and the kind of its pages. An article
has a slug, the working days before the start, an hour, a title, a text with date placeholders, and the deals that
it states. `wire = "publisher:slug"` takes text and deals over from another publisher, as copies of a wire do.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from newsroom.days import fill, working_day

FOLDER = Path(__file__).with_name("articles")


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """One article; `deals` are the labels as written in the file, `path` is the address of its page."""

    id: str
    path: str
    language: str
    published_at: datetime
    title: str
    text: str
    event: str | None
    deals: tuple[dict[str, Any], ...]

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")


@dataclass(frozen=True, slots=True)
class Publication:
    """One publisher with its feed; newest article first."""

    key: str
    title: str
    publisher: str
    language: str
    category: str
    official: bool
    format: str
    page: str
    full_text: bool
    fault: str | None
    articles: tuple[NewsArticle, ...]

    @property
    def path(self) -> str:
        return "/" + self.key.replace("_", "-")

    @property
    def feed_path(self) -> str:
        suffix = {"json": "feed.json", "rdf": "feed.rdf"}.get(self.format, "feed.xml")
        return f"{self.path}/{suffix}"


def load_publications(start: date) -> list[Publication]:
    """All publishers, their articles dated against the start."""
    raw = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    sources = {f"{key}:{article['slug']}": article for key, file in raw.items() for article in file["article"]}
    return [_publication(key, file, sources, start) for key, file in raw.items()]


def _publication(key: str, file: dict[str, Any], sources: dict[str, dict[str, Any]], start: date) -> Publication:
    articles = [_article(key, file["language"], article, sources, start) for article in file["article"]]
    return Publication(
        key=key,
        title=file["title"],
        publisher=file.get("publisher", file["title"]),
        language=file["language"],
        category=file["category"],
        official=file.get("official", False),
        format=file["format"],
        page=file["page"],
        full_text=file.get("full_text", False),
        fault=file.get("fault"),
        articles=tuple(sorted(articles, key=lambda article: article.published_at, reverse=True)),
    )


def _article(
    key: str, language: str, article: dict[str, Any], sources: dict[str, dict[str, Any]], start: date
) -> NewsArticle:
    source = sources[article["wire"]] if "wire" in article else article
    day = working_day(start, article["days_ago"])
    return NewsArticle(
        id=f"{key.replace('_', '-')}/{article['slug']}",
        path=f"/{key.replace('_', '-')}/{article['slug']}",
        language=language,
        published_at=datetime.combine(day, time(article["hour"], len(article["slug"]) % 60), UTC),
        title=fill(article["title"], start, language),
        text=fill(source["text"].strip(), start, language),
        event=article.get("event"),
        deals=tuple(source.get("deals", ())),
    )
