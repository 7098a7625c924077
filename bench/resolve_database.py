#!/usr/bin/env python3
"""What one more mention costs on PostgreSQL, by the number of mentions that are there.

    bench/resolve_database.py [--sizes 10000 100000 1000000] [--new 200]

Starts a server of its own, loads the made-up world (bench/resolve_world.py) with its blocking keys, then lets new
mentions arrive one by one, through the store's own functions: keys are written (`add_block_keys`), the block is
gathered (`load_near`, `load_deal_reports`), the mention is placed and its deal folded. Prints milliseconds of CPU (ours
and the server process's, in steps of ten) and what was loaded.

Above 200,000 mentions the world goes on as it was: the first ones are written again by the server, later by the time
that they take and with deals of their own, until there are so many.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "bench")]

from resolve_world import PER_DAY, START, Telling, report_of, tellings  # noqa: E402

from dealwire.deal_model import Report  # noqa: E402
from dealwire.resolve.blocking import REACH, WINDOW, Need, blocking_keys  # noqa: E402
from dealwire.resolve.cluster import Cluster, assign  # noqa: E402
from dealwire.resolve.exchange import shipped_rates  # noqa: E402
from dealwire.resolve.fold import fold  # noqa: E402
from dealwire.resolve.gather import gather  # noqa: E402
from dealwire.resolve.profiles import Readings  # noqa: E402
from dealwire.store.database import Connection, connect, transaction  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.mentions import add_block_keys, load_deal_reports, load_near  # noqa: E402
from dealwire.store.migrate import migrate  # noqa: E402

MENTIONS = (
    "deal.mention (mention_id, article_id, article_version, ordinal, extractor_version, extracted_at, salience,"
    " kind, status, amount, currency, amount_qualifier, amount_basis, term_months, confidence, needs_review,"
    " resolution, deal_id)"
)
DEALS = "deal.deal (deal_id, kind, status, confidence, headline, created_at, updated_at)"
BASE = 200_000  # takes longer than resolution looks back, so that no deal meets its copy
TABLES = (
    "deal.mention_block", "deal.mention_capacity", "deal.mention_party", "deal.mention", "deal.deal",
    "news.article_version", "news.article", "deal.organisation",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=200)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="dealwire-bench-"))
    home.chmod(0o755)
    server = Embedded(home, durable=False)
    server.start()
    try:
        connection = connect(server.url("dealwire"))
        migrate(connection)
        first = None
        for size in options.sizes:
            first = measure(connection, size, options.new, first)
    finally:
        server.stop()


def measure(connection: Connection, size: int, new: int, first: float | None) -> float:
    """Load a world of `size` mentions and place `new` more."""
    base = min(size, BASE)
    copies = size // base
    later = timedelta(days=base / PER_DAY * (copies - 1))
    world = tellings(base + new)
    coming = [dataclasses.replace(telling, at=telling.at + later) for telling in world[base:]]
    fill(connection, world[:base], copies, coming)
    backend = connection.info.backend_pid
    spent, loaded, whole = [], 0, 0
    for number, telling in enumerate(coming, start=copies * base + 1):
        report = report_of(telling)
        begun = _cpu(backend)
        store = Loader(connection)
        store.keep(number, report)
        readings = Readings({}, shipped_rates())
        block = gather([report], store.load, parents={}, readings=readings)
        placed = assign([report], block.clusters, parents={}, readings=readings)
        home = next(c for c in placed.clusters if any(r.key == report.key for r in c.reports))
        fold(home.reports, (), shipped_rates())
        if number > copies * base + 20:  # the first ones warm the caches
            spent.append((_cpu(backend) - begun) * 1000)
            loaded, whole = loaded + store.loaded, whole + block.complete
    mean = statistics.fmean(spent)
    print(
        f"{size:>9,} mentions: median {statistics.median(spent):6.2f} ms, mean {mean:6.2f} ms, "
        f"p95 {sorted(spent)[int(len(spent) * 0.95)]:7.2f} ms, {loaded / len(spent):6.1f} reports loaded, "
        f"{whole / len(spent):.0%} whole blocks, {mean / (first or mean):.2f} times the first",
        flush=True,
    )
    return first or mean


def _cpu(backend: int) -> float:
    """Seconds of CPU of this process and of the server process that serves it."""
    fields = Path(f"/proc/{backend}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Loader:
    """Blocks from the database, as the pipeline loads them."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.loaded = connection, 0
        self._seen: set[int] = set()

    def keep(self, number: int, report: Report) -> None:
        """Write the keys of a new mention, whose row is there."""
        at = report.published_at or START
        add_block_keys(self._connection, [(key, at, number) for key in blocking_keys(report, {})])

    def load(self, need: Need) -> list[Cluster]:
        """The deals of the nearest mentions under each key, whole."""
        near = load_near(self._connection, [(key, at or START) for key, at in need.lookups], WINDOW, REACH)
        deals = sorted({row.deal_id for row in near if row.deal_id is not None} - self._seen)
        self._seen.update(deals)
        clusters: dict[str, list[Report]] = {}
        for stored in load_deal_reports(self._connection, deals):
            clusters.setdefault(f"deal:{stored.deal_id}", []).append(stored.report)
        self.loaded += sum(map(len, clusters.values()))
        return [Cluster(key, tuple(reports)) for key, reports in sorted(clusters.items())]


def fill(connection: Connection, world: Sequence[Telling], copies: int, coming: Sequence[Telling]) -> None:
    """Empty the tables, write the world so many times, one after the other, and what is to come as pending mentions."""
    with transaction(connection):
        cursor = connection.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        for begin in range(0, len(world), 20_000):
            _copy_chunk(connection, enumerate(world[begin : begin + 20_000], begin + 1), pending=False)
        deals = [
            (t.deal + 1, report_of(t).mention.kind, "announced", 0.8, "deal", t.at, t.at) for t in _founders(world)
        ]
        _copy(connection, DEALS, deals)
        step = timedelta(days=len(world) / PER_DAY)
        values = {"copies": copies - 1, "mentions": len(world), "deals": world_deals(world), "step": step}
        cursor.execute((ROOT / "bench/resolve_grow.sql").read_text("utf-8"), values)
        _copy_chunk(connection, enumerate(coming, copies * len(world) + 1), pending=True)
        companies = [(f"x:company {n}", f"Company {n}", "unknown") for n in range(2100)]
        _copy(connection, "deal.organisation (organisation_id, name, type)", companies)
    connection.cursor().execute("VACUUM ANALYZE")


def _founders(world: Sequence[Telling]) -> list[Telling]:
    """The first telling of each deal."""
    found: dict[int, Telling] = {}
    for telling in world:
        found.setdefault(telling.deal, telling)
    return list(found.values())


def world_deals(world: Sequence[Telling]) -> int:
    """A number above that of every deal."""
    return max(telling.deal for telling in world) + 2


def _copy_chunk(connection: Connection, world: Iterable[tuple[int, Telling]], *, pending: bool) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {}
    for number, telling in world:
        for table, row in _rows(number, None if pending else telling.deal + 1, report_of(telling)):
            rows.setdefault(table, []).append(row)
    for table, values in rows.items():
        _copy(connection, table, values)


def _rows(number: int, deal: int | None, report: Report) -> Iterable[tuple[str, tuple[object, ...]]]:
    mention, at = report.mention, report.published_at
    yield "news.article (article_id, url, url_sha256, publisher, published_at, first_seen_at)", (
        number, f"https://x.test/{number}", f"{number:x}", report.publisher, at, at,
    )  # fmt: skip
    yield (
        "news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at)",
        (number, 1, report.title, report.lead, f"{number:x}", "page", "ok", at),
    )
    yield (
        MENTIONS,
        (number, number, 1, 0, "bench", at, mention.salience, mention.kind, mention.status, mention.amount,
         mention.currency, mention.amount_qualifier, mention.amount_basis, mention.term_months, 0.8, False,
         "match" if deal else "pending", deal),
    )  # fmt: skip
    for party in mention.parties:
        yield (
            "deal.mention_party (mention_id, organisation_id, name, role)",
            (number, party.organisation_id, party.name, party.role),
        )
    for ordinal, item in enumerate(mention.capacity):
        yield (
            "deal.mention_capacity (mention_id, ordinal, quantity, unit, qualifier)",
            (number, ordinal, item.quantity, item.unit, item.qualifier),
        )
    for key in blocking_keys(report, {}) if deal else ():
        yield "deal.mention_block (block_key, at, mention_id)", (key, at, number)


def _copy(connection: Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    lines = ("\t".join("\\N" if value is None else str(value) for value in row) + "\n" for row in rows)
    connection.cursor().copy_expert(f"COPY {table} FROM STDIN", io.StringIO("".join(lines)))


if __name__ == "__main__":
    main()
