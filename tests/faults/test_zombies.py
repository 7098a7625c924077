"""Workers that freeze, run twice, or have a wrong clock: real processes, stopped and woken by signals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest
from killing.campaign import STAGES, Campaign, Kill, campaign

from dealwire.store.database import Connection, connect
from dealwire.store.operation import canonical_dump

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
AT = {stage: NOW + timedelta(minutes=n) for n, stage in enumerate(("poll", "read", "extract"))}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with campaign(tmp_path_factory.mktemp("lived"), NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def quiet(lived: Campaign, module_database_url: str) -> dict[str, list[str]]:
    """What is stored after each stage, undisturbed."""
    stored = {}
    connection = connect(module_database_url)
    for stage, moment in AT.items():
        assert sum(well(lived.run(module_database_url, stage, moment)).values()) > 0
        stored[stage] = canonical_dump(connection)
    connection.close()
    return stored


def well(answer: dict[str, Any]) -> dict[str, int]:
    assert answer["error"] is None
    counts: dict[str, int] = answer["counts"]
    return counts


def five_minutes_later(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ops.lease SET expires_at = now()")
        assert cursor.rowcount == 1


@pytest.mark.fault("A2", "B5", "B7")
@pytest.mark.parametrize("stage", AT)
def test_a_zombie_that_wakes_up_after_its_retry_stores_nothing(
    lived: Campaign, quiet: dict[str, list[str]], connection: Connection, database_url: str, stage: str
) -> None:
    for earlier in list(AT)[: list(AT).index(stage)]:
        well(lived.run(database_url, earlier, AT[earlier]))
    # It has fetched everything, and freezes before it stores the first of it.
    zombie = lived.run(database_url, stage, AT[stage], Kill((1, stage), "lease_renew", 1, "frozen"))["frozen"]
    assert zombie
    held = well(lived.run(database_url, stage, AT[stage]))
    assert held["skipped"] >= 1
    assert not any(count for name, count in held.items() if name.endswith("_new") or name == "mentions")
    five_minutes_later(connection)
    assert "skipped" not in well(lived.run(database_url, stage, AT[stage]))
    assert canonical_dump(connection) == quiet[stage]
    woken = lived.wake(zombie)
    assert "LeaseLost" in woken["error"]
    assert "nothing more of this batch is stored here" in woken["error"]
    assert canonical_dump(connection) == quiet[stage]


@pytest.mark.fault("A2", "B7")
def test_a_frozen_worker_in_the_middle_of_a_transaction_is_cut_off(
    lived: Campaign, quiet: dict[str, list[str]], connection: Connection, database_url: str
) -> None:
    zombie = lived.run(database_url, "poll", NOW, Kill((1, "poll"), "entry_alias_add", 1, "frozen"))["frozen"]
    assert zombie
    with connection.cursor() as cursor:  # as the server does after a minute of idleness
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        assert [row.ended for row in cursor.fetchall()] == [True]
    well(lived.run(database_url, "poll", NOW))  # at once: the lease went with the connection
    assert canonical_dump(connection) == quiet["poll"]
    assert "Unavailable" in lived.wake(zombie)["error"]
    assert canonical_dump(connection) == quiet["poll"]


@pytest.mark.fault("A12")
@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.1])
def test_a_task_that_takes_too_long_ends_its_children_and_gives_its_lease_back(
    lived: Campaign, quiet: dict[str, list[str]], connection: Connection, database_url: str, seconds: float
) -> None:
    ended = lived.run(database_url, "poll", NOW, alarm=seconds)
    if ended["error"] is not None:  # on a quick machine the last one may be done in time
        assert "TaskTimeout" in ended["error"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) AS leases FROM ops.lease")
        assert cursor.fetchone().leases == 0
    parsers = [process for process in psutil.process_iter() if _is_parser_of(process, ended["child"])]
    _, alive = psutil.wait_procs(parsers, timeout=5)
    assert alive == []
    well(lived.run(database_url, "poll", NOW + timedelta(seconds=30)))
    assert canonical_dump(connection) == quiet["poll"]


def _is_parser_of(process: psutil.Process, child: int) -> bool:
    """Whether it is a parsing child of a process that is gone, which the system has given another parent."""
    try:
        return "dealwire.news.sandbox_worker" in process.cmdline() and process.ppid() in (1, child)
    except psutil.Error:
        return False


@pytest.mark.fault("B12")
@pytest.mark.parametrize("skew", [-HOUR, HOUR], ids=["behind", "ahead"])
def test_a_worker_with_a_wrong_clock_takes_no_lease_and_loses_nothing(
    lived: Campaign, quiet: dict[str, list[str]], connection: Connection, database_url: str, skew: timedelta
) -> None:
    zombie = lived.run(database_url, "poll", NOW, Kill((1, "poll"), "lease_renew", 1, "frozen"))["frozen"]
    assert well(lived.run(database_url, "poll", NOW + skew)) in ({}, {"skipped": 1})
    well(lived.wake(zombie))
    for stage, moment in AT.items():  # the clock jumps between the stages, and back
        well(lived.run(database_url, stage, moment + (skew if stage == "read" else timedelta())))
    well(lived.run(database_url, "read", AT["read"]))
    well(lived.run(database_url, "extract", AT["extract"]))
    assert canonical_dump(connection) == quiet["extract"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) AS runs FROM ops.run WHERE ended_at < started_at")
        assert cursor.fetchone().runs == 0


@pytest.mark.fault("A5")
def test_a_week_of_pause_is_caught_up_by_one_run_with_its_gaps_and_one_digest(
    lived: Campaign, connection: Connection, database_url: str
) -> None:
    lived.hook.requests.clear()
    lived.run_day(database_url, 1, NOW - timedelta(days=7), stages=STAGES[:-1])
    before = len(lived.hook.requests)
    lived.run_day(database_url, 3, NOW, stages=STAGES[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) AS gaps, max(to_at - from_at) AS longest FROM news.coverage_gap")
        gaps = cursor.fetchone()
        cursor.execute("SELECT count(*) AS alerts FROM alert.alert WHERE created_at > %s", (NOW - timedelta(days=1),))
        alerts = cursor.fetchone().alerts
    assert gaps.gaps >= 1
    assert gaps.longest > timedelta(days=1)
    assert alerts > 5
    assert len(lived.hook.requests) - before == 1
