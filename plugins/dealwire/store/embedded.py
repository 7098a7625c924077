"""A PostgreSQL server of the project's own, for machines without one.

It listens on loopback only, with a generated password, and is found again through files in the project's
`.dealwire` folder. Whether it runs is judged by a real connection, never by a pid file: after a kill the pid
file tells tales.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dealwire.errors import StoreError
from dealwire.store.binaries import (
    ServerUser,
    find_binaries,
    icu_data,
    may_enter,
    readable_binaries,
    server_user,
    version_of,
)
from dealwire.store.database import connect, execute, fetch_all, fetch_value, run_script
from dealwire.store.failures import Unavailable
from dealwire.store.passwords import remembered_password
from dealwire.store.queries import load_queries

SUPERUSER = "dealwire"
DATABASES = ("airflow", "dealwire")
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What `dealwire db status` prints."""

    running: bool
    port: int | None
    version: str | None
    data: Path
    binaries: Path | None


class Embedded:
    """The project's own server. All methods may be called at any time, by several processes at once."""

    def __init__(self, home: Path, binaries: Path | None = None, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable
        self._given = binaries
        self._user: ServerUser = server_user()
        self.home.mkdir(parents=True, exist_ok=True)
        self.place = self._choose_place()
        self.data = self.place / "data"

    def _choose_place(self) -> Path:
        """Beside the project, unless the server's user cannot get there (a checkout under /root)."""
        if self._user.uid is None or may_enter(self._user, self.home):
            return self.home / "postgres"
        return Path("/var/lib") / f"dealwire-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"

    # --- what others call ---

    def start(self) -> None:
        """Make the server run and both databases exist. Does nothing where they do."""
        with self._locked():
            if not self._answers():
                self._start()
            self._create_databases()

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back. Does nothing where it does not run."""
        with self._locked():
            if not self._server_pid():
                return
            result = self._program("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop")
            if result and self._server_pid():
                raise StoreError(f"PostgreSQL in {self.data} did not stop: {result}")

    def status(self) -> ServerStatus:
        """Whether it answers, and where everything is."""
        running = self._answers()
        version = None
        if running:
            connection = connect(self.url("postgres"))
            version = str(fetch_value(connection, "server_version"))
            connection.close()
        try:
            binaries = find_binaries(self._given, self._data_version())
        except StoreError:
            binaries = None
        return ServerStatus(running, self._port(), version, self.data, binaries)

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """The address of a database for a user whose password we keep (the superuser's by default)."""
        port = self._port()
        if port is None:
            raise StoreError("the project's PostgreSQL was never started: run `dealwire db start`")
        return f"postgresql://{user}:{quote(self.password(user))}@127.0.0.1:{port}/{database}"

    def password(self, user: str = SUPERUSER) -> str:
        """The generated password of a user, made on first use and readable by the project's owner only."""
        return remembered_password(self.home, user)

    # --- starting ---

    def _start(self) -> None:
        self.place.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder = find_binaries(self._given, self._data_version())
        folder = readable_binaries(self._user, folder, self.place, self._environment())
        if not (self.data / "PG_VERSION").is_file() or (self.place / "making").exists():
            self._initialise(folder)
        until = time.monotonic() + START_SECONDS
        said = ""
        while time.monotonic() < until:
            if self._server_pid() is None:
                self._clear_pid_file()
                said = self._start_once(folder)
            if self._answers(wait_seconds=1.0):
                return
            time.sleep(0.1)
        raise StoreError(f"PostgreSQL did not start within {START_SECONDS:.0f} s: {said or self._last_log_line()}")

    def _start_once(self, folder: Path) -> str:
        port = self._free_port()
        durable = "on" if self.durable else "off"
        settings = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": durable,
            "full_page_writes": durable,
            "logging_collector": "on",
            "log_directory": "log",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "jit": "off",
            "random_page_cost": "1.1",  # nobody runs this on a spinning disk, and an index is worth it earlier
            "work_mem": "16MB",  # whole-history questions sort and hash in memory
            "temp_file_limit": "4GB",
            "max_connections": "200",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self.place / "start.log"
        log.touch()
        self._user.give(log)
        return self._program(
            "pg_ctl", "-D", str(self.data), "-l", str(log), "-w", "-t", "30", "-o", options, "start", folder=folder
        )

    def _initialise(self, folder: Path) -> None:
        """initdb in one go: a folder left half-made by a kill carries the mark `making` and is thrown away."""
        mark = self.place / "making"
        if self.data.exists() and not mark.exists() and any(self.data.iterdir()):
            raise StoreError(f"{self.data} holds something that is not a PostgreSQL data directory: move it away")
        mark.touch()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self._user.give(self.data)
        word = self.place / "initial.password"
        word.unlink(missing_ok=True)
        word.touch(mode=0o600)
        word.write_text(self.password())
        self._user.give(word)
        major = version_of(folder) or 0
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        said = self._program(
            "initdb", "-D", str(self.data), "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={word}",
            "--encoding=UTF8", *(locale if major >= 17 else ["--locale=C.UTF-8"]),
            *([] if self.durable else ["--no-sync"]), folder=folder,
        )  # fmt: skip
        word.unlink(missing_ok=True)
        if said:
            shutil.rmtree(self.data, ignore_errors=True)
            raise StoreError(f"initdb failed in {self.data}: {said}")
        mark.unlink()

    def _create_databases(self) -> None:
        connection = connect(self.url("postgres"), wait_seconds=10)
        try:
            there = {row.datname for row in fetch_all(connection, "list_databases")}
            for name in DATABASES:
                if name not in there:
                    run_script(connection, load_queries()[f"create_database_{name}"], f"create database {name}")
            if not there.issuperset(DATABASES):
                execute(connection, "close_databases_to_public")
        finally:
            connection.close()

    # --- looking ---

    def _answers(self, wait_seconds: float = 0) -> bool:
        """Whether a server answers on our port, takes our password, and works on our data."""
        if self._port() is None or self._server_pid() is None:
            return False
        try:
            connection = connect(self.url("postgres"), wait_seconds=wait_seconds, connect_seconds=3)
        except Unavailable:
            return False
        try:
            return Path(str(fetch_value(connection, "data_directory"))).resolve() == self.data
        except StoreError:
            return False
        finally:
            connection.close()

    def _server_pid(self) -> int | None:
        """The living server process of our data directory, told apart from another that got its old pid."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        try:
            return pid if Path(os.readlink(f"/proc/{pid}/cwd")) == self.data else None
        except OSError:
            return pid

    def _clear_pid_file(self) -> None:
        """Remove the pid file of a dead server whose pid another program has now: PostgreSQL itself would refuse.

        Only where no process works in the data directory: the file is what keeps a second server away from data
        that orphans of a killed one may still write.
        """
        if Path("/proc/self").exists() and not any(
            _works_in(process, self.data) for process in Path("/proc").iterdir()
        ):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _port(self) -> int | None:
        try:
            return int((self.home / "postgres.port").read_text())
        except (OSError, ValueError):
            return None

    def _free_port(self) -> int:
        """The remembered port where it is free, else another, remembered from now on."""
        for wanted in (self._port() or 0, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", wanted))
                except OSError:
                    continue
                port = int(probe.getsockname()[1])
            half = self.home / f"postgres.port.{os.getpid()}"
            half.write_text(str(port))
            half.replace(self.home / "postgres.port")
            return port
        raise StoreError("no free port on 127.0.0.1")

    def _data_version(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text())
        except (OSError, ValueError):
            return None

    def _last_log_line(self) -> str:
        logs = sorted((self.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        lines = logs[-1].read_text(errors="replace").splitlines() if logs else []
        return f"{lines[-1]} (log: {logs[-1]})" if lines else "it wrote no log"

    # --- running ---

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One caller at a time; the lock dies with its process."""
        with (self.home / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _environment(self) -> dict[str, str]:
        icu = icu_data()
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"} | ({"ICU_DATA": icu} if icu else {})

    def _program(self, name: str, *arguments: str, folder: Path | None = None) -> str:
        """Run one of PostgreSQL's programs; empty when it did well, else its last line."""
        if folder is None:
            found = find_binaries(self._given, self._data_version())
            folder = readable_binaries(self._user, found, self.place, self._environment())
        result = self._user.run([str(folder / name), *arguments], env=self._environment(), timeout=120)
        if result.returncode == 0:
            return ""
        lines = (result.stderr or result.stdout).strip().splitlines()
        return lines[-1] if lines else f"{name} ended with {result.returncode}"


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return process.name.isdigit() and Path(os.readlink(process / "cwd")) == folder
    except OSError:
        return False
