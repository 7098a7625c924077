"""Leases, runs and the canonical dump."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_samples import NOW, new_deal

from dealwire.errors import LeaseLost
from dealwire.store import operation
from dealwire.store.database import Connection, transaction


def test_a_lease_belongs_to_one_holder_until_it_expires(connection: Connection) -> None:
    first = operation.acquire_lease(connection, "resolve", "one")
    assert first is not None
    assert operation.acquire_lease(connection, "resolve", "two") is None
    operation.renew_lease(connection, first, seconds=-1)
    second = operation.acquire_lease(connection, "resolve", "two")
    assert second is not None
    assert second.token > first.token
    with pytest.raises(LeaseLost, match="two"):
        operation.check_lease(connection, first)
    with pytest.raises(LeaseLost):
        operation.renew_lease(connection, first)
    operation.release_lease(connection, first)
    operation.check_lease(connection, second)
    operation.release_lease(connection, second)
    assert operation.acquire_lease(connection, "resolve", "one") is not None
    assert operation.lease_holder(connection, "resolve") == "one"


def test_a_released_lease_is_no_longer_ours(connection: Connection) -> None:
    lease = operation.acquire_lease(connection, "resolve", "one")
    assert lease is not None
    operation.release_lease(connection, lease)
    with transaction(connection), pytest.raises(LeaseLost):
        operation.check_lease(connection, lease)


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
