"""Hostile feeds among a hundred: the others are stored at once, through the stage and into PostgreSQL.

All limits are a tenth of the real ones (30 s for a fetch, 30 s for a parse), so a delay of 6 s here is one of 60 s.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from faults.hostile_server import HostileServer, answer, bomb, drip, rss

from dealwire.context import Runtime
from dealwire.feed_model import Feed
from dealwire.news.reading import Parsers
from dealwire.news.sandbox import Limits, Sandbox
from dealwire.settings import load_settings
from dealwire.stages import polling
from dealwire.store.database import Connection, connect
from dealwire.store.feeds import list_feeds, sync_feeds

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TENTH = 3.0
HOSTILE = {"/drip": "deadline", "/bomb": "too_large", "/crash": "parser_crash", "/hang": "parser_timeout"}


class ParsersOfATest(Parsers):
    feed_job = "faults.hostile_feed_job:feed"

    def __init__(self) -> None:
        super().__init__()
        limits = Limits(cpu_seconds=60, wall_seconds=int(TENTH))
        self._sandbox = Sandbox(limits, 2, path=[str(Path(__file__).parents[1])])


def watch(url: str, wanted: int, began: float, seen: list[float]) -> None:
    """Note after how many seconds so many feeds had entries."""
    connection = connect(url)
    while not seen and time.monotonic() - began < 60:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT feed_id) FROM news.entry")
            if cursor.fetchone()[0] >= wanted:
                seen.append(time.monotonic() - began)
        time.sleep(0.05)
    connection.close()


@pytest.mark.fault("N2", "N5", "F4")
def test_hostile_feeds_among_a_hundred_delay_the_others_by_less_than_a_minute(
    connection: Connection, database_url: str, tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = polling.fetch_policy

    def hurried(*given: Any) -> Any:
        return dataclasses.replace(policy(*given), total_seconds=TENTH)

    monkeypatch.setattr(polling, "fetch_policy", hurried)
    monkeypatch.setattr(polling, "Parsers", ParsersOfATest)
    with HostileServer() as server:
        for number in range(96):
            server.serve(f"/{number}", answer(rss(f"Story {number} of the town", "Another story")))
        server.serve("/drip", drip(b"HTTP/1.1 200 X\r\nContent-Type: application/rss+xml\r\n\r\n<rss>", b"<", 0.05))
        server.serve("/bomb", answer(bomb("gzip", 300 << 20), headers={"Content-Encoding": "gzip"}))
        server.serve("/crash", answer(rss("CRASH")))
        server.serve("/hang", answer(rss("HANG")))
        paths = [*HOSTILE, *(f"/{number}" for number in range(96))]  # the hostile ones are asked first
        sync_feeds(connection, [Feed(server.url(path), path, "Paper") for path in paths], NOW)
        given = {
            "DEALWIRE_HOME": str(tmp_path),
            "DEALWIRE_ALLOW_NET": server.address,
            "DEALWIRE_HOST_SPACING_SECONDS": "0",
            "DEALWIRE_HOST_PARALLEL": "16",
        }
        runtime = Runtime(load_settings(given, project_root), connection, lambda: NOW, chance=lambda: 0.5)
        ids = sorted(known.feed_id for known in list_feeds(connection))
        seen: list[float] = []
        watcher = threading.Thread(target=watch, args=(database_url, 96, time.monotonic(), seen))
        watcher.start()
        counts = polling.poll_feeds(runtime, [ids[0], ids[-1]])
        watcher.join()
    outcomes = {known.feed.title: known.last_outcome for known in list_feeds(connection)}
    assert {path: outcomes[path] for path in HOSTILE} == HOSTILE
    assert (counts["failed"], counts["entries_new"]) == (4, 192)
    assert seen
    assert seen[0] < 2 * TENTH
