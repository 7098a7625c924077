"""All articles are read again, or by two runs at once: the deals keep their numbers, and nobody is alerted twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from store_samples import NOW, a_mention, an_article

from dealwire.context import Runtime
from dealwire.model import Party
from dealwire.settings import load_settings
from dealwire.stages.resolution import resolve_mentions
from dealwire.store import deals, news
from dealwire.store.database import Connection, connect


def read_all(connection: Connection, version: str) -> None:
    for article in news.load_articles(connection, news.unextracted_articles(connection, version)):
        number = article.article_id % 3
        parties = (a_mention().parties[1], Party(f"Lab {number}", "customer", f"lab{number}"))
        said = replace(a_mention(), extractor_version=version, parties=parties, amount=Decimal((number + 1) * 10**10))
        deals.replace_mentions(connection, article.article_id, article.version, version, [said], NOW)


def deals_now(connection: Connection) -> set[tuple[int, int, str, int]]:
    rows = deals.list_deals(connection)
    return {(row["deal_id"], row["version"], row["headline"], row["source_count"]) for row in rows}


def test_reading_again_changes_no_deal(connection: Connection, tmp_path: Path) -> None:
    runtime = Runtime(load_settings({}, tmp_path), connection, now=lambda: NOW)
    for key in range(1, 7):
        an_article(connection, str(key), text=f"A text {key}", publisher=f"Outlet {key}")
    read_all(connection, "v1")
    first = resolve_mentions(runtime)
    before = deals_now(connection)
    assert first["new_deals"] == len(before) == 3
    assert first["alerts"] == 3
    read_all(connection, "v2")
    again = resolve_mentions(runtime)
    assert deals_now(connection) == before
    assert (again["new_deals"], again["changed_deals"], again["alerts"]) == (0, 0, 0)


@pytest.mark.fault("B5")
def test_two_runs_at_once_make_each_deal_once(connection: Connection, database_url: str, tmp_path: Path) -> None:
    for key in range(1, 7):
        an_article(connection, str(key), text=f"A text {key}", publisher=f"Outlet {key}")
    read_all(connection, "v1")
    counts: list[dict[str, int]] = []

    def run() -> None:
        own = connect(database_url)
        counts.append(resolve_mentions(Runtime(load_settings({}, tmp_path), own, now=lambda: NOW)))
        own.close()

    runs = [Thread(target=run) for _ in range(3)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert len(counts) == 3
    assert len(deals_now(connection)) == 3
    assert (sum(count["new_deals"] for count in counts), sum(count["alerts"] for count in counts)) == (3, 3)
