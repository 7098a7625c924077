"""What every command shares: how it is declared, how it reports, and which database it means."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dealwire.context import Runtime
from dealwire.runtime import open_runtime
from dealwire.settings import Settings, from_environment, process_environment

Commands = Any  # argparse keeps the type of add_subparsers' result to itself
Run = Callable[[argparse.Namespace], int]


def add_command(commands: Commands, name: str, run: Run, summary: str, example: str = "") -> argparse.ArgumentParser:
    """Declare a command with its one-line summary and an example for --help."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"example:\n  {example}" if example else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def say(message: str) -> None:
    """A message or progress for the person at the terminal."""
    print(message, file=sys.stderr, flush=True)


def emit(value: Any) -> None:
    """One JSON line on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def chosen_settings() -> Settings:
    """The settings; where only the demo was ever started here, its database is the one that is meant."""
    settings = from_environment()
    demo = settings.home / "demo"
    chosen = bool(settings.database_url) or "DEALWIRE_HOME" in process_environment()
    if not chosen and not _was_started(settings.home) and _was_started(demo):
        say(f"using the demo's database; set DEALWIRE_HOME to choose another (this one is {demo})")
        return dataclasses.replace(settings, home=demo)
    return settings


def _was_started(home: Path) -> bool:
    return (home / "dealwire.password").exists()


@contextmanager
def database() -> Iterator[Runtime]:
    """A runtime on the chosen database, with messages to the terminal."""
    with open_runtime(chosen_settings(), say) as runtime:
        yield runtime
