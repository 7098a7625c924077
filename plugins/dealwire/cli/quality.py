"""How good extraction is, and learning it: eval, label, train."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from dealwire.cli import labelling, rereading
from dealwire.cli.command import Commands, add_command, say
from dealwire.cli.reading import add_reader, mentions_of, reader_of
from dealwire.errors import UsageError

if TYPE_CHECKING:
    from dealwire.extract.gold import Deal


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "eval",
        evaluate,
        "measure extraction and resolution on labelled articles",
        "dealwire eval tests/gold/newsroom.jsonl",
    )
    parser.add_argument("gold", nargs="*", type=Path, metavar="GOLD")
    parser.add_argument(
        "--diff",
        nargs=2,
        type=Path,
        metavar=("OLD", "NEW"),
        help="list what changes between two files that `dealwire extract` wrote of the same articles",
    )
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="train on other events for each fold: for files that weights were learned on",
    )
    parser.add_argument(
        "--learn-from",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="with --cross-validate: labels to learn from in every fold, but not to measure on",
    )
    add_reader(parser)
    rereading.add_commands(commands)
    labelling.add_commands(commands)
    parser = add_command(
        commands,
        "train",
        train,
        "learn the weights of extraction from labelled articles",
        "dealwire train tests/gold/*.jsonl",
    )
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="default: where the extractor reads them")


def evaluate(options: argparse.Namespace) -> int:
    from dealwire.extract.evaluate import cross_validate, evaluate_baseline, evaluate_reader

    if options.diff:
        return show_differences(*options.diff)
    if not options.gold:
        raise UsageError("name at least one file of labelled articles, or --diff OLD NEW")
    if options.cross_validate and options.reader not in (None, "local"):
        raise UsageError("--cross-validate trains the local reader: a model is measured without it")
    if options.learn_from and not options.cross_validate:
        raise UsageError("--learn-from needs --cross-validate: the shipped weights are learned by `dealwire train`")
    if options.cross_validate:
        print("\n".join(cross_validate(options.gold, progress=say, beside=options.learn_from).lines()))
    else:
        reader = reader_of(options)
        name = f"{reader.mode} reader {reader.version}"
        for path in options.gold:
            report = evaluate_reader(name, path, lambda articles: mentions_of(reader, articles))
            print("\n".join([f"{path}:", *report.lines()]))
    print("\n".join(evaluate_baseline(options.gold).lines()))
    return 0


def show_differences(old: Path, new: Path) -> int:
    """A line a deal that appears, vanishes or changes."""
    from dealwire.extract.versions import compare

    found = compare(_read_deals(old), _read_deals(new))
    for difference in found:
        print(difference.line())
    say(f"{len(found)} deals differ")
    return 0


def _read_deals(path: Path) -> dict[str, list[Deal]]:
    from dealwire.extract.gold import deal_from_json

    deals = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            deals[str(row["id"])] = [deal_from_json(deal) for deal in row["deals"]]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}, line {number}: not a line of `dealwire extract`: {error!r}") from None
    return deals


def train(options: argparse.Namespace) -> int:
    from dealwire.extract.train import train as learn
    from dealwire.extract.weights import FOLDER

    folder = options.out or FOLDER
    say(f"learning from {', '.join(map(str, options.gold))}; this takes some minutes")
    learn(options.gold, folder)
    say(f"weights written to {folder}")
    return 0
