"""A backup, taken while work goes on, brought into a fresh server: the same rows, the same rights, marked repeats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import reachable_folder
from killing.campaign import Campaign, campaign
from psycopg2.extensions import make_dsn, parse_dsn

from dealwire.cli.backups import _programs
from dealwire.errors import StoreError
from dealwire.runtime import open_runtime
from dealwire.settings import PROJECT_ROOT, load_settings
from dealwire.store.analyst import run_as_analyst
from dealwire.store.backup import back_up, restore
from dealwire.store.database import connect
from dealwire.store.embedded import Embedded
from dealwire.store.operation import canonical_dump

NOW = datetime.now(UTC)
PROGRAMS = _programs(load_settings({}, PROJECT_ROOT))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with campaign(tmp_path_factory.mktemp("lived"), NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def backed_up(lived: Campaign, module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A backup of the first day; meanwhile the original lived on."""
    file = tmp_path_factory.mktemp("backup") / "dealwire.dump"
    clock = lived.run_day(module_database_url, 1, NOW - timedelta(hours=22))
    assert back_up(module_database_url, file, PROGRAMS) > 10_000
    lived.run_day(module_database_url, 2, max(clock, NOW))
    return file, module_database_url


def dump(url: str) -> list[str]:
    connection = connect(url)
    try:
        return canonical_dump(connection)
    finally:
        connection.close()


@pytest.mark.fault("B14")
def test_a_day_that_was_lost_is_read_again_and_alerts_say_that_they_may_repeat(
    lived: Campaign, backed_up: tuple[Path, str]
) -> None:
    file, original = backed_up
    told = [request.document for request in lived.hook.requests]
    lived.hook.requests.clear()
    with reachable_folder() as home:
        server = Embedded(home, durable=False)
        server.start()
        try:
            url = server.url("dealwire")
            assert restore(url, file, PROGRAMS, NOW) == []
            assert dump(url) != dump(original)
            lived.run_day(url, 2, NOW + timedelta(minutes=10))
            # Everything is there again; a delivery is marked where the same may have been told before the loss.
            assert without_marks(dump(url)) == without_marks(dump(original))
            again = [request.document for request in lived.hook.requests]
            assert 0 < len(again) < len(told)
            assert all(document["possible_repeat"] for document in again)
            settings = load_settings({"DEALWIRE_HOME": str(home)}, PROJECT_ROOT)
            with open_runtime(settings) as runtime:  # roles and rights are there, though no backup holds them
                assert runtime.connection.info.user == "dealwire_pipeline"
                rows = run_as_analyst(runtime.connection, home, "SELECT count(*) AS deals FROM deal")
                assert rows[0]["deals"] > 5
        finally:
            server.stop()


def without_marks(lines: list[str]) -> list[str]:
    return [line.rsplit(", ", 1)[0] if line.startswith("dump_alerts") else line for line in lines]


@pytest.mark.fault("B14")
def test_a_restore_takes_no_data_by_accident(backed_up: tuple[Path, str], newsroom_url: str, tmp_path: Path) -> None:
    file, original = backed_up
    with pytest.raises(StoreError, match="give --replace"):
        restore(newsroom_url, file, PROGRAMS, NOW)
    (tmp_path / "torn").write_bytes(file.read_bytes()[:5000])
    (tmp_path / "other").write_text("no backup")
    before = dump(newsroom_url)
    for name in ("torn", "other", "missing"):
        with pytest.raises(StoreError, match=r"pg_restore: |there is no backup"):
            restore(newsroom_url, tmp_path / name, PROGRAMS, NOW, replace=True)
    working = connect(newsroom_url, application_name="dealwire page")
    with pytest.raises(StoreError, match="dealwire page still works in the database: `make down`"):
        restore(newsroom_url, file, PROGRAMS, NOW, replace=True)
    working.close()
    assert dump(newsroom_url) == before
    restore(newsroom_url, file, PROGRAMS, NOW, replace=True)
    assert dump(newsroom_url) != before
    assert dump(newsroom_url) != dump(original)


def test_a_backup_is_its_owners_and_never_half_written(newsroom_url: str, tmp_path: Path) -> None:
    file = tmp_path / "dealwire.dump"
    back_up(newsroom_url, file, PROGRAMS)
    assert file.stat().st_mode & 0o777 == 0o600
    whole = file.read_bytes()
    with pytest.raises(StoreError, match="pg_dump: "):
        back_up(make_dsn(newsroom_url, password="wrong"), file, PROGRAMS)
    assert file.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(StoreError, match="cannot write"):
        back_up(newsroom_url, tmp_path / "nowhere" / "file", PROGRAMS)
    with pytest.raises(StoreError, match="install PostgreSQL's client programs"):
        back_up(newsroom_url, file, tmp_path)
    assert "password" in parse_dsn(newsroom_url)
