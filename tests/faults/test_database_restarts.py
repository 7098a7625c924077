"""A server that is full, restarting, or gone: a bounded wait, then a sentence."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psycopg2
import pytest
from conftest import reachable_folder
from psycopg2.extensions import make_dsn

from dealwire.store.analyst import role_url
from dealwire.store.database import connect, fetch_value, repeat_on_loss
from dealwire.store.embedded import Embedded
from dealwire.store.failures import Unavailable


@pytest.mark.fault("B13")
def test_a_full_server_is_waited_for_and_then_reported(database_url: str, tmp_path: Path) -> None:
    owner = connect(database_url)
    dsn = role_url(owner, tmp_path)
    taken = []
    with pytest.raises(psycopg2.OperationalError, match="too many connections"):
        while True:
            taken.append(psycopg2.connect(dsn))
    started = time.monotonic()
    with pytest.raises(Unavailable, match=r"too many connections.*Check DATABASE_URL"):
        connect(dsn, wait_seconds=0.5)
    assert time.monotonic() - started < 10
    threading.Timer(0.5, taken.pop().close).start()
    connect(dsn, wait_seconds=20).close()
    for connection in taken:
        connection.close()
    owner.close()


@pytest.mark.fault("B13")
def test_a_restart_is_outlasted() -> None:
    with reachable_folder() as home:
        server = Embedded(home, durable=False)
        server.start()
        url = server.url("dealwire")
        work_started, killed = threading.Event(), threading.Event()

        def restart() -> None:
            work_started.wait(20)
            os.kill(int((server.data / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
            killed.set()
            server.start()

        def work(connection: psycopg2.extensions.connection) -> str:
            work_started.set()
            killed.wait(20)
            time.sleep(0.2)
            return str(fetch_value(connection, "server_version"))

        other = threading.Thread(target=restart)
        other.start()
        assert repeat_on_loss(lambda: connect(url, wait_seconds=60), work)
        other.join()
        server.stop()
        with pytest.raises(Unavailable, match=r"cannot connect to PostgreSQL at 127\.0\.0\.1.*dealwire db start"):
            connect(url)


@pytest.mark.fault("B13")
def test_a_wrong_password_is_not_waited_for(database_url: str, tmp_path: Path) -> None:
    owner = connect(database_url)
    dsn = role_url(owner, tmp_path)
    owner.close()
    started = time.monotonic()
    with pytest.raises(Unavailable, match="password authentication failed"):
        connect(make_dsn(dsn, password="wrong"), wait_seconds=60)
    assert time.monotonic() - started < 10


def test_an_address_that_is_none_is_a_clear_error() -> None:
    with pytest.raises(Exception, match=r"DATABASE_URL"):
        connect("postgresql://host:port/x y", wait_seconds=5)
