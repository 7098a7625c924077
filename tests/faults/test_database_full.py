"""The database's disk is full: nothing half-stored, a sentence that says what to do, and it goes on by itself.

The tables lie on a small disk of their own: a tmpfs where we may mount one, else the server may not let its files grow.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import reachable_folder
from killing.campaign import Campaign, campaign

from dealwire.store.database import connect, run_script
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate
from dealwire.store.operation import canonical_dump

NOW = datetime.now(UTC)
DISK = 64 << 20
STAGES = ("poll", "read", "extract", "resolve")
BALLAST = "ballast"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with campaign(tmp_path_factory.mktemp("lived"), NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def quiet(lived: Campaign, module_database_url: str) -> dict[str, list[str]]:
    stored = {}
    connection = connect(module_database_url)
    for number, stage in enumerate(STAGES):
        assert lived.run(module_database_url, stage, NOW + timedelta(minutes=number))["error"] is None
        stored[stage] = canonical_dump(connection)
    connection.close()
    return stored


@contextmanager
def server_on_a_small_disk(home: Path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A database whose tables lie on a small disk; how to fill it, and how to make room again."""
    server = Embedded(home / "home", durable=False)
    server.start()
    disk = home / "disk"
    disk.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)], check=False).returncode == 0
    )
    tables = disk / "tables"
    tables.mkdir(mode=0o700)
    owner = (server.data / "PG_VERSION").stat()
    os.chown(tables, owner.st_uid, owner.st_gid)
    administrator = connect(server.url("postgres"))
    run_script(administrator, f"CREATE TABLESPACE small LOCATION '{tables}'", "tablespace")
    run_script(administrator, "CREATE DATABASE crowded TEMPLATE template0 TABLESPACE small", "database")
    administrator.close()
    pid = int((server.data / "postmaster.pid").read_text().split("\n")[0])

    def fill() -> None:
        if not mounted:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
            return
        with (disk / BALLAST).open("wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 65536):
                    pass
            except OSError:
                pass

    def make_room() -> None:
        if not mounted:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        (disk / BALLAST).unlink(missing_ok=True)

    try:
        yield server.url("crowded"), fill, make_room
    finally:
        server.stop()
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.fault("B8")
def test_a_full_disk_stores_nothing_by_halves_and_work_resumes_by_itself(
    lived: Campaign, quiet: dict[str, list[str]]
) -> None:
    with reachable_folder() as home, server_on_a_small_disk(home) as (url, fill, make_room):
        connection = connect(url)
        migrate(connection)
        full: set[str] = set()
        for number, stage in enumerate(STAGES):
            moment = NOW + timedelta(minutes=number)
            before = canonical_dump(connection)
            fill()
            failed = lived.run(url, stage, moment)["error"]
            make_room()
            if failed is not None:  # a stage that needs no new page of the disk may get through
                assert "DatabaseFull" in failed
                assert "free disk space of the database server" in failed
                full.add(stage)
                assert whole_transactions(canonical_dump(connection), before, quiet[stage])
            assert lived.run(url, stage, moment)["error"] is None
            assert canonical_dump(connection) == quiet[stage]
        assert full >= {"poll", "extract"}
        connection.close()


def whole_transactions(now: list[str], before: list[str], after: list[str]) -> bool:
    """Every line is as it was before the stage, or as it is after it."""
    return set(now) <= set(before) | set(after)
