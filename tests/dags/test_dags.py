"""The DAG files as Airflow loads them: no errors, no work at import, and the promises of docs/operating.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAGS = ("ingest_news", "extract_deals", "alert_deals", "maintain")


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("airflow")
    return {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/none.db",
        "PYTHONPATH": str(ROOT / "plugins"),
    }


READ = """
import json, socket, sys, time, warnings

def refuse(*arguments, **named):
    raise OSError("a DAG file opened a connection while it was imported")

socket.socket.connect = refuse
socket.create_connection = refuse
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable

begun = time.monotonic()
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    bag = DagBag(DAGS_FOLDER)
found = {
    "warnings": sorted({str(w.message) for w in warned if "/dags/" in w.filename or "/plugins/" in w.filename}),
    "errors": {str(k): str(v) for k, v in bag.import_errors.items()},
    "seconds": time.monotonic() - begun,
    "heavy": sorted(set(sys.modules) & {"trafilatura", "sklearn", "feedparser", "psycopg2", "apprise"}),
    "dags": {},
}
for name, dag in bag.dags.items():
    found["dags"][name] = {
        "catchup": dag.catchup, "max_active_runs": dag.max_active_runs, "doc": bool(dag.doc_md),
        "timetable": type(dag.timetable).__name__,
        "periodic": decode_timetable(encode_timetable(dag.timetable)).periodic,
        "run_types": sorted(getattr(kind, "value", kind) for kind in dag.allowed_run_types or ()),
        "deadlines": [[d.name, d.interval.total_seconds(), d.callback.path] for d in dag.deadline or ()],
        "params": sorted(dag.params),
        "tasks": {
            task.task_id: {
                "owner": task.owner, "retries": task.retries, "backoff": task.retry_exponential_backoff,
                "timeout": task.execution_timeout is not None,
                "doc": bool(task.doc_md), "outlets": [asset.name for asset in task.outlets],
                "mapped": task.is_mapped, "down": sorted(task.downstream_task_ids),
                "rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
            }
            for task in dag.tasks
        },
    }
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded(airflow_home: dict[str, str]) -> dict[str, Any]:
    """What Airflow makes of dags/, in a process that cannot open a connection."""
    import json

    script = READ.replace("DAGS_FOLDER", repr(str(ROOT / "dags")))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=airflow_home, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.fault("A10")
def test_dag_files_load_without_errors_or_work(loaded: dict[str, Any]) -> None:
    assert loaded["errors"] == {}
    assert sorted(loaded["dags"]) == sorted(DAGS)
    assert loaded["heavy"] == []
    assert loaded["warnings"] == []  # no deprecated call


@pytest.mark.fault("A4")
@pytest.mark.parametrize("name", DAGS)
def test_a_start_date_years_ago_makes_no_extra_runs(loaded: dict[str, Any], name: str) -> None:
    dag = loaded["dags"][name]
    assert dag["catchup"] is False
    assert dag["max_active_runs"] == 1


@pytest.mark.parametrize("name", DAGS)
def test_tasks_say_what_they_do_and_end_in_time(loaded: dict[str, Any], name: str) -> None:
    dag = loaded["dags"][name]
    assert dag["doc"]
    for task_id, task in dag["tasks"].items():
        assert task["owner"] == "dealwire", task_id
        assert task["timeout"], task_id
        assert task["doc"], task_id


def test_the_chain_is_made_of_assets(loaded: dict[str, Any]) -> None:
    dags = loaded["dags"]
    assert dags["ingest_news"]["tasks"]["publish_articles"]["outlets"] == ["articles"]
    assert dags["extract_deals"]["tasks"]["publish_deals"]["outlets"] == ["deals"]
    assert dags["extract_deals"]["timetable"] == "AssetOrTimeSchedule"
    assert dags["alert_deals"]["timetable"] == "AssetOrTimeSchedule"


def test_work_is_retried(loaded: dict[str, Any]) -> None:
    dags = loaded["dags"]
    for name, tasks in {
        "ingest_news": ("find_due_feeds", "poll_feeds", "find_unread_entries", "read_entries"),
        "extract_deals": ("find_unextracted_articles", "extract_articles", "resolve_mentions"),
        "alert_deals": ("send_alerts",),
    }.items():
        for task_id in tasks:
            assert dags[name]["tasks"][task_id]["retries"] >= 2, task_id


def test_waits_between_retries_grow(loaded: dict[str, Any]) -> None:
    for dag in loaded["dags"].values():
        for task_id, task in dag["tasks"].items():
            assert task["retries"] == 0 or task["backoff"] == 2.0, task_id


@pytest.mark.fault("A3")
def test_only_reading_stored_articles_again_can_be_backfilled(loaded: dict[str, Any]) -> None:
    dags = loaded["dags"]
    for name in ("ingest_news", "alert_deals", "maintain"):
        assert {"scheduled", "manual"} < set(dags[name]["run_types"])
        assert "backfill" not in dags[name]["run_types"]
    assert dags["extract_deals"]["run_types"] == []  # all
    assert dags["extract_deals"]["periodic"]  # else Airflow refuses
    assert dags["extract_deals"]["params"] == ["since", "until"]


def test_ingestion_that_is_late_is_told(loaded: dict[str, Any]) -> None:
    assert loaded["dags"]["ingest_news"]["deadlines"] == [
        ["today's ingestion is late", 7200.0, "dealwire_dags.tell_that_ingestion_is_late"]
    ]


@pytest.mark.fault("A6")
def test_only_batches_are_mapped(loaded: dict[str, Any]) -> None:
    mapped = {task_id for dag in loaded["dags"].values() for task_id, task in dag["tasks"].items() if task["mapped"]}
    assert mapped == {"poll_feeds", "read_entries", "extract_articles"}


@pytest.mark.fault("A8")
@pytest.mark.parametrize("name", ("ingest_news", "extract_deals"))
def test_a_watcher_turns_a_run_red(loaded: dict[str, Any], name: str) -> None:
    tasks = loaded["dags"][name]["tasks"]
    assert tasks["watch"]["rule"] == "one_failed"
    assert tasks["watch"]["down"] == []
    for task_id, task in tasks.items():
        if task["mapped"] or task_id.startswith("find_"):
            assert "watch" in task["down"], task_id


def test_this_test_can_see_a_connection_at_import(airflow_home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("# an airflow dag\nimport socket\nsocket.create_connection(('127.0.0.1', 9))\n")
    script = READ.replace("DAGS_FOLDER", repr(str(tmp_path)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=airflow_home, capture_output=True, text=True, timeout=120
    )
    assert "opened a connection" in done.stdout
