"""Leases on ranges of ids: exclusive, renewable, gone with their holder's connection."""

from __future__ import annotations

import threading

import pytest

from dealwire.errors import LeaseLost
from dealwire.store.database import Connection, connect, transaction
from dealwire.store.leases import Lease, acquire_lease, check_lease, lease_holder, release_lease, renew_lease


def taken(lease: Lease | None) -> Lease:
    assert lease is not None
    return lease


def test_a_lease_belongs_to_one_holder_until_it_expires(connection: Connection) -> None:
    first = taken(acquire_lease(connection, "poll", "one"))
    assert acquire_lease(connection, "poll", "two") is None
    assert lease_holder(connection, "poll") == "one"
    renew_lease(connection, first, seconds=-1)
    second = taken(acquire_lease(connection, "poll", "two"))
    assert second.token > first.token
    for refused in (check_lease, renew_lease):
        with pytest.raises(LeaseLost, match="taken over by two"):
            refused(connection, first)
    release_lease(connection, first)
    check_lease(connection, second)
    release_lease(connection, second)
    with transaction(connection), pytest.raises(LeaseLost):
        check_lease(connection, second)
    third = taken(acquire_lease(connection, "poll", "one"))
    assert third.token > second.token  # a number that a sleeper may still hold never comes again
    assert lease_holder(connection, "poll") == "one"


def test_leases_of_ranges_that_overlap_exclude_each_other(connection: Connection) -> None:
    taken(acquire_lease(connection, "poll", "one", ids=(10, 20)))
    taken(acquire_lease(connection, "poll", "two", ids=(21, 30)))
    taken(acquire_lease(connection, "read", "two", ids=(10, 20)))
    for ids in ((1, 10), (20, 20), (15, 17), (1, 100)):
        assert acquire_lease(connection, "poll", "three", ids=ids) is None
    taken(acquire_lease(connection, "poll", "three", ids=(31, 40)))


def test_taking_over_a_range_takes_every_expired_lease_in_it(connection: Connection) -> None:
    sleepers = [
        taken(acquire_lease(connection, "poll", f"sleeper {n}", seconds=-1, ids=(n, n + 5))) for n in (1, 10, 20)
    ]
    taken(acquire_lease(connection, "poll", "heir", ids=(4, 12)))
    for sleeper, lost in zip(sleepers, (True, True, False), strict=True):
        if lost:
            with pytest.raises(LeaseLost, match="taken over by heir"):
                renew_lease(connection, sleeper)
        else:
            renew_lease(connection, sleeper)


@pytest.mark.fault("B7")
def test_a_lease_is_gone_with_its_holders_connection(connection: Connection, database_url: str) -> None:
    holder = connect(database_url)
    lease = taken(acquire_lease(holder, "poll", "one"))
    assert acquire_lease(connection, "poll", "two") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (holder.info.backend_pid,))
    heir = taken(acquire_lease(connection, "poll", "two"))
    with pytest.raises(LeaseLost):
        renew_lease(connection, lease)
    renew_lease(connection, heir)
    holder.close()


@pytest.mark.fault("B5")
def test_of_many_at_once_one_gets_it(connection: Connection, database_url: str) -> None:
    results: list[Lease | None] = []
    start = threading.Barrier(8, timeout=20)

    def run(number: int) -> None:
        mine = connect(database_url)
        start.wait()
        results.append(acquire_lease(mine, "poll", str(number), ids=(number, number + 8)))
        start.wait()  # nobody's connection closes before all have asked
        mine.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert sum(result is not None for result in results) == 1
