"""`dealwire alerts list|health|release`: rules and channels."""

from __future__ import annotations

import argparse

from dealwire.cli.command import Commands, add_command, chosen_settings, database, emit, say


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("alerts", help="alert rules and channels: list, health, release")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(actions, "list", show, "the rules and channels as they are in force", "dealwire alerts list")
    add_command(actions, "health", health, "what is queued, given up or held, by channel")
    parser = add_command(
        actions, "release", release, "send what a channel held or gave up", "dealwire alerts release slack-1"
    )
    parser.add_argument("channel")
    parser.add_argument("--discard", action="store_true", help="drop it instead")


def show(options: argparse.Namespace) -> int:
    from dealwire.alerts.channels import channel_names
    from dealwire.stages.alerting import rules_of

    settings = chosen_settings()
    names = channel_names(settings.alert_urls)
    for rule in rules_of(settings):
        emit({"rule": rule.id, **rule.definition(), "channels": list(rule.channels) or names})
    return 0


def health(options: argparse.Namespace) -> int:
    from dealwire.store.alerts import health as read_health

    with database() as runtime:
        for row in read_health(runtime.connection):
            emit(row._asdict())
    return 0


def release(options: argparse.Namespace) -> int:
    from dealwire.store.alerts import release_channel

    with database() as runtime:
        count = release_channel(runtime.connection, options.channel, runtime.now(), discard=options.discard)
    say(f"{count} alerts of {options.channel} {'dropped' if options.discard else 'queued again'}")
    return 0
