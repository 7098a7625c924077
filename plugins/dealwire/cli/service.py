"""`dealwire service up|down|status|demo`: what `make up`, `make down`, `make status` and `make demo` run."""

from __future__ import annotations

import argparse
import getpass
import signal
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from dealwire.cli.command import Commands, add_command, chosen_settings, say
from dealwire.cli.tables import print_alerts, print_deals
from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.runtime import database_url, embedded, metadata_url, open_runtime, utc_now
from dealwire.service.airflow import Airflow, open_airflow
from dealwire.service.demo import DAGS, Progress, run_chain, start_demo
from dealwire.service.newsroom import Newsroom
from dealwire.service.processes import stop
from dealwire.service.unit import systemd_unit
from dealwire.settings import Settings, from_environment, process_environment

WATCH_SECONDS = 30.0


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("service", help="start and stop PostgreSQL and Airflow on this machine")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(actions, "up", up, "start the live service on the registry of feeds", "dealwire service up")
    add_command(actions, "demo", demo, "read a made-up newsroom through the real Airflow", "dealwire service demo")
    add_command(actions, "watch", watch, "restart what dies and end analysts' runaway queries; runs until ended")
    parser = add_command(
        actions, "airflow", airflow_command, "run Airflow's own command on this installation",
        "dealwire service airflow backfill create --dag-id extract_deals --from-date 2026-11-01 --to-date 2026-11-07",
    )  # fmt: skip
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…")
    add_command(
        actions, "unit", unit, "print the systemd unit that starts it with the machine",
        "dealwire service unit | sudo tee /etc/systemd/system/dealwire.service",
    )  # fmt: skip
    add_command(actions, "down", down, "stop everything; the data stays", "dealwire service down")
    add_command(actions, "status", status, "what runs, where, and how it is", "dealwire service status")


def up(options: argparse.Namespace) -> int:
    """PostgreSQL, schema, Airflow; idempotent: what runs is left alone."""
    settings = from_environment()
    check_before_start(settings)
    say("PostgreSQL: starting")
    with open_runtime(settings, say):
        pass
    airflow = open_airflow(settings, metadata_url(settings))
    airflow.start(process_environment(), say)
    airflow.api.wait_dags(DAGS, 120)
    _print_login(airflow)
    return 0


def demo(options: argparse.Namespace) -> int:
    """Everything of `up`, on the newsroom, then the deals as a table."""
    settings, begun = from_environment(), time.monotonic()
    check_before_start(settings)
    say("PostgreSQL: starting")
    newsroom = Newsroom(settings.project_root, settings.home)
    with open_runtime(settings, say) as runtime:
        port = newsroom.start(process_environment(), utc_now().date())
        say(f"newsroom: made-up publishers on http://127.0.0.1:{port}/")
        airflow = start_demo(settings, process_environment(), metadata_url(settings), newsroom, port, say)
        run_chain(airflow, lambda: _measure(runtime), say)
        say(f"done in {time.monotonic() - begun:.0f} s\n")
        print_deals(runtime)
        print_alerts(runtime)
    _print_login(airflow)
    print("The demo stays up. More: .venv/bin/dealwire deals --help. Stop it with: make down")
    return 0


def unit(options: argparse.Namespace) -> int:
    """For the user, checkout and home that are in use now."""
    settings = from_environment()
    command = Path(sys.executable).with_name("dealwire")
    print(systemd_unit(getpass.getuser(), settings.project_root, settings.home, command), end="")
    return 0


def airflow_command(options: argparse.Namespace) -> int:
    """The status of Airflow's command is ours."""
    settings = chosen_settings()
    return open_airflow(settings, metadata_url(settings)).command(options.arguments, process_environment())


def watch(options: argparse.Namespace) -> int:
    """What `up` and `demo` leave running beside Airflow. One that dies again at once is tried twice a minute."""
    from dealwire.store.database import connect
    from dealwire.store.watchdog import Ended
    from dealwire.store.watchdog import watch as watch_analysts

    def tell(ended: Ended) -> None:
        say(f"ended an analyst's session (pid {ended.pid}, {ended.state}) after {ended.seconds:.0f} s")

    settings = from_environment()
    airflow = open_airflow(settings, metadata_url(settings))
    dsn, end = database_url(settings), threading.Event()
    asked_to_stop: SimpleQueue[int] = SimpleQueue()  # may be used in a signal handler, which an Event may not
    signal.signal(signal.SIGTERM, lambda number, frame: asked_to_stop.put(number))
    looking = (lambda: connect(dsn, application_name="dealwire watchdog"), end, tell)
    threading.Thread(target=watch_analysts, args=looking, daemon=True).start()
    while not _is_told(asked_to_stop, WATCH_SECONDS):  # never in the middle of a start, before its pid file is written
        try:
            if not settings.database_url:
                embedded(settings).start()
            for name in airflow.restart_missing(process_environment()):
                say(f"{utc_now().isoformat(timespec='seconds')} {name} had died and was started again")
        except DealwireError as error:
            say(str(error))
    end.set()
    return 0


def _is_told(asked_to_stop: SimpleQueue[int], seconds: float) -> bool:
    try:
        asked_to_stop.get(timeout=seconds)
    except Empty:
        return False
    return True


def check_before_start(settings: Settings) -> None:
    """A wrong rule or channel stops the start, not the first alert a week later; what is old is said."""
    from dealwire.cli.diagnosis import old_parts
    from dealwire.stages.alerting import open_all_channels, rules_of

    for finding in old_parts(settings):
        if finding.state != "ok":
            say(f"note: {finding.detail}")
    rules_of(settings)
    open_all_channels(settings, utc_now)


def _measure(runtime: Runtime) -> Progress:
    from dealwire import pipeline

    return Progress(*pipeline.count_waiting(runtime))


def down(options: argparse.Namespace) -> int:
    """Airflow, then the newsroom, then PostgreSQL."""
    settings = from_environment()
    if not settings.home.exists():
        say(f"nothing was ever started in {settings.home}")
        return 0
    newsroom = Newsroom(settings.project_root, settings.home)
    ended = _airflow(settings).stop() + stop([newsroom.process])
    server = embedded(settings)
    if server.status().running:
        server.stop()
        ended.append("PostgreSQL")
    say(f"stopped {', '.join(ended)}" if ended else f"nothing ran in {settings.home}")
    return 0


def status(options: argparse.Namespace) -> int:
    """One line a process; exit status 0 whether or not it runs."""
    settings = from_environment()
    print(f"{settings.home}:")
    if not settings.home.exists():
        print("  never started")
        return 0
    server = embedded(settings).status()
    print(f"  PostgreSQL     {'running on port ' + str(server.port) if server.running else 'stopped'}")
    airflow = _airflow(settings)
    health = airflow.api.health() or {}
    for name, pid in airflow.running().items():
        state = health.get(name.replace("-", "_"), "") if pid else ""
        print(f"  {name:14} {f'pid {pid} {state}' if pid else 'stopped'}")
    newsroom = Newsroom(settings.project_root, settings.home).process.running()
    if newsroom:
        print(f"  newsroom       pid {newsroom.pid}")
    if health:
        print(f"  page           {airflow.url}/plugin/deals")
    return 0


def _airflow(settings: Settings) -> Airflow:
    return open_airflow(settings, "")


def _print_login(airflow: Airflow) -> None:
    print(f"\nPage: {airflow.url}/plugin/deals    login: admin    password: {airflow.keys.admin_password}")
    print(f"      the password is also in {airflow.keys.passwords}")
