"""Commands on single feeds and articles, without a database: parse-feed, parse-page, extract, check."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dealwire.cli.command import Commands, add_command, emit, say
from dealwire.cli.reading import add_reader, read_articles, reader_of
from dealwire.errors import UsageError
from dealwire.feed_model import Fetched, ParsedFeed, ParsedPage
from dealwire.model import Article
from dealwire.settings import Settings, from_environment


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "parse-feed", parse_feeds, "read feed files", "dealwire parse-feed feeds/*.xml")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser = add_command(
        commands,
        "parse-page",
        parse_pages,
        "read article pages",
        "dealwire parse-page story.html --url https://a.example/s",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--url", help="the page's address: links and the canonical address are judged by it")
    parser = add_command(
        commands,
        "extract",
        extract_lines,
        "find deals in articles given as JSON lines",
        "dealwire extract < articles.jsonl",
    )
    parser.add_argument("--resolve", action="store_true", help="give the deals of one event one deal_id")
    add_reader(parser)
    parser = add_command(
        commands,
        "check",
        check,
        "fetch and parse one feed as the pipeline would",
        "dealwire check https://a.example/feed",
    )
    parser.add_argument("url", metavar="URL")
    parser.add_argument(
        "--allow-net", action="append", default=[], metavar="HOST:PORT", help="allow exactly this address, for tests"
    )


def parse_feeds(options: argparse.Namespace) -> int:
    """A line a file; exit status 1 where one was no feed."""
    from dealwire.news.reading import Parsers

    failed = False
    with Parsers() as parsers:
        for path in options.files:
            body, problem = _read(path)
            parsed = None if body is None else parsers.parse_feeds([(body, None, None)])[0]
            emit({"file": str(path), **(_feed_json(parsed) if parsed else problem)})
            failed = failed or parsed is None or parsed.outcome != "ok"
    return int(failed)


def parse_pages(options: argparse.Namespace) -> int:
    """A line a file; exit status 1 where one held no article."""
    from dealwire.news.reading import Parsers

    failed = False
    with Parsers() as parsers:
        for path in options.files:
            body, problem = _read(path)
            parsed = None if body is None else parsers.parse_pages([(body, None, options.url)])[0]
            emit({"file": str(path), **(_page_json(parsed) if parsed else problem)})
            failed = failed or parsed is None or parsed.outcome != "ok"
    return int(failed)


def _read(path: Path) -> tuple[bytes | None, dict[str, Any]]:
    try:
        return path.read_bytes(), {}
    except OSError as error:
        say(f"dealwire: {path}: {error.strerror}")
        return None, {"outcome": "unreadable_file", "detail": error.strerror}


def _feed_json(parsed: ParsedFeed) -> dict[str, Any]:
    entries = [
        {
            "id": entry.id,
            "link": entry.link,
            "title": entry.title,
            "summary": entry.summary,
            "authors": list(entry.authors),
            "published_at": _iso(entry.published_at),
            "updated_at": _iso(entry.updated_at),
        }
        for entry in parsed.entries
    ]
    feed = {"title": parsed.title, "link": parsed.link, "language": parsed.language}
    found: dict[str, Any] = {"outcome": parsed.outcome, "feed": feed, "entries": entries}
    return found | ({"detail": parsed.detail} if parsed.detail else {})


def _page_json(parsed: ParsedPage) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outcome": parsed.outcome,
        "title": parsed.title,
        "text": parsed.text,
        "published_at": _iso(parsed.published_at),
        "published_source": parsed.published_source,
        "authors": list(parsed.authors),
        "language": parsed.language,
        "canonical_url": parsed.canonical_url,
    }
    return found | ({"detail": parsed.detail} if parsed.detail else {})


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def extract_lines(options: argparse.Namespace) -> int:
    """A line an article, in order; with --resolve all are read before the first line is written."""
    from dealwire.extract.record import mention_to_json

    bad_lines: list[int] = []
    failed = False
    read = []
    for article, outcome in read_articles(reader_of(options), _given_articles(bad_lines)):
        failed = failed or outcome.error is not None
        if options.resolve:
            read.append((article, list(outcome.mentions)))
        else:
            emit({"id": article.id, "deals": [mention_to_json(mention) for mention in outcome.mentions]})
    if options.resolve:
        from dealwire.stages.resolve_articles import deal_ids

        for (article, mentions), keys in zip(read, deal_ids(read), strict=True):
            deals = [{**mention_to_json(m), "deal_id": key} for m, key in zip(mentions, keys, strict=True)]
            emit({"id": article.id, "deals": deals})
    return int(failed or bool(bad_lines))


def _given_articles(bad_lines: list[int]) -> Iterator[Article]:
    """The articles of standard input; the numbers of other lines are noted."""
    for number, line in enumerate(sys.stdin, start=1):
        article = _article(line, number) if line.strip() else None
        if article is not None:
            yield article
        elif line.strip():
            bad_lines.append(number)


def _article(line: str, number: int) -> Article | None:
    try:
        given = json.loads(line)
        published = given.get("published")
        return Article(
            id=str(given["id"]),
            title=str(given["title"]),
            text=str(given["text"]),
            published=date.fromisoformat(str(published)[:10]) if published else None,
            lang=given.get("lang"),
            url=given.get("url"),
        )
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        say(f'dealwire: standard input, line {number}: {reason}; expected {{"id", "title", "text", "published"}}')
        return None


def check(options: argparse.Namespace) -> int:
    """One line: how the fetch ended, what the feed holds; exit status 1 where it is no good."""
    from dealwire.news.reading import Parsers

    settings = from_environment()
    allowed = frozenset(options.allow_net)
    if any(":" not in entry for entry in allowed):
        raise UsageError("--allow-net takes HOST:PORT, such as 127.0.0.1:8000")
    fetched = asyncio.run(_fetch(settings, options.url, allowed | settings.allow_net))
    found: dict[str, Any] = {
        "url": options.url,
        "outcome": fetched.outcome,
        "detail": fetched.detail,
        "status": fetched.status,
        "final_url": fetched.final_url,
        "bytes": len(fetched.body),
        "elapsed_ms": fetched.elapsed_ms,
    }
    if fetched.outcome == "ok":
        with Parsers() as parsers:
            url = fetched.final_url or options.url
            parsed = parsers.parse_feeds([(fetched.body, fetched.headers.get("content-type"), url)])[0]
        newest = max((e.published_at for e in parsed.entries if e.published_at), default=None)
        found |= {"outcome": parsed.outcome, "detail": parsed.detail, "title": parsed.title}
        found |= {"language": parsed.language, "entries": len(parsed.entries), "newest_at": _iso(newest)}
    emit(found)
    return int(found["outcome"] != "ok")


async def _fetch(settings: Settings, url: str, allow_net: frozenset[str]) -> Fetched:
    from dealwire.news.fetch import Fetcher
    from dealwire.stages.fetching import fetch_policy

    async with Fetcher(fetch_policy(settings, allow_net)) as fetcher:
        return await fetcher.get(url)
