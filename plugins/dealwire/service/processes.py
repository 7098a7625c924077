"""Long-running child processes that outlive the command that started them, found again through pid files.

A pid file holds the pid and the process's start time, so that a pid which the system gave to somebody else is
never taken for ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from dealwire.errors import DealwireError

STOP_SECONDS = 20.0  # that a process has to end itself and its children
CHILDREN_SECONDS = 3.0  # that its children have after it has gone
KILL_ROUNDS = 10  # of looking for what was forked in the meantime


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the service: its name, its pid file and its log."""

    name: str
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def running(self) -> psutil.Process | None:
        """The live process, or None where it is not running (a zombie is not)."""
        try:
            kept = json.loads(self.pid_file.read_text(encoding="ascii"))
            found = psutil.Process(kept["pid"])
            if abs(found.create_time() - kept["started"]) < 2 and found.status() != psutil.STATUS_ZOMBIE:
                return found
        except (FileNotFoundError, ValueError, KeyError, psutil.Error):
            pass
        return None

    def left_behind(self) -> list[psutil.Process]:
        """Live members of the session that the recorded process began: its own children, also after it was killed."""
        try:
            kept = json.loads(self.pid_file.read_text(encoding="ascii"))
            leader, started = int(kept["pid"]), float(kept["started"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []
        members = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if os.getsid(process.pid) != leader or process.create_time() < started - 2:
                    continue
                if process.status() != psutil.STATUS_ZOMBIE:
                    members.append(process)
        return members

    def start(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> bool:
        """Start it in a session of its own, and say so, unless it runs. Its output goes to `log`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{self.name}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a command and the watchdog may both find it dead
            if self.running():
                return False
            self._start(command, environment, cwd)
            return True

    def _start(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        _end(self.left_behind())
        with self.log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                cwd=cwd,
                start_new_session=True,
            )
        child.returncode = 0  # it outlives this process, so nobody waits for it
        self.pid_file.write_text(json.dumps({"pid": child.pid, "started": psutil.Process(child.pid).create_time()}))

    def require_running(self) -> None:
        """Raise DealwireError with the end of its log where it died."""
        if not self.running():
            raise DealwireError(f"{self.name} ended; its log {self.log} closes with:\n{self.last_lines(15)}")

    def last_lines(self, count: int) -> str:
        if not self.log.is_file():
            return "(no log)"
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 16_384))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])


def stop(processes: Sequence[Process]) -> list[str]:
    """End the processes and all of their sessions: SIGTERM, then SIGKILL for what is left. The names that ran."""
    ran: list[str] = []
    parents: list[psutil.Process] = []
    for process in processes:
        parent = process.running()
        if parent is not None:
            ran.append(process.name)
            parents.append(parent)
        for asked in [parent] if parent is not None else process.left_behind():
            with contextlib.suppress(psutil.Error):
                asked.terminate()
    psutil.wait_procs(parents, timeout=STOP_SECONDS)
    psutil.wait_procs(_left_behind(processes), timeout=CHILDREN_SECONDS)
    for _ in range(KILL_ROUNDS):  # more than once: a process that is about to be killed may still fork
        left = _left_behind(processes)
        if not left:
            break
        _end(left)
    for process in processes:
        process.pid_file.unlink(missing_ok=True)
    return ran


def _left_behind(processes: Sequence[Process]) -> list[psutil.Process]:
    return [member for process in processes for member in process.left_behind()]


def _end(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=5)
