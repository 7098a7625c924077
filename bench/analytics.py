"""How long analysts' views and example questions take on a large made-up market, and whether their plans use indexes.

    python bench/analytics.py [DEALS] [--home DIR]

100,000 deals by default: a million articles, 300,000 mentions; two minutes and 5 GB to make. Prints a line a query: the
median of five runs in milliseconds, and the big tables that its plan reads from end to end although it has a filter.
With --home the database is kept there, and the next run (bench/page.py too) takes it as it is.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from dealwire.store.database import Connection, connect
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate
from dealwire.store.queries import SQL_ROOT

HERE = Path(__file__).parent
RUNS = 5
BIG = {"deal", "deal_party", "deal_flow", "deal_version", "mention", "claim", "article", "article_version", "entry"}
PAGES = {
    "view deal, newest 50": "SELECT * FROM analytics.deal ORDER BY deal_on DESC, deal_id DESC LIMIT 50",
    "view deal, one": "SELECT * FROM analytics.deal WHERE deal_id = 777",
    "view deal, of a party": "SELECT d.* FROM analytics.deal AS d JOIN analytics.deal_party AS p USING (deal_id) "
    "WHERE p.organisation_id = 'o2000' LIMIT 50",
    "view mega_deal, largest 50": "SELECT * FROM analytics.mega_deal ORDER BY amount_usd DESC, deal_id DESC LIMIT 50",
    "view deal_source, of a deal": "SELECT * FROM analytics.deal_source WHERE deal_id = 777",
    "view deal_evidence, of a deal": "SELECT * FROM analytics.deal_evidence WHERE deal_id = 777",
    "view deal_conflict, of a deal": "SELECT * FROM analytics.deal_conflict WHERE deal_id = 770",
    "view deal_version, of a deal": "SELECT * FROM analytics.deal_version WHERE deal_id = 777",
    "view deal_change, last day": "SELECT * FROM analytics.deal_change WHERE changed_at > now() - interval '1 day'",
    "view money_flow, of a deal": "SELECT * FROM analytics.money_flow WHERE deal_id = 777",
    "view deal_total": "SELECT * FROM analytics.deal_total",
    "view organisation, one": "SELECT * FROM analytics.organisation WHERE organisation_id = 'o20'",
    "view organisation, all": "SELECT * FROM analytics.organisation",
    "view feed_health": "SELECT * FROM analytics.feed_health",
    "deal_as_of a month ago": "SELECT count(*) FROM analytics.deal_as_of(now() - interval '30 days')",
}


FILTERED = ("newest", "one", "of a party", "largest", "of a deal", "last day")


def questions() -> Iterator[tuple[str, str]]:
    yield from PAGES.items()
    for path in sorted((SQL_ROOT / "examples").glob("*.sql")):
        yield f"example {path.stem}", path.read_text("utf-8")


def measure(connection: Connection, text: str) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(text)
            cursor.fetchall()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def read_whole(connection: Connection, text: str) -> str:
    """The big tables that the plan reads from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return ", ".join(sorted(BIG & set(re.findall(r"Seq Scan on (\w+)", plan))))


@contextmanager
def market(deals: int, home: Path | None) -> Iterator[str]:
    """The address of a database with that market, made where it is not there yet."""
    with tempfile.TemporaryDirectory(prefix="dealwire-bench-") as folder:
        place = home or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o755)
        server = Embedded(place, durable=False)
        server.start()
        try:
            url = server.url("dealwire")
            connection = connect(url)
            migrate(connection)
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM deal.deal)")
                if not cursor.fetchone()[0]:  # type: ignore[index]
                    started = time.perf_counter()
                    cursor.execute((HERE / "analytics.sql").read_text("utf-8"), {"deals": deals})
                    print(f"{deals} deals made in {time.perf_counter() - started:.0f} s", file=sys.stderr)
                cursor.execute("VACUUM ANALYZE")
            connection.close()
            yield url
        finally:
            server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("deals", type=int, nargs="?", default=100_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with market(options.deals, options.home) as url:
        connection = connect(url)
        for name, text in questions():
            filtered = any(word in name for word in FILTERED)
            whole = read_whole(connection, text) if filtered else ""
            print(
                f"{measure(connection, text):9.1f} ms  {name}{'  READS ALL OF ' + whole if whole else ''}", flush=True
            )
        connection.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
