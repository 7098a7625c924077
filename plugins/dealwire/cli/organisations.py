"""`dealwire organisations list|merge|undo`: identities that a text named, and which of them are one."""

from __future__ import annotations

import argparse
import getpass

from dealwire.cli.command import Commands, add_command, database, emit, say
from dealwire.context import Runtime


def add_commands(commands: Commands) -> None:
    parser = commands.add_parser("organisations", help="organisations met in texts, and which of them are one")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    parser = add_command(
        actions, "list", show, "provisional organisations, those in most reports first", "dealwire organisations list"
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--merged", action="store_true", help="only merged ones, with where they went")
    chosen.add_argument("--all", action="store_true", help="merged ones too")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="at most N (100)")
    parser = add_command(
        actions,
        "merge",
        merge,
        "a provisional organisation is another one",
        'dealwire organisations merge x:foo-compute foo --reason "its former name"',
    )
    parser.add_argument("organisation", help="the provisional one, which is no more")
    parser.add_argument("into", help="the one that stays")
    _add_reason(parser)
    parser = add_command(
        actions, "undo", undo, "a merge was wrong", 'dealwire organisations undo 3 --reason "two firms"'
    )
    parser.add_argument("merge", type=int, metavar="MERGE", help="as `dealwire organisations list --merged` prints it")
    _add_reason(parser)


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="why; kept with the merge")
    parser.add_argument("--by", default=None, help="who; default: the user of this machine")


def show(options: argparse.Namespace) -> int:
    from dealwire.store.organisations import list_provisional

    merged = None if options.all else options.merged
    with database() as runtime:
        for row in list_provisional(runtime.connection, merged=merged, limit=options.limit):
            emit(row)
    return 0


def merge(options: argparse.Namespace) -> int:
    from dealwire.store.organisations import merge_organisations

    who = options.by or getpass.getuser()
    with database() as runtime:
        number = merge_organisations(
            runtime.connection, options.organisation, options.into, who, options.reason, runtime.now()
        )
        say(f"merge {number} recorded; take it back with `dealwire organisations undo {number}`")
        _apply(runtime)
    return 0


def undo(options: argparse.Namespace) -> int:
    from dealwire.store.organisations import undo_organisation_merge

    who = options.by or getpass.getuser()
    with database() as runtime:
        undo_organisation_merge(runtime.connection, options.merge, who, options.reason, runtime.now())
        _apply(runtime)
    return 0


def _apply(runtime: Runtime) -> None:
    from dealwire import pipeline

    emit(pipeline.resolve_mentions(runtime))
