"""The page over 100,000 deals and a million articles: its queries, and whole answers of the app, in milliseconds.

    bench/page.py [--deals 100000] [--home DIR]

Makes the market of bench/analytics.py, or takes the one in DIR, and prints the median and the worst of seven runs for
every query that the page's addresses run, and for the addresses themselves.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analytics import market
from starlette.testclient import TestClient

from dealwire.store.database import connect, fetch_all
from dealwire.web.app import create_app
from dealwire.web.reading import Ask

RUNS = 7
PATHS = (
    "/",
    "/?sort=largest",
    "/?sort=smallest",
    "/?sort=sources",
    "/?sort=updated",
    "/?kind=power&status=announced",
    "/?text=company+4711",
    "/?party=Company+77",
    "/?min_usd=9000000000",
    "/?limit=500",
    "/deal/77",
    "/charts",
    "/feeds",
    "/review",
    "/api/deals?limit=500",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with market(options.deals, options.home) as url:
        measure(url)


def measure(url: str) -> None:
    spent: dict[str, list[float]] = {}

    @contextmanager
    def reading() -> Iterator[Ask]:
        opened = connect(url)

        def ask(name: str, parameters: object) -> object:
            return timed(spent, f"  {name}", lambda: fetch_all(opened, name, parameters))

        try:
            yield ask
        finally:
            opened.close()

    client = TestClient(create_app(reading, lambda: None, lambda: datetime.now(UTC)))
    for path in PATHS:
        spent.clear()
        for _ in range(RUNS):
            answer = timed(spent, path, lambda path=path: client.get(path))
            assert answer.status_code == 200, answer.text
        for name, times in sorted(spent.items(), key=lambda item: item[0].startswith(" ")):
            print(f"{name:32} {statistics.median(times):7.0f} ms  worst {max(times):7.0f} ms")


def timed(spent: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    begin = time.perf_counter()
    result = work()
    spent.setdefault(name, []).append((time.perf_counter() - begin) * 1000)
    return result


if __name__ == "__main__":
    main()
