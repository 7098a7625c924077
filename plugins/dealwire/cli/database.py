"""`dealwire db start|stop|migrate|status|url`: the database."""

from __future__ import annotations

import argparse

from dealwire.cli.command import Commands, add_command, chosen_settings, emit, say
from dealwire.errors import StoreError
from dealwire.runtime import database_url, embedded
from dealwire.store.database import connect
from dealwire.store.logins import PIPELINE, let_roles_in
from dealwire.store.migrate import migrate, pending


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("db", help="the database: start, stop, migrate, status, url")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(
        actions, "start", start, "start the project's own PostgreSQL and bring it up to date", "dealwire db start"
    )
    add_command(actions, "stop", stop, "stop the project's own PostgreSQL; the data stays")
    add_command(actions, "migrate", bring_up_to_date, "bring the schema of DATABASE_URL or our own server up to date")
    add_command(actions, "status", status, "where the database is, whether it runs, and what it lacks")
    parser = add_command(
        actions,
        "url",
        url,
        "the address, for psql and other clients; it holds the password",
        'psql "$(dealwire db url)"',
    )
    roles = parser.add_mutually_exclusive_group()
    roles.add_argument("--analyst", action="store_true", help="for the role that may read schema analytics only")
    roles.add_argument("--pipeline", action="store_true", help="for the role that may read and write rows, no more")


def start(options: argparse.Namespace) -> int:
    settings = chosen_settings()
    if settings.database_url:
        say("DATABASE_URL is set: its server is not ours to start")
        return 0
    return bring_up_to_date(options)


def stop(options: argparse.Namespace) -> int:
    embedded(chosen_settings()).stop()
    return 0


def bring_up_to_date(options: argparse.Namespace) -> int:
    connection = connect(database_url(chosen_settings()), application_name="dealwire migrate", wait_seconds=30)
    report = migrate(connection)
    notices = list(report.notices)
    try:
        let_roles_in(connection, chosen_settings().home)
    except StoreError as error:
        notices.append(f"the roles' own logins are not set up: {error}")
    connection.close()
    for notice in notices:
        say(f"note: {notice}")
    say(f"applied {', '.join(report.applied)}" if report.applied else "nothing to apply")
    return 0


def status(options: argparse.Namespace) -> int:
    settings = chosen_settings()
    found: dict[str, object] = {"from": "DATABASE_URL" if settings.database_url else "embedded"}
    running = True
    if not settings.database_url:
        server = embedded(settings).status()
        running = server.running
        found |= {"running": running, "port": server.port, "version": server.version, "data": str(server.data)}
    if running:
        connection = connect(database_url(settings), application_name="dealwire status")
        found["pending"] = pending(connection)
        connection.close()
    emit(found)
    return 0


def url(options: argparse.Namespace) -> int:
    settings = chosen_settings()
    if options.analyst or options.pipeline:
        from dealwire.store.analyst import ANALYST, role_url

        connection = connect(database_url(settings), application_name="dealwire url")
        print(role_url(connection, settings.home, ANALYST if options.analyst else PIPELINE))
        connection.close()
        return 0
    print(settings.database_url or embedded(settings).url("dealwire"))
    return 0
