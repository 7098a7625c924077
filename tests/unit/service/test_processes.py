"""Processes that outlive the command that started them."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from dealwire.errors import DealwireError
from dealwire.service.airflow import choose_port
from dealwire.service.environment import airflow_environment, load_secrets
from dealwire.service.processes import Process, stop
from dealwire.settings import load_settings

FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""


def _session(pid: int) -> int:
    try:
        return os.getsid(pid) if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else 0
    except (ProcessLookupError, psutil.Error):
        return 0


def start(process: Process, script: str, folder: Path) -> None:
    process.start([sys.executable, "-c", script], os.environ, folder)


@pytest.mark.fault("A12")
def test_stopping_ends_the_whole_family(tmp_path: Path) -> None:
    process = Process("family", tmp_path)
    start(process, FAMILY, tmp_path)
    parent = process.running()
    assert parent is not None
    until = time.monotonic() + 10
    while not parent.children() and time.monotonic() < until:
        time.sleep(0.05)
    family = [parent.pid, *(child.pid for child in parent.children(recursive=True))]
    assert len(family) == 2
    assert stop([process]) == ["family"]
    alive = [pid for pid in family if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]
    assert alive == []
    assert not process.pid_file.exists()
    assert stop([process]) == []


WALKER = """
import subprocess, sys, time
time.sleep(0.2)
subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[1]])
"""


@pytest.mark.fault("A12")
def test_what_is_forked_while_the_family_is_being_ended_is_ended_too(tmp_path: Path) -> None:
    process = Process("walking", tmp_path)
    begin = f"subprocess.Popen([sys.executable, '-c', {WALKER!r}, {WALKER!r}])"
    start(process, f"import subprocess, sys, time; {begin}; time.sleep(60)", tmp_path)
    time.sleep(0.5)  # a few steps
    leader = json.loads(process.pid_file.read_text())["pid"]
    assert len(process.left_behind()) >= 2
    stop([process])
    time.sleep(0.5)
    assert [found.pid for found in psutil.process_iter() if _session(found.pid) == leader] == []


def test_who_starts_at_the_same_moment_starts_one(tmp_path: Path) -> None:
    process = Process("alone", tmp_path)
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda _: start(process, "import time; time.sleep(60)", tmp_path), range(8)))
    parent = process.running()
    assert parent is not None
    mine = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    assert [one.pid for one in mine if "time.sleep(60)" in " ".join(one.cmdline())] == [parent.pid]
    assert stop([process]) == ["alone"]


@pytest.mark.fault("A9")
@pytest.mark.parametrize("then", ["stop", "start"])
def test_children_of_a_killed_process_are_ended(tmp_path: Path, then: str) -> None:
    process = Process("killed", tmp_path)
    start(process, FAMILY, tmp_path)
    parent = process.running()
    assert parent is not None
    until = time.monotonic() + 10
    while not parent.children() and time.monotonic() < until:
        time.sleep(0.05)
    (child,) = parent.children()
    parent.kill()
    psutil.wait_procs([parent], timeout=5)
    assert process.running() is None
    assert child.is_running()
    if then == "start":
        start(process, "import time; time.sleep(60)", tmp_path)
    stop([process])
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_starting_twice_starts_once(tmp_path: Path) -> None:
    process = Process("once", tmp_path)
    start(process, "import time; time.sleep(60)", tmp_path)
    first = process.pid_file.read_text()
    start(process, "import time; time.sleep(60)", tmp_path)
    assert process.pid_file.read_text() == first
    stop([process])


def test_a_pid_that_somebody_else_has_now_is_not_ours(tmp_path: Path) -> None:
    process = Process("stranger", tmp_path)
    process.pid_file.write_text(json.dumps({"pid": os.getpid(), "started": 1.0}))
    assert process.running() is None
    assert stop([process]) == []


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"pid": 4194304999, "started": 1}'])
def test_a_broken_pid_file_is_no_process(tmp_path: Path, text: str) -> None:
    process = Process("broken", tmp_path)
    process.pid_file.write_text(text)
    assert process.running() is None


def test_a_process_that_died_shows_its_last_words(tmp_path: Path) -> None:
    process = Process("dead", tmp_path)
    start(process, "import sys; sys.exit('no such port')", tmp_path)
    until = time.monotonic() + 20
    while process.running() and time.monotonic() < until:
        time.sleep(0.05)
    with pytest.raises(DealwireError, match="no such port"):
        process.require_running()


def test_a_taken_port_is_passed_over_and_the_choice_is_kept(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = load_settings({"DEALWIRE_HOME": str(tmp_path), "DEALWIRE_PORT": str(port)}, tmp_path)
        chosen = choose_port(settings, running=False)
        assert port < chosen <= port + 50
    assert choose_port(settings, running=False) == chosen
    assert choose_port(settings, running=True) == chosen


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    first, second = load_secrets(tmp_path), load_secrets(tmp_path)
    assert first == second
    assert len({first.jwt, first.api, first.fernet, first.admin_password, first.viewer_password}) == 5
    for name in ("airflow-keys.json", "airflow-passwords.json"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_users_airflow_settings_win_but_for_what_names_our_processes(tmp_path: Path) -> None:
    settings = load_settings({"DEALWIRE_HOME": str(tmp_path)}, tmp_path)
    inherited = {"AIRFLOW__CORE__PARALLELISM": "32", "AIRFLOW_HOME": "/elsewhere", "PATH": "/bin"}
    made = airflow_environment(settings, inherited, load_secrets(tmp_path), "postgresql://u:p@h:1/airflow", 8480)
    assert made["AIRFLOW__CORE__PARALLELISM"] == "32"
    assert made["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "postgresql+psycopg2://u:p@h:1/airflow"
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert made["PATH"] == "/bin"
