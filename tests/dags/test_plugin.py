"""The plugin in an API server that has trouble: it starts all the same, and what cannot be shown is not shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, sys

if sys.argv[1] == "broken module":
    sys.modules["dealwire.web.app"] = None
import dealwire_plugin
from fastapi.testclient import TestClient

client = TestClient(dealwire_plugin.LazyPage(), raise_server_exceptions=False)
print(json.dumps([[answer.status_code, answer.text[:300]] for answer in map(client.get, ("/", "/api/deals", "/docs"))]))
"""


def answers(trouble: str, home: Path) -> list[tuple[int, str]]:
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/none.db",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "PYTHONPATH": str(ROOT / "plugins"),
    }
    command = [sys.executable, "-W", "ignore", "-c", ASK, trouble]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[tuple[int, str]] = [tuple(one) for one in json.loads(done.stdout.splitlines()[-1])]
    return found


@pytest.mark.fault("A11")
def test_a_page_that_cannot_be_built_is_closed_and_the_server_goes_on(tmp_path: Path) -> None:
    for status, text in answers("broken module", tmp_path):
        assert status == 503
        assert "could not be built; the log of the API server says why" in text


@pytest.mark.fault("A11", "Q8")
def test_a_dead_database_opens_nothing_to_somebody_without_a_login(tmp_path: Path) -> None:
    for status, text in answers("dead database", tmp_path):
        assert status in (401, 403, 404, 503), text
        assert "deal" not in text.lower()
