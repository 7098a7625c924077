"""What stages tell a StatsD server, over a real UDP socket, set up by Airflow's own settings as in a task."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from psycopg2.extensions import parse_dsn

ROOT = Path(__file__).resolve().parents[2]
# what Airflow's task runner does before it runs a task, then three tasks
TASKS = """
from airflow.sdk.configuration import conf
from airflow.sdk.execution_time import task_runner
task_runner.stats.initialize(
    factory=task_runner.stats_utils.get_stats_factory(),
    export_legacy_names=conf.getboolean("metrics", "legacy_names_on"),
)
from dealwire.runtime import perform
perform("check_data")
assert perform("articles_wait") is False
try:
    perform("find_due_feeds", "http://example.org/nothing")
except Exception as error:
    print(type(error).__name__)
"""


def test_stages_tell_statsd_their_counts_times_and_failures(module_database_url: str, tmp_path: Path) -> None:
    parts = parse_dsn(module_database_url)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        environment = {
            "PATH": os.environ["PATH"],
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(listener.getsockname()[1]),
            "DATABASE_URL": "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts),
            "DEALWIRE_HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(ROOT / "plugins"),
        }
        command = [sys.executable, "-c", TASKS]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "NotFoundError" in done.stdout
        listener.settimeout(1)
        told = []
        while True:
            try:
                told.append(listener.recv(4096).decode())
            except TimeoutError:
                break
    lines = [line for message in told for line in message.splitlines()]
    ours = {line.partition(":")[0]: line.partition(":")[2] for line in lines if line.startswith("airflow.dealwire.")}
    assert set(ours) == {
        "airflow.dealwire.check_data.duration", "airflow.dealwire.check_data.checks",
        "airflow.dealwire.articles_wait.duration", "airflow.dealwire.find_due_feeds.failures",
    }  # fmt: skip
    assert int(ours["airflow.dealwire.check_data.checks"].removesuffix("|c")) > 10
    assert ours["airflow.dealwire.check_data.duration"].endswith("|ms")
    assert ours["airflow.dealwire.find_due_feeds.failures"] == "1|c"
