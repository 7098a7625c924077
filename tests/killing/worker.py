"""Runs stages of the pipeline in forked children and lets them die: `python -m killing.worker`, a JSON line an order.

An order names the database, settings, a stage, the time, and where the child dies: before, during or after the nth
execution of a named statement (`commit` is one), or after some seconds. The answer says how the child ended and which
statements it ran. Everything is imported and warmed once, so that a life costs a fork and no more.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from dealwire import pipeline
from dealwire.alerts import send
from dealwire.context import Runtime
from dealwire.extract.local import extract
from dealwire.model import Article
from dealwire.settings import PROJECT_ROOT, load_settings
from dealwire.stages.batches import add
from dealwire.store import database
from dealwire.store.database import connect

WARM_TEXT = "OpenAI signed a contract worth $38 billion over seven years with Amazon Web Services."


def poll(runtime: Runtime) -> dict[str, int]:
    """As the DAG's tasks do it, one after the other."""
    counts: dict[str, int] = {}
    for batch in pipeline.find_due_feeds(runtime):
        add(counts, pipeline.poll_feeds(runtime, batch))
    return counts


def read(runtime: Runtime) -> dict[str, int]:
    """As the DAG's tasks do it, one after the other."""
    counts: dict[str, int] = {}
    for batch in pipeline.find_unread_entries(runtime):
        add(counts, pipeline.read_entries(runtime, batch))
    return counts


def maintain(runtime: Runtime) -> None:
    """As the DAG's tasks do it, one after the other."""
    pipeline.queue_digest(runtime)
    pipeline.remove_old_records(runtime)
    pipeline.check_data(runtime)
    pipeline.report_feed_health(runtime)


STAGES: dict[str, Callable[[Runtime], Any]] = {
    "poll": poll,
    "read": read,
    "extract": pipeline.extract_all,
    "resolve": pipeline.resolve_mentions,
    "send": pipeline.send_alerts,
    "maintain": maintain,
}


class Executioner:
    """Counts the statements of this process, writes each to a pipe, and ends the process where it was told."""

    def __init__(self, order: dict[str, Any], report: int) -> None:
        self.statement, self.nth, self.when = order.get("statement"), order.get("nth", 0), order.get("when")
        self.delay = order.get("delay", 0.0)
        self.report = report
        self.seen = 0

    @contextmanager
    def around(self, name: str, original: Callable[[str], Any]) -> Iterator[None]:
        os.write(self.report, f"{name}\n".encode())
        here = False
        if name == self.statement:
            self.seen += 1
            here = self.seen == self.nth
        if here and self.when == "before":
            die()
        if here and self.when == "frozen":
            # to this thread: the process stops here, and not once this thread has gone on for a while
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
            here = False
        if here and self.when == "during":
            threading.Timer(self.delay, die).start()
        with original(name):
            yield
        if here:
            die()


def die() -> None:
    """As kill -9 does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def live(order: dict[str, Any], report: int) -> None:
    """One child's life."""
    executioner, original = Executioner(order, report), database._translated
    database._translated = lambda name: executioner.around(name, original)  # type: ignore[assignment]  # every statement passes it
    if order.get("statement") == "deliver":
        send._deliver = _dying_delivery(send._deliver, order["when"])
    settings = load_settings(order["settings"], PROJECT_ROOT)
    begun, moment = datetime.fromisoformat(order["now"]), iter(range(10**9))
    now = lambda: begun + timedelta(milliseconds=next(moment))  # noqa: E731 - two polls at one instant would be one poll
    connection = connect(order["dsn"])
    if order.get("alarm"):  # as Airflow's execution timeout does it: an exception in the middle of whatever runs
        signal.signal(signal.SIGALRM, _too_long)
        signal.setitimer(signal.ITIMER_REAL, order["alarm"])
    counts = STAGES[order["stage"]](Runtime(settings, connection, now, chance=lambda: 0.5, say=lambda text: None))
    connection.close()
    os.write(report, f"={json.dumps(counts)}\n".encode())


class TaskTimeout(BaseException):
    """What Airflow raises is no Exception either, so that no handler takes it for a fault of its own."""


def _too_long(number: int, frame: object) -> None:
    raise TaskTimeout


def _dying_delivery(deliver: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dying(*arguments: Any) -> Any:
        if when == "before":
            die()
        outcome = deliver(*arguments)
        die()
        return outcome

    return dying


frozen: dict[int, int] = {}


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for an order and see how it ends; or wake one that froze, and see how that ends."""
    if "wake" in order:
        os.kill(order["wake"], signal.SIGCONT)
        return end_of(order["wake"], frozen.pop(order["wake"]))
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            live(order, theirs)
        except BaseException:
            os.write(theirs, ("!" + traceback.format_exc().replace("\n", "\\n") + "\n").encode())
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    if order.get("seconds"):
        time.sleep(order["seconds"])
        os.kill(child, signal.SIGKILL)
    if order.get("when") == "frozen":
        _, status = os.waitpid(child, os.WUNTRACED)
        frozen[child] = ours
        return {"frozen": os.WIFSTOPPED(status) and child}
    return end_of(child, ours)


def end_of(child: int, report: int) -> dict[str, Any]:
    """What a child said, and how it ended."""
    with os.fdopen(report) as lines:
        said = lines.read().splitlines()
    _, status = os.waitpid(child, 0)
    marked = {line[0]: line[1:] for line in said if line[0] in "!="}
    statements = [line for line in said if line[0] not in "!="]
    counts = json.loads(marked.get("=", "null"))
    ended = {"child": child, "killed": os.WIFSIGNALED(status)}
    return ended | {"statements": statements, "error": marked.get("!"), "counts": counts}


def main() -> None:
    """Warm up, say so, then one answer an order."""
    article = Article("warm", "OpenAI signs $38bn cloud contract", WARM_TEXT, date(2026, 11, 24), "en")
    extract(article)
    logging.disable(logging.ERROR)  # two feeds of the newsroom are dead, and every life would say so
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(carry_out(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
