"""What the triggerer runs when a run of ingestion is late: one notice a run, on every channel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from psycopg2.extensions import parse_dsn
from receivers import receiver

from dealwire.store.database import Connection

ROOT = Path(__file__).resolve().parents[2]
CALL = """
import asyncio
import dealwire_dags

deadline = {"id": "1", "deadline_time": "2026-11-25 03:07:00+00:00"}
for _ in range(2):
    context = {"dag_run": {"dag_run_id": "scheduled__2026-11-25"}, "deadline": deadline}
    asyncio.run(dealwire_dags.tell_that_ingestion_is_late(context))
from dealwire.runtime import perform
perform("send_alerts")
"""


def test_a_late_run_is_told_once(connection: Connection, database_url: str, tmp_path: Path) -> None:
    with receiver() as hook:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DEALWIRE_")},
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/none.db",
            "DATABASE_URL": "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parse_dsn(database_url)),
            "DEALWIRE_HOME": str(tmp_path / "home"),
            "DEALWIRE_ALERT_URLS": hook.webhook(),
            "DEALWIRE_ALLOW_NET": hook.address,
            "PYTHONPATH": str(ROOT / "plugins"),
        }
        command = [sys.executable, "-W", "ignore", "-c", CALL]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        (request,) = hook.requests
    assert request.document["notice"] == "ingestion_late"
    assert request.document["details"]["run"] == "scheduled__2026-11-25"
    assert "was not done by 2026-11-25 03:07" in done.stderr + done.stdout
