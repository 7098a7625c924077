"""`dealwire backup` and `dealwire restore`: the whole database in a file, and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from dealwire.cli.command import Commands, add_command, chosen_settings, emit, say
from dealwire.errors import StoreError
from dealwire.runtime import database_url, utc_now
from dealwire.settings import Settings
from dealwire.store.backup import back_up, restore
from dealwire.store.binaries import find_binaries


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands, "backup", backup, "write the database to a file; the service may run", "dealwire backup deals.dump"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser = add_command(
        commands, "restore", bring_back, "bring the database back from such a file", "dealwire restore deals.dump"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")


def backup(options: argparse.Namespace) -> int:
    settings = chosen_settings()
    emit({"file": str(options.file), "bytes": back_up(database_url(settings), options.file, _programs(settings))})
    return 0


def bring_back(options: argparse.Namespace) -> int:
    settings = chosen_settings()
    url = database_url(settings)
    for note in restore(url, options.file, _programs(settings), utc_now(), replace=options.replace):
        say(f"note: {note}")
    say("restored; the next poll fills in what feeds still hold, and alerts on news from before are marked as repeats")
    return 0


def _programs(settings: Settings) -> Path | None:
    """The programs beside those of our own server; None means: those on the PATH."""
    try:
        folder = find_binaries(settings.postgres_bin)
    except StoreError:
        return None
    return folder if (folder / "pg_dump").is_file() else None
