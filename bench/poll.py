"""Polling 1,000 feeds of 20 full items from a loopback server into PostgreSQL, and the same by others in the same run.

    bench/poll.py [--feeds 1000] [--reader auto|no|PYTHON]

Peers: lemon24/reader's update_feeds with 16 workers into SQLite (installed into a temporary environment from the
package index; PYTHON names one that has it), and a plain loop of aiohttp and feedparser into SQLite. Prints feeds per
second of the first poll and of the second, unchanged one, CPU seconds, peak memory, and the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins")]

import aiohttp  # noqa: E402
import feedparser  # noqa: E402
import uvloop  # noqa: E402

from dealwire.context import Runtime  # noqa: E402
from dealwire.feed_model import Feed  # noqa: E402
from dealwire.settings import load_settings  # noqa: E402
from dealwire.stages.polling import poll_feeds  # noqa: E402
from dealwire.store.database import connect  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.feeds import due_feed_ids, sync_feeds  # noqa: E402
from dealwire.store.migrate import migrate  # noqa: E402

PARAGRAPH = (
    '<p>Paragraph {n} of an article that nobody wrote, with a <a href="https://paper.example.com/{n}">link</a> and as '
    "many words as a paragraph of the news usually has, so that the feed is as long as feeds with full text are.</p>"
)
READER = """
import json, resource, sys, time
from reader import make_reader
reader = make_reader(sys.argv[1])
for number in range(int(sys.argv[3])):
    reader.add_feed(f"{sys.argv[2]}/{number}")
figures = []
for _ in range(2):
    began, cpu = time.perf_counter(), time.process_time()
    reader.update_feeds(workers=16, scheduled=False)
    figures.append((time.perf_counter() - began, time.process_time() - cpu))
entries = reader.get_entry_counts().total
print(json.dumps([figures, entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


@dataclass(frozen=True)
class Figures:
    """Wall and CPU seconds of both polls, entries stored, peak memory of the process and its children in MiB."""

    polls: list[tuple[float, float]]
    entries: int
    mebibytes: float


def feed(number: int, items: int = 20) -> bytes:
    body = "".join(PARAGRAPH.format(n=n) for n in range(11))
    written = "".join(
        f"<item><title>Story {number}-{item} &amp; more</title><link>https://paper{number}.example.com/news/{item}</link>"
        f'<guid isPermaLink="false">https://paper{number}.example.com/?p={item}</guid>'
        f"<pubDate>Mon, 03 Nov 2025 {item:02}:05:00 +0100</pubDate><dc:creator>A. Writer</dc:creator>"
        f"<description>&lt;p&gt;What story {item} is about.&lt;/p&gt;</description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
        for item in range(items)
    )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = f"<title>Paper {number}</title><link>https://paper{number}.example.com/</link><description>d</description>"
    start = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {names}>'
    return f"{start}<channel>{head}{written}</channel></rss>".encode()


def serve(feeds: int, port: multiprocessing.Queue[int]) -> None:
    """Answers GET /N with feed N, or 304 where If-None-Match names its ETag."""
    bodies = [feed(number) for number in range(feeds)]

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport, self.buffer = transport, b""

        def data_received(self, data: bytes) -> None:
            self.buffer += data
            while b"\r\n\r\n" in self.buffer:
                request, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
                number = int(request.split(b" ", 2)[1][1:])
                tag = b'"v%d"' % number
                if b"if-none-match: " + tag in request.lower():
                    self.transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n")
                    continue
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: " + tag
                self.transport.write(head + b"\r\nContent-Length: %d\r\n\r\n" % len(bodies[number]) + bodies[number])

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Protocol, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(run())


@contextlib.contextmanager
def loopback(feeds: int) -> Iterator[int]:
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=serve, args=(feeds, ports), daemon=True)
    process.start()
    try:
        yield ports.get(timeout=60)
    finally:
        process.terminate()
        process.join()


def measured(poll: Callable[[], None]) -> tuple[float, float]:
    def cpu() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in both)

    began, before = time.perf_counter(), cpu()
    poll()
    return time.perf_counter() - began, cpu() - before


def peak() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def dealwire(port: int, feeds: int, folder: Path) -> Figures:
    """Our stage as the DAG runs it, on a PostgreSQL with the durability of production."""
    folder.chmod(0o755)
    server = Embedded(folder / "postgres")
    server.start()
    try:
        connection = connect(server.url("dealwire"))
        migrate(connection)
        now = [datetime.now(UTC)]
        sync_feeds(connection, [Feed(f"http://127.0.0.1:{port}/{n}", f"P{n}", f"P{n}") for n in range(feeds)], now[0])
        given = {
            "DEALWIRE_HOME": str(folder),
            "DEALWIRE_ALLOW_NET": f"127.0.0.1:{port}",
            "DEALWIRE_HOST_SPACING_SECONDS": "0",
            "DEALWIRE_HOST_PARALLEL": "64",
        }
        runtime = Runtime(load_settings(given, ROOT), connection, lambda: now[0])
        polls = []
        for _ in range(2):
            now[0] += timedelta(hours=8)
            due = due_feed_ids(connection, now[0])
            polls.append(measured(lambda due=due: poll_feeds(runtime, [min(due), max(due)])))  # type: ignore[misc]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM news.entry")
            (entries,) = cursor.fetchone()
        connection.close()
        return Figures(polls, entries, peak())
    finally:
        server.stop()


def hand_loop(port: int, feeds: int, folder: Path) -> Figures:
    """aiohttp, 64 at once, feedparser, one SQLite transaction a feed."""
    base = sqlite3.connect(folder / "loop.sqlite")
    base.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE feed (url PRIMARY KEY, etag);"
        "CREATE TABLE entry (id PRIMARY KEY, link, title, published, summary, content);"
    )

    async def run() -> None:
        tags = dict(base.execute("SELECT url, etag FROM feed"))
        limit = asyncio.Semaphore(64)

        async def one(session: aiohttp.ClientSession, url: str) -> None:
            headers = {"If-None-Match": tags[url]} if tags.get(url) else {}
            async with limit, session.get(url, headers=headers) as response:
                body = await response.read()
            if response.status != 200:
                return
            rows = [
                (e.id, e.link, e.title, e.published, e.summary, e.content[0].value if "content" in e else None)
                for e in feedparser.parse(BytesIO(body)).entries
            ]
            with base:
                base.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)
                base.execute("INSERT OR REPLACE INTO feed VALUES (?, ?)", (url, response.headers["ETag"]))

        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(one(session, f"http://127.0.0.1:{port}/{n}") for n in range(feeds)))

    polls = [measured(lambda: uvloop.run(run())) for _ in range(2)]
    (entries,) = base.execute("SELECT count(*) FROM entry").fetchone()
    return Figures(polls, entries, peak())


def lemon24_reader(port: int, feeds: int, folder: Path, python: str) -> Figures:
    if python == "auto":
        venv.create(folder / "reader", with_pip=True)
        python = str(folder / "reader" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "reader", "sgmllib3k"], check=True, stdout=sys.stderr)
    command = [
        python,
        "-W",
        "ignore",
        "-c",
        READER,
        str(folder / "reader.sqlite"),
        f"http://127.0.0.1:{port}",
        str(feeds),
    ]
    polls, entries, kib = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return Figures([tuple(poll) for poll in polls], entries, kib / 1024)


def show(name: str, feeds: int, figures: Figures) -> None:
    (first, cpu), (second, cpu_again) = figures.polls
    print(
        f"{name:34} first {feeds / first:8.0f} feeds/s (CPU {cpu:5.1f} s)   second {feeds / second:8.0f} feeds/s "
        f"(CPU {cpu_again:5.2f} s)   {figures.entries} entries   {figures.mebibytes:4.0f} MiB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--reader", default="auto")
    given = parser.parse_args()
    with loopback(given.feeds) as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{given.feeds} feeds of {len(feed(0)) / 1000:.1f} kB")
        ours = dealwire(port, given.feeds, folder)
        show("dealwire (PostgreSQL)", given.feeds, ours)
        peers = {"aiohttp + feedparser (SQLite)": hand_loop(port, given.feeds, folder)}
        if given.reader != "no":
            try:
                peers["lemon24/reader, 16 workers (SQLite)"] = lemon24_reader(port, given.feeds, folder, given.reader)
            except subprocess.CalledProcessError as error:
                print(f"lemon24/reader could not be installed or run ({error.returncode}); the other figures stand")
        for peer, figures in peers.items():
            show(peer, given.feeds, figures)
            times = [theirs[0] / own[0] for theirs, own in zip(figures.polls, ours.polls, strict=True)]
            print(f"  dealwire is {times[0]:.1f} times as fast on the first poll, {times[1]:.1f} on the second")


if __name__ == "__main__":
    main()
