#!/usr/bin/env python3
"""Writes what the extractor says of the labelled articles, each read by weights that have not seen its events.

    bench/resolve_mentions.py OUT.jsonl

A line an article, `{"id", "deals"}` as `dealwire extract` prints it, with each party's organisation; mentions that wait
for review are left out, as they are in no deal. It is the input of `bench/resolve_gold.py --mentions OUT.jsonl`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "bench")]

from resolve_gold import GOLD  # noqa: E402

from dealwire.extract.assemble import DEFAULT, decide  # noqa: E402
from dealwire.extract.claims import mention_of  # noqa: E402
from dealwire.extract.evaluate import FOLDS  # noqa: E402
from dealwire.extract.folds import split  # noqa: E402
from dealwire.extract.gold import read_all  # noqa: E402
from dealwire.extract.local import EXTRACTOR_VERSION  # noqa: E402
from dealwire.extract.record import mention_to_json  # noqa: E402
from dealwire.extract.train import learn, read_cases  # noqa: E402
from dealwire.extract.train_stages import Recipes  # noqa: E402
from dealwire.extract.truth import Case  # noqa: E402
from dealwire.extract.weights import Weights  # noqa: E402
from dealwire.model import Mention  # noqa: E402

OWN = [ROOT / "tests/gold" / name for name in ("own_en.jsonl", "own_intl.jsonl")]


def main() -> None:
    cases, own = read_cases(read_all(GOLD)), read_cases(read_all(OWN))  # our own are learned from only, as shipped
    groups = [
        min([*([case.labelled.event] if case.labelled.event else []), *case.labelled.also], default=case.article.id)
        for case in cases
    ]
    lines: dict[str, str] = {}
    for number, (train_rows, test_rows) in enumerate(split(groups, FOLDS), 1):
        weights = learn([*(cases[row] for row in train_rows), *own], Recipes())
        for row in test_rows:
            article = cases[row].article.id
            told = [_deal(mention) for mention in _mentions(cases[row], weights) if not mention.needs_review]
            lines[article] = json.dumps({"id": article, "deals": told}, ensure_ascii=False)
        print(f"fold {number} of {FOLDS}", file=sys.stderr)
    Path(sys.argv[1]).write_text("".join(lines[case.article.id] + "\n" for case in cases), "utf-8")


def _mentions(case: Case, weights: Weights) -> list[Mention]:
    evidence, decided = decide(case.sheet, weights, DEFAULT)
    return [mention_of(one, case.sheet, evidence, weights, EXTRACTOR_VERSION) for one in decided]


def _deal(mention: Mention) -> dict[str, Any]:
    deal = mention_to_json(mention)
    for row, party in zip(deal["parties"], mention.parties, strict=True):
        row["organisation_id"] = party.organisation_id
    return deal


if __name__ == "__main__":
    main()
