#!/usr/bin/env python3
"""The whole pipeline at size: a made-up press through plain `dealwire run` and through the real Airflow.

    bench/pipeline.py [--feeds 500] [--articles 30] [--rounds 10] [--only plain|airflow] [--stacks FILE]

Prints articles per second, where the time goes (by stage, and by function from samples of the stack), Airflow's time as
a multiple of the plain run's, and the memory of Airflow's processes after each of ten rounds, in which every feed has
one more article. Airflow's start is not counted. --stacks writes the samples in the folded form of flame graphs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins")]

import psutil  # noqa: E402

from dealwire import pipeline  # noqa: E402
from dealwire.context import Runtime  # noqa: E402
from dealwire.service.airflow import COMMANDS, Airflow, open_airflow  # noqa: E402
from dealwire.service.demo import DAGS  # noqa: E402
from dealwire.settings import load_settings  # noqa: E402
from dealwire.store.database import connect  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.migrate import migrate  # noqa: E402

STAGES = ("poll", "read", "extract", "resolve")
SAMPLE_SECONDS = 0.01
CHAIN_SECONDS = 1800.0


def main() -> None:
    options = _options()
    home = Path(tempfile.mkdtemp(prefix="dealwire-pipeline-"))
    home.chmod(0o755)
    try:
        plain = airflow = None
        if options.only != "airflow":
            with press(options, home) as server:
                plain = run_plain(options, home / "plain", server)
        if options.only != "plain":
            with press(options, home) as server:
                airflow = run_airflow(options, home / "airflow", server)
        if plain and airflow:
            print(f"Airflow takes {airflow / plain:.2f} times as long as the plain run")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--articles", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=10, help="of one more article a feed, for memory")
    parser.add_argument("--only", choices=("plain", "airflow"))
    parser.add_argument("--stacks", type=Path, help="where to write the plain run's samples, for a flame graph")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class Press:
    port: int
    opml: Path

    def publish(self, articles: int) -> None:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/publish?articles={articles}", method="POST")
        urllib.request.urlopen(request, timeout=10).close()


@contextlib.contextmanager
def press(options: argparse.Namespace, home: Path) -> Iterator[Press]:
    """The made-up press, anew: it begins with the options' number of articles."""
    port_file, opml = home / "press.port", home / "press.opml"
    port_file.unlink(missing_ok=True)
    command = [sys.executable, str(ROOT / "bench/press.py")]
    command += ["--feeds", str(options.feeds), "--articles", str(options.articles)]
    server = subprocess.Popen([*command, "--port-file", str(port_file), "--opml-file", str(opml)])
    try:
        while not port_file.is_file():
            if server.poll() is not None:
                raise SystemExit("the press did not start")
            time.sleep(0.05)
        yield Press(int(port_file.read_text()), opml)
    finally:
        server.terminate()
        server.wait(10)


def environment_of(home: Path, server: Press) -> dict[str, str]:
    ours = ("DEALWIRE_", "AIRFLOW", "DATABASE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "DEALWIRE_HOME": str(home),
        "DEALWIRE_FEEDS": str(server.opml),
        "DEALWIRE_ALLOW_NET": f"127.0.0.1:{server.port}",
        "DEALWIRE_HOST_SPACING_SECONDS": "0",
        "DEALWIRE_HOST_PARALLEL": "16",
        "DEALWIRE_SCHEDULE": "0 0 29 2 *",
        "DEALWIRE_PORT": "8790",
    }


# --- the plain run ---


def run_plain(options: argparse.Namespace, home: Path, server: Press) -> float:
    """What `dealwire run` does, in this process, watched; its seconds."""
    database = Embedded(home)
    database.start()
    try:
        connection = connect(database.url("dealwire"))
        migrate(connection)
        settings = load_settings(environment_of(home, server), ROOT)
        runtime = Runtime(settings, connection, lambda: datetime.now(UTC), say=lambda text: None)
        with sampled() as samples:
            begun = time.monotonic()
            counts = pipeline.run(runtime)
            seconds = time.monotonic() - begun
        print(f"plain run: {counts['poll']['articles_new']} articles from {counts['poll']['feeds']} feeds, "
              f"{counts['resolve']['new_deals']} deals in {seconds:.1f} s: "
              f"{counts['poll']['articles_new'] / seconds:.1f} articles/s")  # fmt: skip
        show_stages(database, counts["poll"]["articles_new"])
        show_cpu()
        show_profile(samples, options.stacks)
        connection.close()
        return seconds
    finally:
        database.stop()


def show_stages(database: Embedded, articles: int) -> None:
    """Seconds by stage, from what the stages record of themselves in ops.run."""
    connection = connect(database.url("dealwire"))
    with connection.cursor() as cursor:
        cursor.execute((ROOT / "bench/pipeline.sql").read_text("utf-8"))
        rows = {row[0]: (int(row[1]), float(row[2]), float(row[3])) for row in cursor.fetchall()}
    connection.close()
    for stage in STAGES:
        runs, seconds, wall = rows.get(stage, (0, 0.0, 0.0))
        each = 1000 * seconds / articles
        print(f"  {stage:8} {runs:3} batches {seconds:7.1f} s of work, {wall:7.1f} s by the clock, {each:.1f} ms each")


def show_cpu() -> None:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    ours, theirs = own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime
    print(f"  CPU: {ours:.1f} s ours, {theirs:.1f} s of the parsing children; peak {own.ru_maxrss / 1024:.0f} MiB ours")


@contextlib.contextmanager
def sampled() -> Iterator[Counter[tuple[str, ...]]]:
    """Stacks of this thread, looked at a hundred times a second by another one."""
    samples: Counter[tuple[str, ...]] = Counter()
    target, done = threading.get_ident(), threading.Event()

    def look() -> None:
        while not done.wait(SAMPLE_SECONDS):
            frame = sys._current_frames().get(target)
            samples[tuple(_stack(frame))] += 1

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def _stack(frame: FrameType | None) -> list[str]:
    """The frames of our own code from the outside in, and the innermost of all."""
    found: list[str] = []
    innermost = frame
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "?"))
        if module.startswith("dealwire.") or frame is innermost:
            found.append(f"{module.removeprefix('dealwire.')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return found[::-1]


def show_profile(samples: Counter[tuple[str, ...]], stacks: Path | None) -> None:
    total = sum(samples.values())
    within: Counter[str] = Counter()
    for stack, count in samples.items():
        within.update(dict.fromkeys(stack, count))
    print(f"  where the plain run's own process was ({total} samples; a function's share holds what it calls):")
    for name, count in within.most_common(28):
        print(f"    {100 * count / total:5.1f} %  {name}")
    if stacks:
        stacks.write_text("".join(f"{';'.join(stack)} {count}\n" for stack, count in sorted(samples.items())))


# --- through Airflow ---


def run_airflow(options: argparse.Namespace, home: Path, server: Press) -> float:
    """The chain of DAGs from the trigger to the last deal, then the rounds; the chain's seconds."""
    database = Embedded(home)
    database.start()
    variables = environment_of(home, server)
    settings = replace(load_settings(variables, ROOT), home=home)
    connection = connect(database.url("dealwire"))
    migrate(connection)
    runtime = Runtime(settings, connection, lambda: datetime.now(UTC), say=lambda text: None)
    airflow = open_airflow(settings, database.url("airflow"))
    try:
        airflow.start(variables, lambda text: None)
        airflow.api.wait_dags(DAGS, 120)
        seconds = chain(airflow, runtime)
        articles = options.feeds * options.articles
        print(f"Airflow: {articles} articles in {seconds:.1f} s: {articles / seconds:.1f} articles/s")
        show_stages(database, articles)
        memory_of_rounds(options, airflow, runtime, server)
        return seconds
    finally:
        connection.close()
        airflow.stop()
        database.stop()


def chain(airflow: Airflow, runtime: Runtime) -> float:
    """Trigger `ingest_news` and wait until all that it brings has gone through; seconds."""
    begun = time.monotonic()
    run = airflow.api.trigger("ingest_news")
    while time.monotonic() - begun < CHAIN_SECONDS:
        states = {found["dag_run_id"]: found["state"] for found in airflow.api.runs("ingest_news")}
        if states.get(run) == "failed":
            raise SystemExit(f"{run} failed: {airflow.api.task_states('ingest_news', run)}")
        waits = pipeline.count_waiting(runtime)[1:4]  # alerts are held for a digest where there are many
        busy = any(found["state"] in ("running", "queued") for dag in DAGS[:2] for found in airflow.api.runs(dag))
        if states.get(run) == "success" and not any(waits) and not busy:
            return time.monotonic() - begun
        time.sleep(0.5)
    raise SystemExit(f"the chain was not done after {CHAIN_SECONDS:.0f} s")


def memory_of_rounds(options: argparse.Namespace, airflow: Airflow, runtime: Runtime, server: Press) -> None:
    """One more article a feed, ten times; what the long-running processes hold after each round."""
    for number in range(1, options.rounds + 1):
        server.publish(options.articles + number)
        with runtime.connection.cursor() as cursor:
            cursor.execute("UPDATE news.feed SET next_poll_at = now()")
        seconds = chain(airflow, runtime)
        sizes = {name: memory(airflow.process(name).running()) for name in COMMANDS}
        held = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
        total = sum(sizes.values())
        print(f"  round {number:2}: {options.feeds} articles in {seconds:5.1f} s; {total:.0f} MiB ({held})")


def memory(process: psutil.Process | None) -> float:
    """MiB of the process and its children, pages that they share counted once."""
    if process is None:
        return 0.0
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total / 2**20


if __name__ == "__main__":
    main()
