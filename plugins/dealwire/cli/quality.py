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
    from dealwire.extract.evaluate import cross_validate, evaluate_baseline, evaluate_file

    if options.cross_validate:
        print("\n".join(cross_validate(options.gold, progress=say).lines()))
    else:
        for path in options.gold:
            print("\n".join([f"{path}:", *evaluate_file(path).lines()]))
    print("\n".join(evaluate_baseline(options.gold).lines()))
    return 0


def train(options: argparse.Namespace) -> int:
    from dealwire.extract.train import train as learn
    from dealwire.extract.weights import FOLDER

    folder = options.out or FOLDER
    say(f"learning from {', '.join(map(str, options.gold))}; this takes some minutes")
    learn(options.gold, folder)
    say(f"weights written to {folder}")
    return 0
