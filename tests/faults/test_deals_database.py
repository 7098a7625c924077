"""Faults of resolution on a real database: two workers at once, any order of arrival, reports read anew (D5, D7)."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from store_samples import NOW, a_mention, an_article

from dealwire.context import Runtime
from dealwire.model import Mention
from dealwire.settings import load_settings
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection, connect
from dealwire.store.mentions import pending_mentions, replace_mentions

ROOT = Path(__file__).resolve().parents[2]


def runtime_on(connection: Connection, home: Path, now: datetime = NOW) -> Runtime:
    settings = dataclasses.replace(load_settings({"DEALWIRE_HOME": str(home)}, home), project_root=ROOT)
    return Runtime(settings, connection, lambda: now, chance=lambda: 0.5)


def told(connection: Connection, number: int, mention: Mention) -> None:
    """Store an article of another outlet, an hour after the one before, that tells the mention."""
    at = NOW + timedelta(hours=number)
    article, version = an_article(connection, str(number), publisher=f"Outlet {number}", at=at)
    replace_mentions(connection, article, version, mention.extractor_version, [mention], NOW)


def a_deal(amount: int) -> Mention:
    return dataclasses.replace(a_mention(), amount=Decimal(amount), amount_text=None, claims=(), capacity=())


def deals(connection: Connection) -> set[frozenset[int]]:
    """The deals as sets of the numbers of the outlets that tell them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.deal_id, array_agg(a.publisher) AS outlets FROM deal.mention AS m "
            "JOIN deal.deal AS d USING (deal_id) JOIN news.article AS a USING (article_id) "
            "WHERE m.superseded_at IS NULL AND d.merged_into IS NULL GROUP BY d.deal_id"
        )
        return {frozenset(int(name.split()[1]) for name in row.outlets) for row in cursor.fetchall()}


def deal_ids(connection: Connection) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deal_id FROM deal.deal ORDER BY deal_id")
        return [row.deal_id for row in cursor.fetchall()]


@pytest.mark.fault("D7")
def test_eight_workers_at_once_make_one_row(connection: Connection, database_url: str, tmp_path: Path) -> None:
    for number in range(1, 9):
        told(connection, number, a_deal(38_000_000_000))
    start = threading.Barrier(8)

    def work() -> None:
        own = connect(database_url)
        start.wait()
        resolve_mentions(runtime_on(own, tmp_path))
        own.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert deals(connection) == {frozenset(range(1, 9))}
    assert len(deal_ids(connection)) == 1


@pytest.mark.fault("D5")
@pytest.mark.parametrize("order", [(1, 2, 3, 4, 5), (5, 4, 3, 2, 1), (3, 1, 5, 2, 4)])
def test_any_order_of_arrival_makes_the_same_deals(
    connection: Connection, tmp_path: Path, order: Sequence[int]
) -> None:
    amounts = {1: 38_000_000_000, 2: 6_500_000_000, 3: 38_000_000_000, 4: 6_500_000_000, 5: 38_000_000_000}
    for number in order:
        told(connection, number, a_deal(amounts[number]))
        resolve_mentions(runtime_on(connection, tmp_path))
    assert deals(connection) == {frozenset((1, 3, 5)), frozenset((2, 4))}


def test_a_deal_keeps_its_row_when_its_reports_are_extracted_anew(connection: Connection, tmp_path: Path) -> None:
    for number in (1, 2):
        told(connection, number, a_deal(38_000_000_000))
    resolve_mentions(runtime_on(connection, tmp_path))
    before = deal_ids(connection)
    for number in (1, 2):
        told(connection, number, dataclasses.replace(a_deal(38_000_000_000), extractor_version="v2"))
    assert len(pending_mentions(connection)) == 2
    resolve_mentions(runtime_on(connection, tmp_path))
    assert deal_ids(connection) == before
    assert deals(connection) == {frozenset((1, 2))}
