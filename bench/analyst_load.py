"""How much the pipeline's writing slows down while an analyst asks the most expensive questions there are.

    PYTHONPATH=plugins:tests python bench/analyst_load.py [--seconds 10]

A server of its own; a deal is written again and again, alone, then beside an analyst who sorts and joins without end.
Prints the median time of a written deal both ways and how many times longer it takes.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg2
from store_samples import NOW, a_record, new_deal

from dealwire.store.analyst import role_url
from dealwire.store.database import Connection, connect
from dealwire.store.deals import write_deal
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate

GREEDY = (
    "SELECT count(*) FROM (SELECT md5(a::text || b::text) AS x FROM generate_series(1, 3000) AS a, "
    "generate_series(1, 3000) AS b ORDER BY 1) AS y"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="dealwire-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Embedded(home)
        server.start()
        try:
            connection = connect(server.url("dealwire"))
            migrate(connection)
            deal_id, _ = new_deal(connection, "1")
            alone = written(connection, deal_id, seconds)
            reader = connect(role_url(connection, home))
            asking = threading.Thread(target=ask, args=(reader,))
            asking.start()
            beside = written(connection, deal_id, seconds)
            reader.cancel()
            asking.join()
            print(f"alone {alone * 1000:.2f} ms, beside an analyst {beside * 1000:.2f} ms: {beside / alone:.2f} times")
        finally:
            server.stop()


def written(connection: Connection, deal_id: int, seconds: float) -> float:
    """The median time of one written version."""
    times = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        amount = Decimal(len(times) + 1) * 10**6 + int(until)
        started = time.perf_counter()
        write_deal(
            connection, deal_id, replace(a_record(), amount=amount, amount_usd=amount), "amended", [], [], NOW, NOW
        )
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def ask(reader: Connection) -> None:
    """The question again and again, until it is cancelled."""
    try:
        while True:
            with reader.cursor() as cursor:
                cursor.execute(GREEDY)
    except psycopg2.Error:
        return


if __name__ == "__main__":
    main()
