"""`dealwire doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import argparse
import pyexpat
import shutil
import sys
from collections.abc import Callable, Iterator

from dealwire.cli.command import Commands, add_command, chosen_settings, emit, say
from dealwire.cli.findings import Finding
from dealwire.cli.reader_check import check_endpoint, reader_work
from dealwire.cli.work_check import look_at_work
from dealwire.errors import DealwireError
from dealwire.runtime import embedded, utc_now
from dealwire.settings import Settings
from dealwire.store.database import connect, fetch_value
from dealwire.store.migrate import check_schema

LEAST_FREE = 2 * 2**30
OLD_RATES = 14  # days; the bank sets rates on every business day
LEAST_PYTHON, LEAST_EXPAT = (3, 11, 14), (2, 7, 0)


def add_commands(commands: Commands) -> None:
    add_command(commands, "doctor", doctor, "find what is wrong with this installation", "dealwire doctor")


def doctor(options: argparse.Namespace) -> int:
    """A line a check; exit status 1 where one found a problem."""
    settings = chosen_settings()
    problems = 0
    for name, check in CHECKS.items():
        try:
            findings = list(check(settings))
        except DealwireError as error:
            findings = [Finding(name, "problem", str(error))]
        except Exception as error:  # a broken installation breaks its own doctor, who goes on with the next check
            findings = [Finding(name, "problem", f"{type(error).__name__}: {error}; `make setup` installs anew")]
        for finding in findings:
            emit({"check": finding.check, "state": finding.state, "detail": finding.detail})
            problems += finding.state == "problem"
    say(f"{problems} problems" if problems else "nothing is wrong")
    return int(problems > 0)


def old_parts(settings: Settings) -> Iterator[Finding]:
    """Python, and what of it is too old to be safe from every feed."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", version)
    if sys.version_info[:3] < LEAST_PYTHON or pyexpat.version_info < LEAST_EXPAT:
        yield Finding(
            "python",
            "warning",
            f"Python {version} with expat {'.'.join(map(str, pyexpat.version_info))} crashes on some hostile feeds; "
            "that costs a parsing child and no more, but 3.11.14 or later is better",
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.home if settings.home.exists() else settings.project_root
    free = shutil.disk_usage(folder).free
    state = "ok" if free > LEAST_FREE else "problem"
    yield Finding("disk", state, f"{free / 2**30:.1f} GiB free in {folder}; at least 2 are needed")


def _feeds(settings: Settings) -> Iterator[Finding]:
    from dealwire.news.registry import read_opml

    yield Finding("feeds", "ok", f"{len(read_opml(settings.feeds))} feeds in {settings.feeds}")


def _extractor(settings: Settings) -> Iterator[Finding]:
    from datetime import date

    from dealwire.extract.local import EXTRACTOR_VERSION, extract
    from dealwire.model import Article

    text = (
        "OpenAI signed a contract worth $38 billion over seven years with Amazon Web Services for computing capacity."
    )
    found = extract(Article("doctor", "OpenAI signs $38bn cloud contract with AWS", text, date(2025, 11, 3), "en"))
    state = "ok" if any(mention.amount == 38 * 10**9 for mention in found) else "problem"
    yield Finding("extractor", state, f"version {EXTRACTOR_VERSION} reads a plain sentence")


def _reader(settings: Settings) -> Iterator[Finding]:
    yield from (Finding("reader", state, detail) for state, detail in check_endpoint(settings))


def _alerts(settings: Settings) -> Iterator[Finding]:
    from dealwire.stages.alerting import open_all_channels, rules_of

    channels = ", ".join(channel.name for channel in open_all_channels(settings, utc_now))
    yield Finding("alerts", "ok", f"{len(rules_of(settings))} rules, channels {channels}")


def _rates(settings: Settings) -> Iterator[Finding]:
    from dealwire.stages.rates import current_rates, last_refresh

    last_day, tried = current_rates(settings).last_day(), last_refresh(settings)
    told = f"the last refresh ended {tried.outcome} on {tried.tried_at[:16]}" if tried else "never refreshed"
    old = (utc_now().date() - last_day).days > OLD_RATES and settings.rates_url is not None
    yield Finding("exchange rates", "warning" if old else "ok", f"up to {last_day}; {told}")


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not embedded(settings).status().running:
        yield Finding("database", "problem", "the project's PostgreSQL does not run: `make up` or `dealwire db start`")
        return
    connection = connect(
        settings.database_url or embedded(settings).url("dealwire"), application_name="dealwire doctor"
    )
    try:
        yield Finding("database", "ok", f"PostgreSQL {fetch_value(connection, 'server_version')}")
        check_schema(connection)
        yield Finding("schema", "ok", "up to date")
        yield from look_at_work(connection, settings, utc_now())
        if settings.reader != "local":
            yield Finding("reader", "ok", reader_work(connection, settings, utc_now().date()))
    finally:
        connection.close()


def _airflow(settings: Settings) -> Iterator[Finding]:
    from dealwire.service.airflow import open_airflow

    stopped = [name for name, pid in open_airflow(settings, "").running().items() if pid is None]
    if stopped:
        yield Finding("airflow", "problem", f"{', '.join(stopped)} stopped: `make up` starts what does not run")
    else:
        yield Finding("airflow", "ok", "all processes run")


CHECKS: dict[str, Callable[[Settings], Iterator[Finding]]] = {
    "python": old_parts,
    "disk": _disk,
    "feeds": _feeds,
    "extractor": _extractor,
    "reader": _reader,
    "alerts": _alerts,
    "exchange rates": _rates,
    "database": _database,
    "airflow": _airflow,
}
