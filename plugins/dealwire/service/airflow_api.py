"""The few calls that the service makes to its own Airflow API server on loopback."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dealwire.errors import DealwireError

COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


ATTEMPTS = 4
ANSWER_SECONDS = 60.0  # a machine at its limits, where starting a run has been seen to take more than 15


class NoAnswer(DealwireError):
    """The API server does not run, or is too busy to answer in time."""


@dataclass(frozen=True, slots=True)
class AirflowApi:
    """Airflow's REST API at `base_url` for a user of the simple auth manager."""

    base_url: str
    user: str
    password: str

    def health(self) -> Mapping[str, str] | None:
        """The state of each component, or None while no Airflow answers there."""
        try:
            answer = self._call("GET", "/api/v2/monitor/health", token=None)
        except (DealwireError, OSError, ValueError):
            return None
        if "metadatabase" not in answer:
            return None
        return {name: (answer.get(name) or {}).get("status") or "missing" for name in COMPONENTS}

    def wait_healthy(self, seconds: float, check: Callable[[], None]) -> None:
        """Wait until every component reports healthy; `check` raises where a process died meanwhile."""
        until = time.monotonic() + seconds
        seen: Mapping[str, str] | None = None
        while time.monotonic() < until:
            check()
            seen = self.health()
            if seen and all(state == "healthy" for state in seen.values()):
                return
            time.sleep(0.3)
        raise DealwireError(f"Airflow was not healthy after {seconds:.0f} s: {dict(seen) if seen else 'no answer'}")

    def wait_dags(self, names: tuple[str, ...], seconds: float) -> None:
        """Wait until the DAG processor has parsed the named DAGs; an import error ends the wait at once."""
        until = time.monotonic() + seconds
        known: set[str] = set()
        while time.monotonic() < until:
            known = {dag["dag_id"] for dag in self.get("/api/v2/dags?limit=100")["dags"]}
            if known.issuperset(names):
                return
            errors = self.get("/api/v2/importErrors")["import_errors"]
            if errors:
                raise DealwireError(f"{errors[0]['filename']}: {errors[0]['stack_trace'].strip().splitlines()[-1]}")
            time.sleep(0.5)
        raise DealwireError(f"Airflow did not parse {', '.join(sorted(set(names) - known))} within {seconds:.0f} s")

    def trigger(self, dag: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run of a DAG now; its run id."""
        answer = self._call(
            "POST", f"/api/v2/dags/{dag}/dagRuns", {"logical_date": None, "conf": dict(conf or {})}, self._token()
        )
        return str(answer["dag_run_id"])

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """The runs of a DAG, oldest first."""
        found: list[dict[str, Any]] = self.get(f"/api/v2/dags/{dag}/dagRuns?limit=100&order_by=run_after")["dag_runs"]
        return found

    def task_states(self, dag: str, run: str) -> dict[str, str]:
        """`task[map_index]` → state of a run's tasks."""
        tasks = self.get(f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=200")["task_instances"]
        return {f"{task['task_id']}[{task['map_index']}]": task["state"] for task in tasks}

    def get(self, path: str) -> dict[str, Any]:
        """An answer to a question, asked again where a busy server did not give one in time."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._call("GET", path, token=self._token())
            except NoAnswer:
                time.sleep(1.0)
        return self._call("GET", path, token=self._token())

    def _token(self) -> str:
        answer = self._call("POST", "/auth/token", {"username": self.user, "password": self.password}, None)
        return str(answer["access_token"])

    def _call(self, method: str, path: str, body: Any = None, token: str | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data, headers, method=method)  # noqa: S310 — base_url is our own http://127.0.0.1
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=ANSWER_SECONDS) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as problem:
            detail = problem.read().decode("utf-8", "replace")[:300]
            raise DealwireError(f"Airflow answered {problem.code} to {method} {path}: {detail}") from None
        except OSError as problem:
            raise NoAnswer(f"Airflow gave no answer to {method} {path}: {problem}") from None
