"""The newsroom's HTTP server on loopback: `python -m newsroom.server --port 0 --port-file F --start 2026-11-24`.

Deterministic: the same start gives the same bytes. Tests use `serving(start)`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from newsroom.feeds import MEDIA_TYPES, render_feed
from newsroom.pages import render_front_page, render_page
from newsroom.publications import Publication, load_publications

DRIP_SECONDS = 5.0
DRIP_PARTS = 10
MOVED_FEED = "/de-serverkrant/rss"
DEAD_FEED = "/dead-letters/feed.xml"
FAILING_FEED = "/overloaded-observer/feed.xml"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to a path; `drip` sends the body slowly."""

    status: int
    media_type: str = HTML
    body: bytes = b""
    location: str | None = None
    modified_at: datetime | None = None
    drip: bool = False

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def answers(start: date, base_url: str) -> dict[str, Answer]:
    """Every path that the newsroom answers, with the answer."""
    found = {
        "/robots.txt": Answer(200, "text/plain", b"User-agent: *\nDisallow: /private/\n"),
        "/feeds.opml": Answer(200, "text/x-opml; charset=utf-8", feeds_opml(base_url).encode()),
        MOVED_FEED: Answer(301, location="/de-serverkrant/feed.xml"),
        DEAD_FEED: Answer(404, body=b"<!DOCTYPE html><title>404</title><p>This page has gone.</p>"),
        FAILING_FEED: Answer(500, "text/plain", b"Internal Server Error"),
    }
    for publication in load_publications(start):
        found |= answers_of(publication, base_url)
    return found


def answers_of(publication: Publication, base_url: str) -> dict[str, Answer]:
    newest = publication.articles[0].published_at
    found = {
        publication.feed_path: Answer(
            200,
            MEDIA_TYPES[publication.format],
            render_feed(publication, base_url),
            modified_at=newest,
            drip=publication.fault == "drip",
        ),
        publication.path + "/": Answer(200, HTML, render_front_page(publication), modified_at=newest),
    }
    for article in publication.articles:
        slug = article.path.rsplit("/", 1)[1]
        page = render_page(publication, article, base_url)
        found[article.path] = Answer(200, HTML, page, modified_at=article.published_at)
        found[f"/r{article.path}"] = Answer(302, location=article.path)
        found[f"{publication.path}/alt/{slug}.html"] = Answer(301, location=article.path)
    return found


def feeds_opml(base_url: str) -> str:
    """The registry of the newsroom's feeds, the moved, the dead and the failing one among them."""
    publications = load_publications(date(2026, 1, 5))
    lines = [
        f"<outline title={quoteattr(publication.title)} text={quoteattr(publication.title)} type='rss' "
        f"xmlUrl={quoteattr(base_url + _registered_path(publication))} "
        f"htmlUrl={quoteattr(base_url + publication.path + '/')} "
        f"language={quoteattr(publication.language)} category={quoteattr(publication.category)} "
        f"official={quoteattr(str(publication.official).lower())} publisher={quoteattr(publication.publisher)} />"
        for publication in publications
    ]
    lines += [
        f"<outline title={quoteattr(title)} text={quoteattr(title)} type='rss' xmlUrl={quoteattr(base_url + path)} "
        f"language='en' category='tech-press' official='false' publisher={quoteattr(title)} />"
        for title, path in (("Dead Letters", DEAD_FEED), ("The Overloaded Observer", FAILING_FEED))
    ]
    body = "\n    ".join(lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>Newsroom</title></head>\n'
        f"  <body>\n    {body}\n  </body>\n</opml>\n"
    )


def _registered_path(publication: Publication) -> str:
    return MOVED_FEED if publication.key == "de_serverkrant" else publication.feed_path


class NewsroomServer(ThreadingHTTPServer):
    """Answers from a table; `requests` holds (path, status) of everything asked, for tests."""

    daemon_threads = True

    def __init__(self, start: date, port: int, drip_seconds: float) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.table = answers(start, self.url)
        self.drip_seconds = drip_seconds
        self.requests: list[tuple[str, int]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed in the middle is no error of ours; anything else is told as ever."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: NewsroomServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        answer = self.server.table.get(path, Answer(404, body=b"<!DOCTYPE html><title>404</title>"))
        status = 304 if answer.status == 200 and self._unchanged(answer) else answer.status
        self.server.requests.append((path, status))
        self._send(status, answer)

    do_HEAD = do_GET

    def _unchanged(self, answer: Answer) -> bool:
        if "If-None-Match" in self.headers:
            return answer.etag in self.headers["If-None-Match"]
        since = self.headers.get("If-Modified-Since")
        return bool(since and answer.modified_at and parsedate_to_datetime(since) >= answer.modified_at)

    def _send(self, status: int, answer: Answer) -> None:
        body = b"" if status == 304 else answer.body
        self.send_response(status)
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.modified_at:
            self.send_header("ETag", answer.etag)
            self.send_header("Last-Modified", format_datetime(answer.modified_at, usegmt=True))
        if status != 304:
            self.send_header("Content-Type", answer.media_type)
            if "gzip" in self.headers.get("Accept-Encoding", "") and body:
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self._write(body, self.server.drip_seconds if answer.drip else 0)

    def _write(self, body: bytes, seconds: float) -> None:
        if not seconds:
            self.wfile.write(body)
            return
        size = len(body) // DRIP_PARTS + 1
        for begin in range(0, len(body), size):
            time.sleep(seconds / DRIP_PARTS)
            self.wfile.write(body[begin : begin + size])

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what was asked is in `requests`."""


@contextmanager
def serving(start: date, port: int = 0, drip_seconds: float = DRIP_SECONDS) -> Iterator[NewsroomServer]:
    """A running newsroom; its address is `server.url`."""
    server = NewsroomServer(start, port, drip_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Serves until it is ended; writes the port and, beside it, the registry where asked."""
    parser = argparse.ArgumentParser(description="Serves made-up news on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", type=Path, help="where to write the port once it is open")
    parser.add_argument("--opml-file", type=Path, help="where to write the registry of the feeds")
    parser.add_argument("--start", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--drip-seconds", type=float, default=DRIP_SECONDS)
    options = parser.parse_args()
    server = NewsroomServer(options.start, options.port, options.drip_seconds)
    if options.opml_file:
        options.opml_file.write_text(feeds_opml(server.url), "utf-8")
    if options.port_file:
        part = options.port_file.with_suffix(".part")
        part.write_text(f"{server.server_address[1]}\n", "utf-8")
        part.rename(options.port_file)  # whoever waits for the file finds it whole
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
