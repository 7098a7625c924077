#!/usr/bin/env python3
"""The topology of a server as processes: CeleryExecutor, Redis, PostgreSQL, two workers under two users, one killed.

    bench/celery_workers.py [--feeds 60] [--articles 10] [--users daemon nobody] [--kill read_entries]

Reads a made-up press (bench/press.py) twice: by plain `dealwire run`, and through Airflow with the scheduler, DAG
processor, API server and triggerer of one user and a worker of each of two others. While the first worker is at the
named task, its whole process tree gets SIGKILL and stays dead. What must hold: every run ends well, and the canonical
dump equals that of the plain run in all that does not tell in which order workers happened to bring the news.

Needs root (for the users), Redis (Debian: apt-get install redis-server), and a Python that those users can run, with
requirements-celery.lock installed: VENV=/opt/dealwire-venv LOCK=requirements-celery.lock bin/setup
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins")]

import psutil  # noqa: E402

from dealwire.service.airflow import COMMANDS  # noqa: E402
from dealwire.service.airflow_api import AirflowApi  # noqa: E402
from dealwire.service.demo import DAGS  # noqa: E402
from dealwire.service.environment import ADMIN, airflow_environment, load_secrets  # noqa: E402
from dealwire.settings import load_settings  # noqa: E402
from dealwire.store.database import connect  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.operation import canonical_dump  # noqa: E402

RUN = "import sys; from dealwire.cli.main import main; sys.exit(main())"
CHAIN_SECONDS = 900.0
AT_WORK_SECONDS = 1.0  # that a task must have been at work before its worker is killed
BEGUN = time.monotonic()


def main() -> int:
    options = _options()
    problem = missing(options.users)
    if problem:
        print(problem, file=sys.stderr)
        return 2
    home = Path(tempfile.mkdtemp(prefix="dealwire-celery-"))
    home.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []
    servers = [Embedded(home / name) for name in ("plain", "celery")]
    try:
        for server in servers:
            server.start()
        return compare(options, home, servers, started)
    finally:
        for process in reversed(started):
            end(process)
        for server in servers:
            server.stop()
        if not options.keep:
            shutil.rmtree(home, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--users", nargs=2, default=["daemon", "nobody"], help="system users that run the workers")
    parser.add_argument("--kill", default="read_entries", help="the task during which the first worker is killed")
    parser.add_argument("--keep", action="store_true", help="leave the folder with all logs")
    return parser.parse_args()


def missing(users: Sequence[str]) -> str | None:
    """What this machine lacks for the run, as a sentence."""
    if os.geteuid() != 0:
        return "two workers under two users need root"
    if not shutil.which("redis-server"):
        return "there is no redis-server here; on Debian: apt-get install redis-server"
    for user in users:
        check = [sys.executable, "-c", "import celery, redis"]
        entry = pwd.getpwnam(user)
        try:
            as_user: dict[str, Any] = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            done = subprocess.run(check, env={"HOME": "/tmp"}, cwd="/", capture_output=True, check=False, **as_user)
        except PermissionError:
            return f"the user {user} cannot run {sys.executable}: make a venv of a Python outside private folders"
        if done.returncode != 0:
            return f"{sys.executable} lacks CeleryExecutor: LOCK=requirements-celery.lock bin/setup installs it"
    return None


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGUN:6.1f} s  {text}", flush=True)


def compare(
    options: argparse.Namespace, home: Path, servers: Sequence[Embedded], started: list[subprocess.Popen[bytes]]
) -> int:
    port = start_press(options, home, started)
    base = {
        name: value for name, value in os.environ.items() if not name.startswith(("DEALWIRE_", "AIRFLOW", "DATABASE"))
    }
    base |= {
        "PYTHONPATH": str(ROOT / "plugins"), "DEALWIRE_FEEDS": str(home / "press.opml"),
        "DEALWIRE_ALLOW_NET": f"127.0.0.1:{port}", "DEALWIRE_HOST_SPACING_SECONDS": "0",
        "DEALWIRE_HOST_PARALLEL": "16", "DEALWIRE_SCHEDULE": "0 0 29 2 *",
    }  # fmt: skip
    plain, celery = servers
    say(f"plain `dealwire run` over {options.feeds} feeds of {options.articles} articles")
    environment = base | {"DATABASE_URL": plain.url("dealwire"), "DEALWIRE_HOME": str(plain.home)}
    for command in (["db", "migrate"], ["run"]):
        subprocess.run([sys.executable, "-c", RUN, *command], env=environment, check=True, capture_output=True)
    expected = dump_of(plain)
    say(f"{len(expected)} rows in its canonical dump")

    environment = base | {"DATABASE_URL": celery.url("dealwire"), "DEALWIRE_HOME": str(celery.home)}
    subprocess.run([sys.executable, "-c", RUN, "db", "migrate"], env=environment, check=True, capture_output=True)
    api, workers = start_airflow(options, home, celery, environment, started)
    run = api.trigger("ingest_news")
    say(f"run {run} of ingest_news triggered")
    kill_in_mid_run(options, home, api, run, workers[0])
    wait_until_done(api)
    show(api)
    return verdict(expected, dump_of(celery), api)


def start_press(options: argparse.Namespace, home: Path, started: list[subprocess.Popen[bytes]]) -> int:
    port_file = home / "press.port"
    command = [
        sys.executable,
        str(ROOT / "bench/press.py"),
        "--feeds",
        str(options.feeds),
        "--articles",
        str(options.articles),
    ]
    command += ["--port-file", str(port_file), "--opml-file", str(home / "press.opml")]
    started.append(subprocess.Popen(command))
    wait_for(port_file.is_file, 30, "the press")
    return int(port_file.read_text())


def dump_of(server: Embedded) -> list[str]:
    connection = connect(server.url("dealwire"))
    try:
        return canonical_dump(connection)
    finally:
        connection.close()


def start_airflow(
    options: argparse.Namespace,
    home: Path,
    server: Embedded,
    base: Mapping[str, str],
    started: list[subprocess.Popen[bytes]],
) -> tuple[AirflowApi, list[subprocess.Popen[bytes]]]:
    redis_port, word, port = free_port(), secrets.token_urlsafe(24), free_port()
    config = home / "redis.conf"
    config.write_text(f'bind 127.0.0.1\nport {redis_port}\nrequirepass {word}\nsave ""\ndir {home}\n')
    started.append(subprocess.Popen(["redis-server", str(config)], stdout=subprocess.DEVNULL))
    metadata = server.url("airflow")
    inherited = dict(base) | {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:{word}@127.0.0.1:{redis_port}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": metadata.replace("postgresql://", "db+postgresql+psycopg2://", 1),
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "5400",
        # How soon a dead worker's tasks are given to others; Airflow's defaults are 300 s and 600 s.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    }
    keys = load_secrets(server.home)
    settings = replace(load_settings(base, ROOT), home=server.home)
    environment = airflow_environment(settings, inherited, keys, metadata, port)
    airflow = str(Path(sys.executable).with_name("airflow"))
    subprocess.run([airflow, "db", "migrate"], env=environment, check=True, capture_output=True)
    for name, arguments in COMMANDS.items():
        started.append(start([airflow, *arguments], environment, home / f"{name}.log"))
    workers = [start_worker(airflow, home, number, user, environment) for number, user in enumerate(options.users, 1)]
    started += workers
    api = AirflowApi(f"http://127.0.0.1:{port}", ADMIN, keys.admin_password)
    api.wait_healthy(180, lambda: None)
    api.wait_dags(DAGS, 120)
    for number, worker in enumerate(workers, 1):
        log = home / f"worker-{number}.log"
        wait_for(lambda log=log, worker=worker: _is_ready(worker, log), 90, f"worker {number}")
        say(f"worker {number} is ready: pid {worker.pid}, user {psutil.Process(worker.pid).username()}")
    return api, workers


def _is_ready(worker: subprocess.Popen[bytes], log: Path) -> bool:
    text = log.read_text(errors="replace")
    if worker.poll() is not None:
        raise SystemExit(f"a worker ended at once: {text[-1500:]}")
    return " ready." in text


def start_worker(
    airflow: str, home: Path, number: int, user: str, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """A worker with a folder of its own, which is all that its user may write to."""
    entry, folder = pwd.getpwnam(user), home / f"worker-{number}"
    folder.mkdir(mode=0o700)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    own = dict(environment) | {
        "AIRFLOW_HOME": str(folder / "airflow"), "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "HOME": str(folder), "USER": user, "DEALWIRE_HOME": str(folder / "dealwire"),
    }  # fmt: skip
    command = [airflow, "celery", "worker", "--skip-serve-logs", "--celery-hostname", f"worker{number}@%h"]
    return start(command, own, home / f"worker-{number}.log", entry.pw_uid, entry.pw_gid)


def start(
    command: Sequence[str], environment: Mapping[str, str], log: Path, uid: int | None = None, gid: int | None = None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command, env=dict(environment), stdout=output, stderr=output, cwd="/", start_new_session=True,
            user=uid, group=gid, extra_groups=None if uid is None else [],
        )  # fmt: skip


def kill_in_mid_run(
    options: argparse.Namespace, home: Path, api: AirflowApi, run: str, worker: subprocess.Popen[bytes]
) -> None:
    """SIGKILL for the worker and all of its children while a task of the named kind is at work on it."""
    dag = "ingest_news" if options.kill in ("poll_feeds", "read_entries") else "extract_deals"

    def at_work() -> list[str]:
        now = time.time()
        logs = (home / "worker-1" / "logs").glob(f"dag_id={dag}/*/task_id={options.kill}/**/*.log")
        ours = [log for log in logs if now - log.stat().st_ctime >= 0 and now - born(log) > AT_WORK_SECONDS]
        places = {_place(log) for log in ours}
        states = [api.task_states(dag, found["dag_run_id"]) for found in api.runs(dag)]
        return sorted(place for place in places for tasks in states if tasks.get(place) == "running")

    tasks = wait_for(at_work, 300, f"a task {options.kill} on worker 1")
    victims = [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]
    for victim in victims:
        with contextlib.suppress(psutil.Error):
            victim.kill()
    worker.wait()
    say(f"SIGKILL for worker 1 and its {len(victims) - 1} children in the middle of {', '.join(tasks)}")


def born(log: Path) -> float:
    """When the file was made, near enough: the log's folder gets a new entry then."""
    return log.parent.stat().st_mtime


def _place(log: Path) -> str:
    parts = dict(part.split("=", 1) for part in log.parts if "=" in part)
    return f"{parts['task_id']}[{parts.get('map_index', '-1')}]"


def wait_until_done(api: AirflowApi) -> None:
    """Until the three DAGs of the chain have run and nothing runs or waits any more."""
    quiet_since: list[float] = []

    def done() -> bool:
        states = {dag: [run["state"] for run in api.runs(dag)] for dag in DAGS[:3]}
        busy = any(state in ("running", "queued") for found in states.values() for state in found)
        if busy or not (states["ingest_news"] and states["extract_deals"] and states["alert_deals"]):
            quiet_since.clear()
            return False
        quiet_since.append(time.monotonic())
        return quiet_since[-1] - quiet_since[0] > 8

    wait_for(done, CHAIN_SECONDS, "the chain of DAGs")


def show(api: AirflowApi) -> None:
    for dag in DAGS[:3]:
        for run in api.runs(dag):
            found = api.get(f"/api/v2/dags/{dag}/dagRuns/{run['dag_run_id']}/taskInstances?limit=200")["task_instances"]
            states = Counter(f"{task['task_id']} {task['state']}" for task in found)
            say(f"{dag} {run['state']}: {', '.join(f'{count} {what}' for what, count in sorted(states.items()))}")
            for task in found:
                if task["try_number"] > 1:
                    name, tries = f"{task['task_id']}[{task['map_index']}]", task["try_number"]
                    say(f"  {name} was tried {tries} times, and ended {task['state']}")


def settled(lines: Sequence[str]) -> list[str]:
    """The dump without what depends on which of several reports came first: who began a deal, and its versions."""
    found = []
    for line in lines:
        name, text = line.split("\t", 1)
        row = json.loads(text)
        if name == "dump_mentions":
            row[16] = "match" if row[16] == "new" else row[16]
        elif name == "dump_deals":
            row = [*row[:9], row[11], row[12], [report[:4] for report in row[13] or []]]
        elif name == "dump_alerts":
            if row[3] != "new":  # tells of a change from what was known before
                continue
            row = [row[0], *row[2:]]
        found.append(f"{name}\t{json.dumps(row, sort_keys=True)}")
    return found


def verdict(plain: Sequence[str], celery: Sequence[str], api: AirflowApi) -> int:
    expected, found = settled(plain), settled(celery)
    lost, extra = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    for what, lines in (("lost", lost), ("extra", extra)):
        for line in list(lines)[:5]:
            print(f"{what}: {line[:300]}")
    bad = [run["dag_run_id"] for dag in DAGS[:3] for run in api.runs(dag) if run["state"] != "success"]
    equal = not lost and not extra
    say(f"canonical dump of {len(found)} rows {'equals' if equal else 'DIFFERS FROM'} that of the plain run; "
        f"{len(bad)} runs did not succeed")  # fmt: skip
    return int(not equal or bool(bad))


def wait_for(check: Any, seconds: float, what: str) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            found = check()
            if found:
                return found
        time.sleep(0.2)
    raise SystemExit(f"{what} was not seen within {seconds:.0f} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, then SIGKILL for the process and what it started."""
    family: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        family = list(_family(process.pid))
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    for member in family:
        with contextlib.suppress(psutil.Error):
            member.kill()
    process.wait(10)


def _family(pid: int) -> Iterator[psutil.Process]:
    parent = psutil.Process(pid)
    yield from parent.children(recursive=True)
    yield parent


if __name__ == "__main__":
    raise SystemExit(main())
