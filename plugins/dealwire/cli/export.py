"""`dealwire export`: a copy of all deals, and what changed since the last one; and how files are written."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from dealwire.cli.command import Commands, add_command, database, emit
from dealwire.errors import UsageError
from dealwire.takeaway.columns import Rows, named
from dealwire.takeaway.formats import FORMS
from dealwire.takeaway.text_files import description


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "export",
        export,
        "all deals, or what changed since the last export, as JSON Lines for a copy elsewhere",
        "dealwire export > copy.jsonl\n  dealwire export --cursor-file deals.cursor >> changes.jsonl",
    )
    parser.add_argument("--since", metavar="CURSOR", help="the `next` of the last line of the export before")
    parser.add_argument(
        "--cursor-file",
        type=Path,
        metavar="FILE",
        help="keep the cursor here: read from it, and written anew once every line is out",
    )


def export(options: argparse.Namespace) -> int:
    """Lines of `{"change": "deal", "deal": …}` to write over the copy's row, `{"change": "merged", "deal_id": …,
    "merged_into": …}` to delete one, and at last `{"change": "end", "next": CURSOR}`."""
    from dealwire.store.exports import exported_changes

    since = _since(options)
    told = 0
    with database() as runtime, exported_changes(runtime.connection, since) as changes:
        for deal_id, merged_into in changes.merged:
            emit({"change": "merged", "deal_id": deal_id, "merged_into": merged_into})
        for batch in changes.deals:
            for row in batch:
                emit({"change": "deal", "deal": named(changes.columns, row)})
            told += len(batch)
        emit({"change": "end", "deals": told, "merged": len(changes.merged), "next": changes.cursor})
        sys.stdout.flush()
        if options.cursor_file is not None:
            _keep(options.cursor_file, changes.cursor)
    return 0


def _since(options: argparse.Namespace) -> str | None:
    if options.cursor_file is None:
        return str(options.since) if options.since else None
    if options.since:
        raise UsageError("--since and --cursor-file both name a place: give one of them")
    return options.cursor_file.read_text("utf-8").strip() or None if options.cursor_file.exists() else None


def _keep(path: Path, cursor: str) -> None:
    """Whole or not at all: a cursor that is half written would lose the place."""
    new = path.with_name(path.name + ".new")
    new.write_text(cursor + "\n", encoding="utf-8")
    os.replace(new, path)


def write_file(rows: Rows, form: str, output: Path | None, about: str) -> None:
    """Rows in a form of FORMS; where the file cannot say what its columns mean, `FILE-metadata.json` beside it does."""
    if output is None:
        sys.stdout.flush()
        _write(FORMS[form].write(rows), sys.stdout.buffer)
        return
    with output.open("wb") as file:
        _write(FORMS[form].write(rows), file)
    if not FORMS[form].described:
        beside = output.with_name(output.name + "-metadata.json")
        told = description(rows.columns, output.name, about)
        beside.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write(pieces: Iterable[bytes], file: BinaryIO) -> None:
    for piece in pieces:
        file.write(piece)
    file.flush()
