"""A campaign of kills: lives of the pipeline over two days of news, each with its kills, compared with a quiet one.

What must hold at the end of every life: the canonical dump is that of the undisturbed life, no check of the data
finds a violation, every alert has arrived, and at most one message a kill arrived twice, marked as a possible repeat.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsroom.server import NewsroomServer, feeds_opml
from receivers import Receiver, receiver

from dealwire.store.database import connect
from dealwire.store.maintenance import run_checks
from dealwire.store.operation import canonical_dump
from killing.two_days import day_of, newsroom

ROOT = Path(__file__).resolve().parents[2]
DAYS = (1, 2)
STAGES = ("poll", "read", "extract", "resolve", "send", "maintain")
WHEN = ("before", "during", "after")
RULES = """[[rule]]
id = "many"
minimum_usd = 50_000_000
minimum_confidence = 0.3
maximum_age_hours = 1000
"""
LONGEST_DELAY = 0.0015  # of a kill during a statement: most take less
Slot = tuple[int, str]  # a day and a stage


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a child dies: at the nth execution of a statement, or after some seconds."""

    slot: Slot
    statement: str = ""
    nth: int = 1
    when: str = "at a time"
    seconds: float = 0.0
    delay: float = 0.0

    @property
    def kind(self) -> tuple[str, str]:
        """Stage and statement; what is queued inside resolution is the stage `select`."""
        stage = "select" if self.slot[1] == "resolve" and self.statement.startswith("alert_") else self.slot[1]
        return stage, self.statement


@dataclass
class Life:
    """What a life did and left."""

    kills: list[Kill] = field(default_factory=list)
    missed: list[Kill] = field(default_factory=list)
    statements: dict[Slot, Counter[str]] = field(default_factory=dict)
    dump: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    unmarked: int = 0

    @property
    def repeats(self) -> int:
        return sum(self.messages.values()) - len(self.messages)

    def differences(self, quiet: Life) -> list[str]:
        """What is wrong, a line each; empty where nothing was lost and nothing doubled."""
        mine, theirs = Counter(self.dump), Counter(quiet.dump)
        found = [f"lost: {line[:200]}" for line in (theirs - mine)] + [
            f"extra: {line[:200]}" for line in (mine - theirs)
        ]
        found += [f"check: {name}" for name in self.violations]
        if len(self.messages) != len(quiet.messages):
            found.append(f"{len(self.messages)} alerts arrived, not {len(quiet.messages)}")
        if self.repeats > sum(kill.slot[1] == "send" for kill in self.kills) or self.unmarked:
            found.append(f"{self.repeats} repeats, {self.unmarked} of them not marked")
        return found


class Campaign:
    """The world in which lives are lived: newsroom, receiver of alerts, and the worker that forks."""

    def __init__(self, server: NewsroomServer, hook: Receiver, folder: Path, now: datetime) -> None:
        self.server, self.hook, self.now = server, hook, now
        (folder / "feeds.opml").write_text(feeds_opml(server.url), "utf-8")
        (folder / "rules.toml").write_text(RULES, "utf-8")
        self.settings = {
            "DEALWIRE_HOME": str(folder / "home"),
            "DEALWIRE_FEEDS": str(folder / "feeds.opml"),
            "DEALWIRE_ALLOW_NET": f"{server.url.removeprefix('http://')},{hook.address}",
            "DEALWIRE_HOST_SPACING_SECONDS": "0",
            "DEALWIRE_HOST_PARALLEL": "8",
            "DEALWIRE_ALERT_URLS": hook.webhook(),
            "DEALWIRE_ALERT_RULES": str(folder / "rules.toml"),
        }
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "killing.worker"],
            cwd=ROOT / "tests",
            env={"PYTHONPATH": f"{ROOT / 'plugins'}:{ROOT / 'tests'}", "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def _answer(self) -> str:
        assert self.worker.stdout is not None
        return self.worker.stdout.readline().strip()

    def close(self) -> None:
        assert self.worker.stdin is not None and self.worker.stdout is not None
        self.worker.stdin.close()
        self.worker.wait(30)
        self.worker.stdout.close()

    def live(self, dsn: str, kills: Sequence[Kill] = ()) -> Life:
        """All stages of both days on an empty database, dying as told and starting again each time."""
        life, planned = Life(), defaultdict(list)
        for kill in kills:
            planned[kill.slot].append(kill)
        self.hook.requests.clear()
        for day in DAYS:
            self.run_day(dsn, day, self.now if day == 2 else self.now - timedelta(hours=22), planned, life)
        self._look(dsn, life)
        return life

    def run_day(
        self,
        dsn: str,
        day: int,
        clock: datetime,
        planned: Mapping[Slot, list[Kill]] | None = None,
        life: Life | None = None,
        stages: Sequence[str] = STAGES,
    ) -> datetime:
        """All stages of one day from a moment on; the moment after."""
        life, planned = life or Life(), planned or {}
        self.server.table = day_of(day, self.now.date(), self.server.url)
        for stage in stages:
            clock = self._stage(dsn, (day, stage), planned.get((day, stage), []), life, clock)
        return clock

    def _stage(self, dsn: str, slot: Slot, kills: list[Kill], life: Life, clock: datetime) -> datetime:
        """Run a stage until it ends by itself, as Airflow does; when that is."""
        life.statements[slot] = Counter()
        for kill in [*kills, None]:
            answer = self.run(dsn, slot[1], clock, kill)
            clock += timedelta(seconds=1)
            life.statements[slot].update(answer["statements"])
            if answer["error"]:
                raise AssertionError(f"{slot} failed after {life.kills[-3:]}:\n{answer['error']}")
            if kill is not None:
                (life.kills if answer["killed"] else life.missed).append(kill)
        return clock

    def run(self, dsn: str, stage: str, now: datetime, kill: Kill | None = None, alarm: float = 0.0) -> dict[str, Any]:
        """One child for one stage: whether it was killed, which statements it ran, and its error."""
        order: dict[str, Any] = {"dsn": dsn, "settings": self.settings, "stage": stage, "now": now.isoformat()}
        order["alarm"] = alarm
        if kill is not None:
            order |= {name: getattr(kill, name) for name in ("statement", "nth", "when", "seconds", "delay")}
        return self._ask(order)

    def wake(self, child: int) -> dict[str, Any]:
        """Let a child go on that froze."""
        return self._ask({"wake": child})

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.worker.stdin is not None
        self.worker.stdin.write(json.dumps(order) + "\n")
        self.worker.stdin.flush()
        answer: dict[str, Any] = json.loads(self._answer())
        return answer

    def _look(self, dsn: str, life: Life) -> None:
        connection = connect(dsn)
        life.dump = [_settled(line) for line in canonical_dump(connection)]
        life.violations = [
            f"{result.name}: {result.sample[:2]}" for result in run_checks(connection, self.now) if result.violations
        ]
        connection.close()
        life.messages = Counter(request.headers["Idempotency-Key"] for request in self.hook.requests)
        marked = {r.headers["Idempotency-Key"] for r in self.hook.requests if r.document["possible_repeat"]}
        life.unmarked = sum(times > 1 and key not in marked for key, times in life.messages.items())


def _settled(line: str) -> str:
    """A dump line of an alert without its mark of a possible repeat, which is counted by itself."""
    if line.startswith("dump_alerts\t"):
        name, _, values = line.partition("\t")
        return f"{name}\t{json.dumps(json.loads(values)[:-1])}"
    return line


@contextmanager
def campaign(folder: Path, now: datetime | None = None) -> Iterator[Campaign]:
    """A campaign with its own newsroom, receiver and worker."""
    now = now or datetime.now(UTC)
    with newsroom(now.date()) as server, receiver() as hook:
        made = Campaign(server, hook, folder, now)
        try:
            yield made
        finally:
            made.close()


def plan(
    quiet: Life, chance: random.Random, count: int, a_life: int, struck: Collection[tuple[str, str]] = ()
) -> list[list[Kill]]:
    """Kills for several lives: each statement that was not struck yet where `count` allows, the rest anywhere."""
    places = [(slot, name, times) for slot, names in quiet.statements.items() for name, times in sorted(names.items())]
    chance.shuffle(places)
    kills, seen = [], set(struck)
    for slot, name, times in places:
        kill = _at(slot, name, times, chance)
        if kill.kind not in seen:
            seen.add(kill.kind)
            kills.append(kill)
    if ("send", "deliver") not in seen:
        kills += [Kill((day, "send"), "deliver", 1, when) for day in DAYS for when in ("before", "after")]
    while len(kills) < count:
        slot, name, times = chance.choice(places)
        kills.append(
            Kill(slot, seconds=chance.uniform(0.02, 1.0)) if chance.random() < 0.25 else _at(slot, name, times, chance)
        )
    chance.shuffle(kills)
    kills = kills[:count]
    return [kills[begin : begin + a_life] for begin in range(0, len(kills), a_life)]


def _at(slot: Slot, name: str, times: int, chance: random.Random) -> Kill:
    delay = chance.uniform(0, LONGEST_DELAY)
    nth = chance.randint(1, times) if chance.random() < 0.5 else 1  # the first one comes even after other kills
    return Kill(slot, name, nth, chance.choice(WHEN), delay=delay)
