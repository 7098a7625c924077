"""`dealwire alerts list|backtest|test|health|release|atom`: rules and channels."""

from __future__ import annotations

import argparse
import dataclasses
from datetime import UTC, date, datetime, time
from pathlib import Path

from dealwire.cli.command import Commands, add_command, chosen_settings, database, emit, say


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("alerts", help="alert rules and channels: list, backtest, test, health, release, atom")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(actions, "list", show, "the rules and channels as they are in force", "dealwire alerts list")
    parser = add_command(
        actions,
        "backtest",
        backtest_rules,
        "what rules would have sent over stored history",
        "dealwire alerts backtest rules.toml --since 2026-11-01",
    )
    parser.add_argument("rules", nargs="?", type=Path, metavar="RULES", help="a TOML file; default: the rules in force")
    parser.add_argument("--since", type=_day, required=True, metavar="DAY")
    parser = add_command(
        actions,
        "test",
        test,
        "check rules and channels, and send one test message to each channel",
        "dealwire alerts test",
    )
    parser.add_argument("--check-only", action="store_true", help="send nothing")
    add_command(actions, "health", health, "what is queued, given up or held, by channel")
    parser = add_command(
        actions, "release", release, "send what a channel held or gave up", "dealwire alerts release slack-1"
    )
    parser.add_argument("channel")
    parser.add_argument("--discard", action="store_true", help="drop it instead")
    parser = add_command(
        actions, "atom", atom, "the newest alerts as an Atom feed", "dealwire alerts atom > /var/www/alerts.xml"
    )
    parser.add_argument("--days", type=_days, default=30, help="how far back (30)")
    parser.add_argument("--url", help="where the feed is published; default: under the page's address")


def show(options: argparse.Namespace) -> int:
    from dealwire.alerts.channels import channel_names
    from dealwire.stages.alerting import rules_of

    settings = chosen_settings()
    names = channel_names(settings.alert_urls)
    for rule in rules_of(settings):
        emit({"rule": rule.id, **rule.definition(), "channels": list(rule.channels) or names})
    return 0


def backtest_rules(options: argparse.Namespace) -> int:
    from dealwire.alerts.backtest import backtest, per_day
    from dealwire.alerts.rules import load_rules
    from dealwire.stages.alerting import rules_of
    from dealwire.store.alerts import countries_of
    from dealwire.store.changes import changes_between

    with database() as runtime:
        settings = runtime.settings
        rules = load_rules(options.rules, settings.alert_min_usd) if options.rules else rules_of(settings)
        since = datetime.combine(options.since, time(), UTC)
        # From the beginning: whether a change is news depends on what was told before.
        changes = list(changes_between(runtime.connection, datetime(1970, 1, 1, tzinfo=UTC), runtime.now()))
        parties = {party.organisation_id or "" for change in changes for party in change.after.parties}
        alerts = backtest(rules, changes, countries_of(runtime.connection, sorted(parties)))
    found = [alert for alert in alerts if alert.at >= since]
    for alert in found:
        emit(dataclasses.asdict(alert))
    for day, counts in per_day(found).items():
        say(f"{day}: " + ", ".join(f"{count} by {rule}" for rule, count in counts.items()))
    say(f"{len(found)} alerts since {options.since}")
    return 0


def test(options: argparse.Namespace) -> int:
    """Exit status 1 where a channel did not take the message."""
    from dealwire.runtime import utc_now
    from dealwire.stages.alerting import open_all_channels, rules_of, test_message

    settings = chosen_settings()
    rules = rules_of(settings)
    channels = open_all_channels(settings, utc_now)
    say(f"{len(rules)} rules and {len(channels)} channels are valid")
    for connection in settings.alert_connections:
        say(f"the channel in Airflow's connection {connection} is not tested: only the DAG alert_deals has its address")
    failed = False
    for channel in [] if options.check_only else channels:
        outcome = channel.deliver(test_message(settings, utc_now()))
        emit({"channel": channel.name, "outcome": outcome.ending, "detail": outcome.detail})
        failed = failed or outcome.ending != "sent"
    return int(failed)


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


def atom(options: argparse.Namespace) -> int:
    from dealwire.stages.alerting import alert_feed

    with database() as runtime:
        print(alert_feed(runtime, options.url, options.days))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-03") from None


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")
    return int(text)
