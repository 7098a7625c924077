"""The main job, end to end: the demo on the real scheduler, PostgreSQL and HTTP, with a webhook as receiver."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
COMMAND = str(Path(sys.executable).with_name("dealwire"))


class Receiver(ThreadingHTTPServer):
    """A webhook receiver on loopback; `received` holds (headers, body) of every POST."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[dict[str, str], dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what came is in `received`."""


@dataclass
class Demo:
    home: Path
    environment: dict[str, str]
    receiver: Receiver
    output: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=500, check=False
        )

    def rows(self, query: str) -> list[Mapping[str, Any]]:
        done = self.run("sql", query)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def stored(self, database: str, query: str) -> list[tuple[Any, ...]]:
        from dealwire.store.database import connect
        from dealwire.store.embedded import Embedded

        connection = connect(Embedded(self.home).url(database))
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(query)
            return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """`make demo` in a folder of its own, and `make down` after it."""
    home = Path(tempfile.mkdtemp(prefix="dealwire-demo-"))
    home.chmod(0o755)
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, daemon=True)
    thread.start()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DEALWIRE_", "AIRFLOW", "DATABASE_URL"))}
    port = receiver.server_address[1]
    environment = {
        **inherited,
        "DEALWIRE_HOME": str(home),
        "DEALWIRE_PORT": "8700",
        "DEALWIRE_ALERT_URLS": f"hook=dealwire+http://:canary-secret-of-the-webhook@127.0.0.1:{port}/deals",
        "DEALWIRE_ALLOW_NET": f"127.0.0.1:{port}",
    }
    running = Demo(home, environment, receiver, "")
    try:
        done = running.run("service", "demo")
        assert done.returncode == 0, done.stdout + done.stderr
        running.output = done.stdout + done.stderr
        yield running
    finally:
        running.run("service", "down")
        receiver.shutdown()
        receiver.server_close()
        shutil.rmtree(home, ignore_errors=True)


def test_the_scheduler_carries_news_to_deals(demo: Demo) -> None:
    assert "OpenAI buys compute from Amazon Web Services" in demo.output
    (deal,) = demo.rows(
        "SELECT amount, currency, amount_qualifier, term_months, source_count, independent_source_count "
        "FROM analytics.deal WHERE headline = 'OpenAI buys compute from Amazon Web Services' AND amount = 38e9"
    )
    assert deal["currency"] == "USD"
    assert deal["term_months"] == 84
    assert deal["source_count"] >= 4
    assert deal["independent_source_count"] < deal["source_count"]  # the wire copy counts once


def test_every_amount_of_a_deal_has_proof(demo: Demo) -> None:
    (counts,) = demo.rows(
        "SELECT count(*) AS deals, count(*) FILTER (WHERE EXISTS (SELECT FROM analytics.deal_evidence e WHERE "
        "e.deal_id = d.deal_id AND e.field = 'amount')) AS proven FROM analytics.deal d WHERE amount IS NOT NULL"
    )
    assert counts["deals"] == counts["proven"] > 10


@pytest.mark.fault("D1")
def test_alerts_reach_the_webhook_once(demo: Demo) -> None:
    assert demo.receiver.received
    keys = [headers["Idempotency-Key"] for headers, _ in demo.receiver.received]
    assert len(keys) == len(set(keys))
    assert all("canary-secret-of-the-webhook" not in json.dumps(body) for _, body in demo.receiver.received)


@pytest.mark.fault("L9")
def test_no_secret_is_in_a_log(demo: Demo) -> None:
    logs = [path for path in demo.home.rglob("*.log") if path.is_file()]
    assert len(logs) > 5
    for path in logs:
        assert "canary-secret-of-the-webhook" not in path.read_text("utf-8", "replace"), path


@pytest.mark.fault("A7")
def test_xcoms_hold_ids_and_counts(demo: Demo) -> None:
    from dealwire.store.database import connect
    from dealwire.store.embedded import Embedded

    connection = connect(Embedded(demo.home).url("airflow"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(length(value::text)), count(*) FROM xcom")
        longest, count = cursor.fetchone() or (None, 0)
    connection.close()
    assert count > 5
    assert longest <= 8 * 1024


@pytest.mark.fault("A3")
def test_a_backfill_reads_stored_articles_again_and_the_past_is_not_fetched(demo: Demo) -> None:
    day = datetime.now(UTC).date().isoformat()
    query = "SELECT count(*) AS versions, count(DISTINCT deal_id) AS deals FROM analytics.deal_version"
    (before,) = demo.rows(query)
    sent = len(demo.receiver.received)
    days = ("--from-date", day, "--to-date", day)
    refused = demo.run("service", "airflow", "backfill", "create", "--dag-id", "ingest_news", *days)
    assert "does not allow backfill runs" in refused.stdout + refused.stderr
    days = (*days, "--reprocess-behavior", "completed")  # that midnight had its own run
    done = demo.run("service", "airflow", "backfill", "create", "--dag-id", "extract_deals", *days)
    assert done.returncode == 0, done.stdout + done.stderr
    until = time.monotonic() + 120
    states = "SELECT state FROM dag_run WHERE dag_id = 'extract_deals' AND run_type = 'backfill'"
    while (state := demo.stored("airflow", states)) != [("success",)]:
        assert time.monotonic() < until, state
        time.sleep(1)
    latest = "SELECT (counts ->> 'articles')::int FROM ops.run WHERE stage = 'extract' ORDER BY run_id DESC LIMIT 1"
    assert demo.stored("dealwire", latest)[0][0] > 20
    assert demo.rows(query) == [before]
    assert len(demo.receiver.received) == sent


@pytest.mark.fault("A1", "A9", "B6")
def test_a_second_demo_after_a_kill_adds_and_sends_nothing(demo: Demo) -> None:
    query = (
        "SELECT (SELECT count(*) FROM analytics.deal) AS deals, (SELECT count(*) FROM analytics.deal_version) AS "
        "versions, (SELECT count(*) FROM analytics.deal_evidence) AS evidence"
    )
    (before,) = demo.rows(query)
    sent = len(demo.receiver.received)
    killed = 0
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if (str(demo.home) in line and "postgres" in line) or process.pid == _pid(demo, "scheduler"):
            process.send_signal(signal.SIGKILL)
            killed += 1
    assert killed >= 2
    done = demo.run("service", "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert demo.rows(query) == [before]
    assert len(demo.receiver.received) == sent


def _wait_until_all_run(demo: Demo) -> None:
    """A process may notice a database's restart late, end of it, and be started again."""
    until = time.monotonic() + 120
    while "stopped" in (shown := demo.run("service", "status").stdout):
        assert time.monotonic() < until, shown
        time.sleep(1)


def _belongs_to(process: psutil.Process, home: Path) -> bool:
    """Whether it is a live process of the demo: by its command, or by the environment it was started in."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
            return False
        return str(home) in " ".join(process.cmdline()) or process.environ().get("DEALWIRE_HOME") == str(home)
    except psutil.Error:
        return False


def _pid(demo: Demo, name: str) -> int:
    pid: int = json.loads((demo.home / f"{name}.pid").read_text())["pid"]
    return pid


@pytest.mark.fault("A9", "B13")
def test_what_was_killed_or_died_with_the_database_is_started_again(demo: Demo) -> None:
    with contextlib.suppress(ProcessLookupError):  # the database's end may have been its own already
        os.kill(_pid(demo, "triggerer"), signal.SIGKILL)
    log = demo.home / "logs" / "watchdog.log"
    until = time.monotonic() + 120
    while "triggerer had died" not in log.read_text():
        assert time.monotonic() < until, log.read_text()
        time.sleep(1)
    _wait_until_all_run(demo)


def test_status_and_down(demo: Demo) -> None:
    _wait_until_all_run(demo)
    assert "PostgreSQL     running" in demo.run("service", "status").stdout
    pids = [_pid(demo, name) for name in ("scheduler", "api-server", "dag-processor", "triggerer", "newsroom")]
    done = demo.run("service", "down")
    assert done.returncode == 0, done.stderr
    assert not [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    assert [process for process in psutil.process_iter() if _belongs_to(process, demo.home)] == []
    again = demo.run("service", "down")
    assert again.returncode == 0
    assert "nothing ran" in again.stderr
