"""The `dealwire` command: JSON Lines on stdout, progress and messages on stderr.

Exit status: 0 done, 1 some inputs failed, 2 wrong usage or set-up, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from dealwire import __version__
from dealwire.cli import (
    alerts,
    articles,
    assistants,
    backups,
    database,
    deals,
    diagnosis,
    export,
    feeds,
    judgement,
    organisations,
    quality,
    rates,
    service,
    stages,
)
from dealwire.errors import DealwireError

EPILOG = """examples:
  dealwire parse-feed feed.xml                     what a feed file holds, as JSON
  dealwire check https://example.org/feed.xml      fetch one feed as the pipeline would
  dealwire extract < articles.jsonl                deals of articles, without a database
  dealwire run                                     all stages on the database, once
  dealwire deals --min-usd 1e9 --format table      the records
  dealwire why 42 amount                           every claim behind a field
settings are environment variables or lines of .env; docs/settings.md lists them"""


PARTS = (
    articles,
    stages,
    feeds,
    deals,
    export,
    judgement,
    organisations,
    alerts,
    rates,
    quality,
    database,
    backups,
    service,
    diagnosis,
    assistants,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = build_parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except DealwireError as error:
        print(f"dealwire: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("dealwire: interrupted; what was committed stays, the rest is picked up by the next run", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; say nothing at exit
        return 1


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    parser = argparse.ArgumentParser(
        prog="dealwire",
        description="News feeds in, one proven row per cloud or AI deal out, in PostgreSQL.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dealwire {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in PARTS:
        module.add_commands(commands)
    return parser
