"""The stages on the database, as the DAGs run them, and rebuild."""

from __future__ import annotations

import argparse
from datetime import date

from dealwire.cli.command import Commands, add_command, database, emit, say


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands, "poll", poll, "fetch the feeds that are due and read their new pages", "dealwire poll"
    )
    parser.add_argument("--feed", metavar="URL", help="poll this feed now, due or not")
    parser = add_command(
        commands, "extract-pending", extract, "read stored articles for deals", "dealwire extract-pending"
    )
    parser.add_argument("--since", metavar="DAY", help="read again all articles first seen on or after this day")
    parser = add_command(
        commands, "replay", replay, "read kept pages again, without the network", "dealwire replay --since 2026-11-01"
    )
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", required=True, help="the pages fetched on or after this day"
    )
    parser.add_argument("--dry-run", action="store_true", help="only count the articles whose text would change")
    add_command(
        commands, "resolve-pending", resolve, "decide which mentions tell of the same deal", "dealwire resolve-pending"
    )
    add_command(commands, "send-alerts", send, "send the alerts that are due", "dealwire send-alerts")
    parser = add_command(commands, "run", run, "all stages, once", "dealwire run")
    parser.add_argument("--feed", metavar="URL", help="poll only this feed, due or not")
    add_command(commands, "rebuild", rebuild, "fold all deals anew from mentions and judgements", "dealwire rebuild")


def poll(options: argparse.Namespace) -> int:
    from dealwire import pipeline

    with database() as runtime:
        counts = pipeline.poll_all(runtime, options.feed)
        emit(counts)
        return int(counts.get("failed", 0) > 0)


def extract(options: argparse.Namespace) -> int:
    from dealwire import pipeline

    with database() as runtime:
        counts = pipeline.extract_all(runtime, options.since)
        emit(counts)
        return int(counts.get("failed", 0) > 0)


def replay(options: argparse.Namespace) -> int:
    """What changed waits for extraction, like news that has just come."""
    from dealwire import pipeline

    with database() as runtime:
        emit(pipeline.replay(runtime, options.since.isoformat(), apply=not options.dry_run))
    return 0


def resolve(options: argparse.Namespace) -> int:
    from dealwire import pipeline

    with database() as runtime:
        emit(pipeline.resolve_mentions(runtime))
    return 0


def send(options: argparse.Namespace) -> int:
    from dealwire import pipeline

    with database() as runtime:
        counts = pipeline.send_alerts(runtime)
        emit(counts)
        return int(counts.get("failed", 0) > 0)


def run(options: argparse.Namespace) -> int:
    from dealwire import pipeline

    with database() as runtime:
        counts = pipeline.run(runtime, options.feed)
        emit(counts)
        return int(any(stage.get("failed", 0) for stage in counts.values()))


def rebuild(options: argparse.Namespace) -> int:
    from dealwire import pipeline
    from dealwire.store.judgements import mark_stale

    with database() as runtime:
        say(f"folding {mark_stale(runtime.connection)} deals anew")
        emit(pipeline.resolve_mentions(runtime))
    return 0
