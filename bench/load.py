#!/usr/bin/env python3
"""How fast rows go in: our loading against plain COPY of the same rows, and what one more costs as the tables grow.

    bench/load.py [--articles 15000] [--grown 1000000] [--new 1500] [--rounds 3]

First, entries (as polls of feeds bring them) and articles (as reading brings them) are stored, copied out, deleted and
copied in again with the same indexes and constraints. Then the tables are filled by SQL to --articles and to --grown,
spread over a year, and --new articles go through what the stages do with the database: polls, the list of what waits,
the signatures of the last month, articles, the list of what to extract. Prints rows per second, ratios, milliseconds.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins")]

from dealwire.feed_model import ArticleReading, Entry, Feed, FeedUpdate, IdentifiedEntry, Poll  # noqa: E402
from dealwire.news.near_duplicates import Index, signature  # noqa: E402
from dealwire.store.database import Connection, connect, transaction  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.feeds import sync_feeds  # noqa: E402
from dealwire.store.maintenance import waiting  # noqa: E402
from dealwire.store.migrate import migrate  # noqa: E402
from dealwire.store.new_articles import NewReading, store_new  # noqa: E402
from dealwire.store.news import recent_signatures, unextracted_articles, unread_entry_ids  # noqa: E402
from dealwire.store.polls import record_polls  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PER_FEED = 30
ENTRIES = 3_000  # at least so many are there for articles to belong to
FEEDS_TOGETHER, READ_TOGETHER = 64, 50  # as polling and reading store them
PARAGRAPH = "A sentence of an article that nobody wrote, as long as sentences of the news usually are. " * 4
POOL = random.Random(1).randbytes(4_000_000)  # of which the signatures of what fills the tables are cut
WORDS = [f"word{number}" for number in range(3000)]
FILL = {
    part.split("\n", 1)[0].strip(): part.split("\n", 1)[1]
    for part in (ROOT / "bench/load.sql").read_text("utf-8").split("-- name: ")[1:]
}
ENTRY_TABLES = ("news.entry", "news.entry_alias")
ARTICLE_TABLES = ("news.story", "news.article", "news.article_version")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=15_000)
    parser.add_argument("--grown", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="dealwire-load-"))
    home.chmod(0o755)
    server = Embedded(home)
    server.start()
    try:
        connection = connect(server.url("dealwire"))
        migrate(connection)
        against_copy(connection, options.articles)
        growth(connection, options)
        connection.close()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


# --- against COPY ---


def against_copy(connection: Connection, articles: int) -> None:
    feeds = articles // PER_FEED
    add_feeds(connection, max(200, feeds))
    polls = [poll(feed, range(PER_FEED)) for feed in range(1, feeds + 1)]
    seconds = timed(lambda: store_polls(connection, polls))
    compare(connection, "entries", ENTRY_TABLES, articles, seconds)
    readings = [reading(number) for number in range(articles)]
    seconds = timed(lambda: store_articles(connection, readings))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news.entry SET article_id = NULL, state = 'new'")
    compare(connection, "articles", ARTICLE_TABLES, articles, seconds)


def compare(connection: Connection, what: str, tables: Sequence[str], rows: int, ours: float) -> None:
    """Copy the tables out, empty them, and copy them in again."""
    kept = []
    with transaction(connection), connection.cursor() as cursor:
        for table in tables:
            kept.append(io.BytesIO())
            cursor.copy_expert(f"COPY {table} TO STDOUT", kept[-1])
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM {table}")

    def copy() -> None:
        with transaction(connection), connection.cursor() as cursor:
            for table, data in zip(tables, kept, strict=True):
                data.seek(0)
                cursor.copy_expert(f"COPY {table} FROM STDIN", data)

    theirs = timed(copy)
    print(f"{what}: {rows / ours:8.0f} a second by us, {rows / theirs:8.0f} by COPY of the same rows: "
          f"{theirs / ours:.2f} of its speed")  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# --- growth ---


def growth(connection: Connection, options: argparse.Namespace) -> None:
    first: float | None = None
    begin = 10_000_000
    with connection.cursor() as cursor:
        cursor.execute(FILL["empty"])
    for size in (options.articles, options.grown):
        fill(connection, size)
        costs = []
        for _ in range(options.rounds):
            costs.append(cost_of_new(connection, begin, options.new))
            begin += options.new
        cost = statistics.median(costs)
        first = first or cost
        taken = f"median of {options.rounds} times {options.new}"
        print(f"{size:9,} articles stored: {cost:6.2f} ms for one more ({taken}), {cost / first:.2f} times the first")


def fill(connection: Connection, size: int) -> None:
    """As many articles as asked for, with entries, texts, signatures and mentions, spread over a year."""
    values = {"size": size, "head": signature(text(0))[:9], "pool": POOL, "last": len(POOL) - 768, "now": NOW}
    with connection.cursor() as cursor:
        for name in ("articles", "versions", "entries", "mentions"):
            cursor.execute(FILL[name], values | {"text": PARAGRAPH})
        for table in ("news.article", "news.article_version", "news.entry", "deal.mention"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def cost_of_new(connection: Connection, begin: int, count: int) -> float:
    """Milliseconds for each of `count` new articles, all that the stages ask of the database for them."""
    numbers = range(begin, begin + count)
    polls = [poll(feed, [number for number in numbers if number % 200 == feed % 200]) for feed in range(1, 201)]
    readings = [reading(number) for number in numbers]

    def work() -> None:
        store_polls(connection, [one for one in polls if one.entries])
        unread_entry_ids(connection, NOW + timedelta(seconds=1))
        index = Index()
        recent = recent_signatures(connection, NOW - timedelta(days=30))
        index.extend([(known.article_id, known.minhash) for known in recent])
        for one in readings:
            index.matches(one.minhash)
        store_articles(connection, readings)
        unextracted_articles(connection, "bench-1")
        waiting(connection, NOW)

    return 1000 * timed(work) / count


# --- what is stored ---


def add_feeds(connection: Connection, count: int) -> None:
    names = [f"feed{number:06}" for number in range(count)]  # in the order in which feeds get their ids
    sync_feeds(connection, [Feed(f"http://{name}.example/rss", name, name) for name in names], NOW)


def store_polls(connection: Connection, polls: Sequence[Poll]) -> None:
    for first in range(0, len(polls), FEEDS_TOGETHER):
        at = NOW + timedelta(microseconds=random.randrange(10**6))
        record_polls(connection, polls[first : first + FEEDS_TOGETHER], at)


def store_articles(connection: Connection, readings: Sequence[NewReading]) -> None:
    for first in range(0, len(readings), READ_TOGETHER):
        store_new(connection, readings[first : first + READ_TOGETHER], NOW)


def poll(feed: int, numbers: Sequence[int]) -> Poll:
    update = FeedUpdate(
        f"http://feed{feed - 1:06}.example/rss",
        None,
        None,
        None,
        "guid",
        3600,
        NOW,
        NOW,
        NOW,
        0,
        0,
        0,
        None,
        0,
        None,
        None,
    )
    return Poll(
        feed, update, "ok", None, 200, 60_000, 100, tuple(entry(feed, n) for n in numbers), len(numbers), None, False
    )


def entry(feed: int, number: int) -> IdentifiedEntry:
    name = f"{feed}-{number}"
    told = Entry(name, f"http://feed{feed}.example/{name}", f"Title {name}", PARAGRAPH, None, (), NOW, None)
    return IdentifiedEntry(f"g:{name}", (f"l:http://feed{feed}.example/{name}",), f"{number:064x}", told)


def text(number: int) -> str:
    return " ".join(random.Random(number).choices(WORDS, k=300))


def reading(number: int) -> NewReading:
    told = ArticleReading(
        f"http://paper.example/{number}", "Paper", False, "en", f"Title {number}", text(number), "page", "ok", None, (),
        NOW, "json-ld",
    )  # fmt: skip
    return NewReading(1 + number % ENTRIES, told, signature(told.text))


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    main()
