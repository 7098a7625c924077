"""Start and stop Airflow's four processes on this machine, over the embedded or the given PostgreSQL."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dealwire.errors import DealwireError
from dealwire.service.airflow_api import AirflowApi
from dealwire.service.environment import ADMIN, Secrets, airflow_environment, load_secrets
from dealwire.service.processes import Process, stop
from dealwire.settings import Settings

# what runs, with the arguments of the airflow command. Task logs are read from the disk by the API server, so
# nobody needs the log servers, which would listen on all interfaces.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
WATCHDOG = "watchdog"
HEALTHY_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Airflow:
    """The Airflow of one installation; its state lives in `settings.home`."""

    settings: Settings
    keys: Secrets
    port: int
    metadata_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> AirflowApi:
        return AirflowApi(self.url, ADMIN, self.keys.admin_password)

    def start(self, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        """Bring the metadata database up to date, start what is not running, and wait until all is healthy."""
        variables = airflow_environment(self.settings, environment, self.keys, self.metadata_url, self.port)
        say("Airflow: bringing its metadata database up to date")
        self._migrate(variables)
        say("Airflow: starting scheduler, DAG processor, API server and triggerer")
        started = {name for name in COMMANDS if self._start(name, variables)}
        self.start_watchdog(environment)
        self.api.wait_healthy(HEALTHY_SECONDS, lambda: self._check(variables, started))

    def _start(self, name: str, variables: Mapping[str, str]) -> bool:
        command = [str(_airflow_command()), *COMMANDS[name]]
        return self.process(name).start(command, variables, self.settings.project_root)

    def _migrate(self, variables: Mapping[str, str]) -> None:
        if all(self.process(name).running() for name in COMMANDS):
            return
        command = [str(_airflow_command()), "db", "migrate"]
        done = subprocess.run(command, env=dict(variables), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DealwireError(f"`airflow db migrate` failed:\n{(done.stdout + done.stderr)[-2000:]}")

    def _check(self, variables: Mapping[str, str], started: set[str]) -> None:
        """Raise where one that was started here died. One that ran before may still end with a database that died."""
        for name in COMMANDS:
            if name in started:
                self.process(name).require_running()
            elif self._start(name, variables):
                started.add(name)

    def process(self, name: str) -> Process:
        return Process(name, self.settings.home)

    def start_watchdog(self, environment: Mapping[str, str]) -> None:
        """Start what restarts the others and ends analysts' runaway queries, unless it runs."""
        variables = {**environment, "DEALWIRE_HOME": str(self.settings.home)}
        command = [str(_airflow_command().with_name("dealwire")), "service", "watch"]
        self.process(WATCHDOG).start(command, variables, self.settings.project_root)

    def restart_missing(self, environment: Mapping[str, str]) -> list[str]:
        """Start again what has died; the names."""
        variables = airflow_environment(self.settings, environment, self.keys, self.metadata_url, self.port)
        return [name for name in COMMANDS if self._start(name, variables)]

    def command(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run Airflow's own command in the environment of the installation; its exit status."""
        variables = airflow_environment(self.settings, environment, self.keys, self.metadata_url, self.port)
        return subprocess.run([str(_airflow_command()), *arguments], env=variables, check=False).returncode

    def stop(self) -> list[str]:
        """End all four with their task processes; the names of those that ran."""
        watchdog = stop([self.process(WATCHDOG)])  # first, or it would start again what we stop
        return watchdog + stop([self.process(name) for name in reversed(list(COMMANDS))])

    def running(self) -> dict[str, int | None]:
        """The pid of each process, None where it does not run."""
        found = {name: self.process(name).running() for name in (*COMMANDS, WATCHDOG)}
        return {name: process.pid if process else None for name, process in found.items()}


def open_airflow(settings: Settings, metadata_url: str) -> Airflow:
    """The installation's Airflow. Its port is the one chosen before, else the setting's, else the next free one."""
    running = Process("api-server", settings.home).running() is not None
    return Airflow(settings, load_secrets(settings.home), choose_port(settings, running), metadata_url)


def choose_port(settings: Settings, running: bool) -> int:
    """Keep the port that was chosen before while it is ours or free; else take the next free one and keep it."""
    kept = settings.home / "port.json"
    wanted = settings.port
    if kept.is_file():
        wanted = int(json.loads(kept.read_text())["port"])
        if running:
            return wanted
    port = next((port for port in range(wanted, wanted + 50) if _is_free(port)), None)
    if port is None:
        raise DealwireError(f"no free port from {wanted} to {wanted + 49}: set DEALWIRE_PORT to one that is")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"port": port}))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _airflow_command() -> Path:
    return Path(sys.executable).with_name("airflow")
