"""How good extraction is, and learning it: eval, train."""

from __future__ import annotations

import argparse
from pathlib import Path

from dealwire.cli.command import Commands, add_command, say


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "eval",
        evaluate,
        "measure extraction and resolution on labelled articles",
        "dealwire eval tests/gold/newsroom.jsonl",
    )
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD")
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="train on other events for each fold: for files that weights were learned on",
    )
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
    from dealwire.extract.evaluate import cross_validate, evaluate_file, format_report

    if options.cross_validate:
        print(format_report(cross_validate(options.gold, say)))
        return 0
    for path in options.gold:
        print(f"{path}:\n{format_report(evaluate_file(path))}")
    return 0


def train(options: argparse.Namespace) -> int:
    from dealwire.extract.train import WEIGHTS
    from dealwire.extract.train import train as learn

    learn(options.gold, options.out or WEIGHTS, say)
    return 0
