"""The records and their proof: deals, why, sql."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from dealwire.cli.command import Commands, add_command, database, emit
from dealwire.cli.export import write_file
from dealwire.cli.tables import format_table
from dealwire.errors import UsageError
from dealwire.model import KINDS
from dealwire.takeaway.formats import FORMS


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "deals",
        deals,
        "the records",
        "dealwire deals --since 2026-01-01 --min-usd 1e9 --party OpenAI --format csv\n"
        "  dealwire deals --format excel --output deals.xlsx",
    )
    parser.add_argument("--since", type=_day, metavar="DAY", help="only deals of this day or later")
    parser.add_argument("--min-usd", type=_amount, metavar="N", help="only deals of at least N USD, such as 1e9")
    parser.add_argument("--party", metavar="P", help="only deals of this organisation; its units count")
    parser.add_argument("--kind", choices=KINDS, help="only deals of this kind")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N deals, the newest first")
    parser.add_argument("--format", choices=("table", *FORMS), default="table")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    parser = add_command(
        commands,
        "why",
        why,
        "every claim behind a deal or one of its fields, or its whole life",
        "dealwire why 42 amount\n  dealwire why 42 --life",
    )
    parser.add_argument("deal", type=int, metavar="DEAL")
    parser.add_argument("field", nargs="?", metavar="FIELD", help="amount, term_months, party, status …")
    parser.add_argument("--superseded", action="store_true", help="also claims by older extractor versions")
    parser.add_argument(
        "--life", action="store_true", help="its life: reports, decisions, conflicts, versions, judgements"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of --life")
    parser = add_command(
        commands, "sql", sql, "run a query as the analyst role, who may read and do nothing else",
        'dealwire sql "SELECT headline, amount_usd FROM analytics.mega_deal"',
    )  # fmt: skip
    parser.add_argument("query", metavar="QUERY|FILE")
    parser.add_argument("--format", choices=("table", *FORMS), default="json")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")


def deals(options: argparse.Namespace) -> int:
    from dealwire.store.exports import exported_deals

    _check(options)
    filters = {
        "since_day": options.since,
        "min_usd": options.min_usd,
        "party": options.party,
        "kind": options.kind,
        "most": options.limit,
    }
    with database() as runtime, exported_deals(runtime.connection, filters) as rows:
        if options.format == "table":
            found = [dict(zip([column.name for column in rows.columns], row, strict=True)) for row in rows.each()]
            _print(format_table(found, shutil.get_terminal_size((150, 24)).columns), options.output)
        else:
            write_file(rows, options.format, options.output, "deals: one row each, as analytics.deal_sheet")
    return 0


def why(options: argparse.Namespace) -> int:
    from dealwire.store.deals import why as claims_of

    if options.life:
        return _life(options)
    with database() as runtime:
        for claim in claims_of(runtime.connection, options.deal, options.field, with_superseded=options.superseded):
            emit(dataclasses.asdict(claim))
    return 0


def _life(options: argparse.Namespace) -> int:
    from dealwire.cli.life import life_lines
    from dealwire.stages.deal_life import deal_life

    if options.field:
        raise UsageError("--life tells of the whole deal: leave FIELD out")
    with database() as runtime:
        life = deal_life(runtime, options.deal)
    if options.format == "json":
        emit(life)
    else:
        sys.stdout.writelines(f"{line}\n" for line in life_lines(life))
    return 0


def sql(options: argparse.Namespace) -> int:
    from dealwire.store.analyst import rows_as_analyst

    _check(options)
    text = options.query
    if not any(character.isspace() for character in text) and Path(text).is_file():
        text = Path(text).read_text(encoding="utf-8")
    with database() as runtime, rows_as_analyst(runtime.connection, runtime.settings.home, text) as rows:
        if options.format == "table":
            _print(_plain_table([column.name for column in rows.columns], list(rows.each())), options.output)
        else:
            write_file(rows, options.format, options.output, "the rows of a query")
    return 0


def _check(options: argparse.Namespace) -> None:
    if options.format in ("parquet", "excel") and options.output is None:
        raise UsageError(f"--format {options.format} needs --output FILE")


def _print(text: str, output: Path | None) -> None:
    if output is None:
        print(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")


def _plain_table(names: Sequence[str], found: Sequence[Sequence[Any]]) -> str:
    if not found:
        return "0 rows"
    rows = [tuple(names), *(tuple("" if value is None else str(value) for value in row) for row in found)]
    widths = [min(60, max(len(row[i]) for row in rows)) for i in range(len(names))]
    lines = ["  ".join(cell[:w].ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:], f"{len(found)} rows"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-03") from None


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number such as 1e9") from None
