"""The project's own PostgreSQL: started by anybody, at any time, after anything."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import reachable_folder
from psycopg2.extensions import parse_dsn
from store_market import open_market

from dealwire.errors import StoreError
from dealwire.store.analyst import read_rows, role_url
from dealwire.store.binaries import find_binaries, version_of
from dealwire.store.database import connect, fetch_value, run_script
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate
from dealwire.store.queries import SQL_ROOT


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's user can get to; whatever runs in it is stopped."""
    with reachable_folder() as folder:
        yield folder / "a home"
        for data in folder.glob("**/postmaster.pid"):
            os.kill(int(data.read_text().split("\n")[0]), signal.SIGQUIT)


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A home whose server was started and stopped."""
    with reachable_folder() as folder:
        server = Embedded(folder / "home", durable=False)
        server.start()
        server.stop()
        yield server.home


@pytest.fixture
def made(home: Path, made_once: Path) -> Embedded:
    """The stopped server of a home of this test's own."""
    subprocess.run(["cp", "-a", str(made_once), str(home)], check=True)
    return Embedded(home, durable=False)


def postmaster(server: Embedded) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n")[0])


def write_row(server: Embedded) -> None:
    connection = connect(server.url("dealwire"))
    run_script(connection, "CREATE TABLE IF NOT EXISTS t (n int); INSERT INTO t VALUES (1)", "test")
    connection.close()


def count_rows(server: Embedded) -> int:
    connection = connect(server.url("dealwire"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM t")
        (count,) = cursor.fetchone()
    connection.close()
    return int(count)


def test_it_starts_stops_and_keeps_its_data(home: Path) -> None:
    server = Embedded(home)
    with pytest.raises(StoreError, match="never started"):
        server.url("dealwire")
    server.start()
    server.start()
    write_row(server)
    status = server.status()
    assert status.running
    assert status.port is not None
    assert parse_dsn(server.url("airflow"))["dbname"] == "airflow"
    server.stop()
    server.stop()
    assert not server.status().running
    server.start()
    assert count_rows(server) == 1
    assert server.status().port == status.port
    server.stop()


def test_only_loopback_and_only_with_the_password(made: Embedded) -> None:
    server = made
    server.start()
    password = server.home / "dealwire.password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    connection = connect(server.url("postgres"))
    assert fetch_value(connection, "server_version")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('listen_addresses') AS a, current_setting('password_encryption') AS b")
        assert tuple(cursor.fetchone()) == ("127.0.0.1", "scram-sha-256")
    connection.close()
    with pytest.raises(StoreError, match="password"):
        connect(server.url("postgres").replace(server.password(), "wrong"), wait_seconds=5)
    server.stop()


@pytest.mark.fault("B6")
def test_it_comes_back_after_kill_9(made: Embedded) -> None:
    server = made
    server.start()
    for round_number in range(1, 4):
        write_row(server)
        os.kill(postmaster(server), signal.SIGKILL)
        server.start()
        assert count_rows(server) == round_number
    server.stop()


def test_a_pid_file_of_another_process_does_not_mislead(made: Embedded) -> None:
    server = made
    server.start()
    pid_file = server.data / "postmaster.pid"
    old = pid_file.read_text()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *old.split("\n")[1:]]))
    assert not server.status().running
    server.stop()
    server.start()
    assert server.status().running
    server.stop()


def test_a_taken_port_is_replaced(made: Embedded) -> None:
    server = made
    server.start()
    port = server.status().port
    server.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port or 0))
        taken.listen()
        assert not server.status().running
        server.start()
        assert server.status().port != port
        server.stop()


def test_two_callers_at_once_get_one_server(home: Path) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Embedded(home, durable=False).start()
        except BaseException as error:
            failures.append(error)

    callers = [threading.Thread(target=start) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert failures == []
    server = Embedded(home, durable=False)
    assert server.status().running
    server.stop()


def test_a_half_made_data_directory_is_made_again(home: Path) -> None:
    server = Embedded(home, durable=False)
    server.data.mkdir(parents=True)
    (server.place / "making").touch()
    (server.data / "half").touch()
    server.start()
    server.stop()


def test_somebody_elses_folder_is_not_touched(home: Path) -> None:
    server = Embedded(home)
    server.data.mkdir(parents=True)
    (server.data / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="not a PostgreSQL data directory"):
        server.start()
    assert (server.data / "letter.txt").read_text() == "mine"


def test_a_copied_project_gets_a_server_of_its_own(made: Embedded, home: Path) -> None:
    made.start()
    write_row(made)
    made.stop()
    copy_home = home.parent / "copy"
    subprocess.run(["cp", "-a", str(home), str(copy_home)], check=True)
    made.start()
    copy = Embedded(copy_home, durable=False)
    assert not copy.status().running
    copy.start()
    assert copy.status().port != made.status().port
    assert count_rows(copy) == 1
    copy.stop()
    assert made.status().running
    made.stop()


def test_programs_that_the_servers_user_cannot_read_are_copied(home: Path, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(find_binaries(None).parent, private / "pg")
    server = Embedded(home, private / "pg" / "bin", durable=False)
    server.start()
    assert server.status().running
    assert (server.place / "programs-17" / "bin" / "postgres").exists() == (os.geteuid() == 0)
    server.stop()


def test_an_ordinary_user_can_start_it(home: Path) -> None:
    """Under root, a child gives its rights away first; else we are an ordinary user ourselves."""
    home.mkdir()
    Embedded(home.parent / "other", durable=False).password()  # loads what the child may not read any more
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                entry = pwd.getpwnam("nobody")
                os.chown(home, entry.pw_uid, entry.pw_gid)
                os.setgroups([])
                os.setgid(entry.pw_gid)
                os.setuid(entry.pw_uid)
            server = Embedded(home, durable=False)
            server.start()
            running = server.status().running
            server.stop()
            os._exit(0 if running else 2)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_wrong_folder_of_programs_is_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no working initdb.*DEALWIRE_POSTGRES_BIN"):
        Embedded(home, tmp_path).start()


def test_data_of_another_version_is_not_opened(home: Path) -> None:
    server = Embedded(home)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(StoreError, match="PostgreSQL 12, which made the data"):
        server.start()


def test_the_systems_programs_do_as_well_and_take_the_schema(home: Path) -> None:
    folders = [path for path in sorted(Path("/usr/lib/postgresql").glob("*/bin")) if (version_of(path) or 0) >= 15]
    for folder in folders or [find_binaries(None)]:
        server = Embedded(home / folder.parent.name, folder, durable=False)
        server.start()
        connection = connect(server.url("dealwire"))
        migrate(connection)
        open_market(connection, datetime.now(UTC))
        reader = connect(role_url(connection, server.home))
        for example in sorted((SQL_ROOT / "examples").glob("*.sql")):
            read_rows(reader, example.read_text("utf-8"))
        reader.close()
        connection.close()
        server.stop()
