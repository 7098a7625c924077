"""A database that an earlier version filled, brought to this version's schema, with everything that was in it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealwire import pipeline
from dealwire.cli.backups import _programs
from dealwire.context import Runtime
from dealwire.settings import PROJECT_ROOT, load_settings
from dealwire.store.backup import restore
from dealwire.store.database import Connection, connect
from dealwire.store.migrate import pending

OLD = Path(__file__).with_name("upgrade")
NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
DEALS = "SELECT deal_id, kind, status, amount, currency, headline, announced_on FROM deal.deal ORDER BY deal_id"


@pytest.fixture
def upgraded(empty_database_url: str, tmp_path: Path) -> Iterator[Connection]:
    file = tmp_path / "old.dump"
    file.write_bytes(gzip.decompress((OLD / "0006.dump.gz").read_bytes()))
    restore(empty_database_url, file, _programs(load_settings({}, PROJECT_ROOT)), NOW)
    connection = connect(empty_database_url)
    yield connection
    connection.close()


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


def count(connection: Connection, table: str) -> int:
    return int(rows(connection, f"SELECT count(*) AS n FROM {table}")[0][0])


@pytest.mark.fault("B11")
def test_old_data_is_all_there_and_the_pipeline_goes_on_with_it(upgraded: Connection, tmp_path: Path) -> None:
    assert pending(upgraded) == []
    kept = {
        "news.entry": 61,
        "news.article": 61,
        "deal.mention": 51,
        "deal.deal": 25,
        "alert.alert": 12,
        "deal.judgement": 1,
    }
    assert {table: count(upgraded, table) for table in kept} == kept
    assert count(upgraded, "analytics.deal") == 25
    before = rows(upgraded, DEALS)
    settings = load_settings({"DEALWIRE_HOME": str(tmp_path)}, PROJECT_ROOT)
    runtime = Runtime(settings, upgraded, lambda: NOW, chance=lambda: 0.5)
    assert pipeline.extract_all(runtime).get("failed", 0) == 0  # a newer reader reads the old articles again
    pipeline.resolve_mentions(runtime)
    pipeline.check_data(runtime)
    assert {row[0] for row in before} <= {row[0] for row in rows(upgraded, DEALS)}
    # What a person decided outlives every reader.
    judged = rows(upgraded, "SELECT d.term_months FROM deal.deal AS d JOIN deal.judgement AS j USING (deal_id)")
    assert judged == [(96,)]
    assert count(upgraded, "alert.alert") == 12  # and nobody is told of it again
