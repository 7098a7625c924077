"""Runs and the canonical dump."""

from __future__ import annotations

from datetime import timedelta

from store_samples import NOW, new_deal

from dealwire.store import operation
from dealwire.store.database import Connection


def test_runs_are_recorded(connection: Connection) -> None:
    run = operation.record_run(connection, "poll", NOW, NOW + timedelta(seconds=3), {"feeds": 2})
    latest = operation.last_run(connection, "poll")
    assert latest == operation.Run(run, NOW, NOW + timedelta(seconds=3), {"feeds": 2})
    assert operation.last_run(connection, "read") is None


def test_equal_histories_have_equal_dumps(connection: Connection) -> None:
    new_deal(connection, "1")
    before = operation.canonical_dump(connection)
    assert {line.split("\t")[0] for line in before} >= {"dump_entries", "dump_articles", "dump_mentions", "dump_deals"}
    new_deal(connection, "2")
    assert operation.canonical_dump(connection) != before
    assert len(operation.canonical_hash(connection)) == 64
