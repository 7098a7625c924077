"""How long analysts' views and example questions take on a large made-up market.

    python bench/analytics.py [DEALS]      (100000 by default: a million articles; about ten minutes and 3 GB)

Prints a line a query: the median of three runs in milliseconds. The database is thrown away.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from dealwire.store.database import Connection, connect
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate
from dealwire.store.queries import SQL_ROOT

HERE = Path(__file__).parent
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


def questions() -> Iterator[tuple[str, str]]:
    yield from PAGES.items()
    for path in sorted((SQL_ROOT / "examples").glob("*.sql")):
        yield f"example {path.stem}", path.read_text("utf-8")


def measure(connection: Connection, text: str) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(text)
            cursor.fetchall()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> int:
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="dealwire-bench-") as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder), durable=False)
        server.start()
        try:
            connection = connect(server.url("dealwire"))
            migrate(connection)
            started = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute((HERE / "analytics.sql").read_text("utf-8"), {"deals": deals})
                cursor.execute("VACUUM ANALYZE")
            print(f"{deals} deals made in {time.perf_counter() - started:.0f} s", file=sys.stderr)
            for name, text in questions():
                print(f"{measure(connection, text):9.1f} ms  {name}", flush=True)
            connection.close()
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
