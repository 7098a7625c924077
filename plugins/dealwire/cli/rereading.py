"""`dealwire reextract`: read stored articles again, or only say which deals that would change."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date

from dealwire.cli.command import Commands, add_command, database, emit, say


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "reextract",
        reextract,
        "read stored articles again, or list the deals that would change",
        "dealwire reextract --diff --since 2026-11-01",
    )
    parser.add_argument("--diff", action="store_true", help="change nothing: a line a deal that would be different")
    parser.add_argument(
        "--since",
        type=_day,
        metavar="DAY",
        help="all articles first seen on or after this day; default: those that the present reader has not read",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="with --diff: only the N newest of them")


def reextract(options: argparse.Namespace) -> int:
    """With --diff a line a deal; else the counts of both stages."""
    from dealwire import pipeline

    with database() as runtime:
        if not options.diff:
            counts = pipeline.extract_all(runtime, options.since)
            emit({"extract": counts, "resolve": pipeline.resolve_mentions(runtime)})
            return int(counts.get("failed", 0) > 0)
        from dealwire.stages.rereading import preview_rereading

        preview = preview_rereading(runtime, options.since, options.limit)
    for deal in preview.deals:
        fields = {name: {"before": before, "after": after} for name, (before, after) in deal.fields.items()}
        emit({"change": deal.change, "deal_id": deal.deal_id, "headline": deal.headline, "fields": fields})
    kinds = Counter(deal.change for deal in preview.deals)
    told = ", ".join(f"{kinds[change]} {change}" for change in ("added", "changed", "lost", "merged"))
    say(f"nothing was changed; of {preview.counts['articles']} articles: deals {told}; {preview.counts}")
    return int(preview.counts["failed"] > 0)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-03") from None
