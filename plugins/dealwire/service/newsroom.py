"""The made-up newsroom that the demo reads: started on loopback, with the same news after every restart."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dealwire.errors import DealwireError
from dealwire.service.processes import Process

START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Where it runs and what it serves. `home` keeps its first day and port, so that a second demo reads old news."""

    project_root: Path
    home: Path

    @property
    def process(self) -> Process:
        return Process("newsroom", self.home)

    @property
    def opml(self) -> Path:
        return self.home / "newsroom.opml"

    @property
    def alert_rules(self) -> Path:
        return self.project_root / "tests" / "newsroom" / "alert_rules.toml"

    @property
    def port_file(self) -> Path:
        return self.home / "newsroom.port"

    def start(self, environment: Mapping[str, str], today: date) -> int:
        """Start it unless it runs; its port."""
        if self.process.running() and self.port_file.is_file():
            return self._port()
        first_day, port = self._kept(today)
        self.port_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "newsroom.server", "--start", first_day, "--port", str(port)]
        command += ["--port-file", str(self.port_file), "--opml-file", str(self.opml)]
        variables = {**environment, "PYTHONPATH": str(self.project_root / "tests")}
        self.process.start(command, variables, self.project_root)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            self.process.require_running()
            if self.port_file.is_file():
                self._keep(first_day, self._port())
                return self._port()
            time.sleep(0.05)
        raise DealwireError(f"the newsroom did not open its port within {START_SECONDS:.0f} s: see {self.process.log}")

    def _port(self) -> int:
        return int(self.port_file.read_text())

    def _kept(self, today: date) -> tuple[str, int]:
        try:
            kept = json.loads((self.home / "newsroom.json").read_text())
            return str(kept["first_day"]), int(kept["port"])
        except FileNotFoundError:
            return today.isoformat(), 0

    def _keep(self, first_day: str, port: int) -> None:
        (self.home / "newsroom.json").write_text(json.dumps({"first_day": first_day, "port": port}))
