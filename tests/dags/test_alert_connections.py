"""Channels whose addresses Airflow keeps: the DAG's own task, run with the real Airflow and its connections."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alert_database import put_deal, queue_alerts
from alert_samples import NOW, change, deal
from psycopg2.extensions import parse_dsn
from receivers import Receiver, receiver

from dealwire.alerts.channels import channel_names, open_channels
from dealwire.errors import SettingsError
from dealwire.settings import load_settings
from dealwire.store.alerts import health
from dealwire.store.database import Connection

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-canary-of-sixteen"
RUN = """
import json
from airflow.dag_processing.dagbag import DagBag

task = DagBag(DAGS_FOLDER).dags["alert_deals"].get_task("send_alerts")
print("returned", json.dumps(task.python_callable()))
"""


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def run_task(
    database_url: str, home: Path, hook: Receiver, urls: str, connections: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """The task's own function in a process of Airflow's, with its logs at DEBUG."""
    parts = parse_dsn(database_url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEALWIRE_", "AIRFLOW"))}
    environment |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/none.db",
        "PYTHONPATH": str(ROOT / "plugins"),
        "DATABASE_URL": "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts),
        "DEALWIRE_HOME": str(home),
        "DEALWIRE_ALERT_URLS": urls,
        "DEALWIRE_ALLOW_NET": hook.address,
        **connections,
    }
    script = RUN.replace("DAGS_FOLDER", repr(str(ROOT / "dags")))
    command = [sys.executable, "-W", "ignore", "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def returned(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("returned ")]
    found: dict[str, Any] = json.loads(line.removeprefix("returned "))
    return found


def states(connection: Connection) -> dict[str, str]:
    return {row.channel: row.state for row in health(connection)}


@pytest.mark.fault("L9")
def test_the_dag_sends_to_the_address_that_a_connection_holds(
    connection: Connection, database_url: str, tmp_path: Path, hook: Receiver
) -> None:
    urls = "airflow://desk_hook missing=airflow://not_there wrong=airflow://broken"
    put_deal(connection, 1)
    now = datetime.now(UTC)
    fresh = change(deal(first_reported_at=now, last_reported_at=now))
    assert queue_alerts(connection, fresh, now, urls.split()) == 1
    done = run_task(
        database_url,
        tmp_path,
        hook,
        urls,
        {
            "AIRFLOW_CONN_DESK_HOOK": json.dumps({"conn_type": "generic", "password": hook.webhook(SECRET)}),
            "AIRFLOW_CONN_BROKEN": json.dumps({"conn_type": "generic", "password": f"nonsense://{SECRET}"}),
        },
    )
    counts = returned(done)
    assert (counts["messages"], counts["failed"]) == (1, 2)
    (request,) = hook.requests
    assert request.document["event"] == "new"
    assert request.headers["Dealwire-Signature"]
    assert states(connection) == {"desk-hook": "ok", "missing": "failing", "wrong": "failing"}
    stored = json.dumps([row._asdict() for row in health(connection)], default=str)
    assert "not_there" in stored
    for text in (done.stdout, done.stderr, stored):
        assert SECRET not in text


def test_outside_airflow_such_channels_wait_for_the_dag(connection: Connection, tmp_path: Path, hook: Receiver) -> None:
    from dealwire.context import Runtime
    from dealwire.stages.alerting import send_alerts

    urls = f"airflow://desk_hook plain={hook.webhook(SECRET)}"
    put_deal(connection, 1)
    queue_alerts(connection, change(), NOW, urls.split())
    given = {"DEALWIRE_HOME": str(tmp_path), "DEALWIRE_ALERT_URLS": urls, "DEALWIRE_ALLOW_NET": hook.address}
    settings = load_settings(given, tmp_path)
    sent = send_alerts(Runtime(settings, connection, lambda: NOW + timedelta(minutes=1)))
    assert (sent["messages"], sent["failed"]) == (1, 0)
    rows = {row.channel: row for row in health(connection)}
    assert (rows["desk-hook"].state, rows["desk-hook"].undelivered) == ("ok", 1)


def test_names_come_from_the_connection_and_wrong_ids_stop_the_start() -> None:
    assert channel_names(["airflow://Desk_Hook", "mail=airflow://smtp.1", "slack://a/b/c"]) == [
        "desk-hook",
        "mail",
        "slack-1",
    ]
    with pytest.raises(SettingsError, match="connection's id"):
        open_channels(["airflow://user:canary@host/"], now=lambda: NOW)


def test_the_settings_name_the_connections(tmp_path: Path) -> None:
    urls = f"airflow://one desk=airflow://two dealwire+https://:{SECRET}@x.example/airflow://three"
    settings = load_settings({"DEALWIRE_ALERT_URLS": urls}, tmp_path)
    assert settings.alert_connections == ("one", "two")
    assert SECRET not in repr(settings)
