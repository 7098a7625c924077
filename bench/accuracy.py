"""The figures of docs/accuracy.md: out of fold by language, kind and field; calibration; errors; a language left out.

    .venv/bin/python bench/accuracy.py [--calibrate] [--leave-out fr de es ja] [--predictions FILE]

`--calibrate` writes weights/platt.json from the held-out decisions. Takes some minutes: it trains once a fold.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugins"))

from dealwire.extract.calibrate import platts, table  # noqa: E402
from dealwire.extract.evaluate import Unseen, evaluate_baseline, read_unseen, without_language  # noqa: E402
from dealwire.extract.folded_names import fold  # noqa: E402
from dealwire.extract.gold import Deal, read_all  # noqa: E402
from dealwire.extract.score import (  # noqa: E402
    Mistake,
    amount_right,
    figures,
    kinds_fit,
    names,
    roles,
    tally,
    total,
)
from dealwire.extract.train import read_cases  # noqa: E402
from dealwire.extract.truth import Case  # noqa: E402
from dealwire.extract.weights import FOLDER, save_platts  # noqa: E402

GOLD = [ROOT / "tests" / "gold" / f"{name}.jsonl" for name in ("dev", "train_en", "train_intl")]
OWN = [ROOT / "tests" / "gold" / f"{name}.jsonl" for name in ("own_en", "own_intl")]  # learned from, not measured on


def wrong_fields(got: Deal, want: Deal) -> list[str]:
    classes = []
    if got.kind != want.kind:
        classes.append(f"kind: {want.kind} read as {got.kind}")
    if got.status != want.status:
        classes.append(f"status: {want.status} read as {got.status}")
    if names(got) != names(want):
        extra, lost = bool(names(got) - names(want)), bool(names(want) - names(got))
        classes.append(
            "parties: " + ("one exchanged" if extra and lost else "one too many" if extra else "one missing")
        )
    elif roles(got) != roles(want) and got.kind == want.kind:
        classes.append("roles: right parties, wrong role")
    if not amount_right(got, want):
        how = "none given" if got.amount is None else "given where none" if want.amount is None else "another figure"
        classes.append(f"amount: {how}")
    return classes


def missed_class(want: Deal, case: Case, predicted: list[Deal]) -> str:
    seen = {entity.key for entity in case.sheet.reading.entities}
    if any(fold(party.name) not in seen for party in want.parties):
        return "missed: a party was not found in the text"
    if not predicted:
        return "missed: nothing told of the article"
    if sum(deal.salience == "primary" for deal in case.labelled.deals) > 1:
        return "missed: one of several deals"
    fitting = any(kinds_fit(deal.kind, want.kind) for deal in predicted)
    return "missed: right kind, too different parties" if fitting else "missed: wrong kind"


def classes_of(mistake: Mistake, case: Case, predicted: list[Deal]) -> list[str]:
    if mistake.want is not None and mistake.got is not None:
        return wrong_fields(mistake.got, mistake.want)
    if mistake.want is not None:
        return [missed_class(mistake.want, case, predicted)]
    return ["extra: false alarm" if not case.labelled.deals else "extra: beside the article's deals"]


def error_table(unseen: Unseen, cases: list[Case]) -> list[str]:
    by_id = {case.article.id: case for case in cases}
    counted: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for mistake in unseen.report.mistakes:
        predicted = [deal for deal in unseen.predicted[mistake.article_id] if deal.salience == "primary"]
        for name in classes_of(mistake, by_id[mistake.article_id], predicted):
            counted[name] += 1
            examples.setdefault(name, []).append(mistake.article_id)
    return [f"| {count} | {name} | {', '.join(examples[name][:3])} |" for name, count in counted.most_common(14)]


def leave_out(code: str, cases: list[Case], own: list[Case], unseen: Unseen) -> str:
    split = without_language(cases, code)
    alone = read_unseen(cases, folds=[split], beside=[case for case in own if case.article.lang != code])
    held_out = [cases[row] for row in split[1]]
    inside = figures(total(tally(case.labelled, unseen.predicted[case.article.id]) for case in held_out))
    outside = alone.report.overall
    return (
        f"| {code} | {len(held_out)} | {len(split[0])} | {outside.deal.f1:.3f} | {inside.deal.f1:.3f} | "
        f"{inside.deal.f1 - outside.deal.f1:+.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="LANG")
    parser.add_argument("--predictions", type=Path)
    options = parser.parse_args()
    cases = read_cases(read_all(GOLD))
    own = read_cases(read_all(OWN))
    unseen = read_unseen(cases, progress=lambda line: print(line, file=sys.stderr), beside=own)
    print("\n".join(evaluate_baseline(GOLD).lines()[:3]), "\n")
    print("\n".join(unseen.report.lines()))
    fitted = platts(unseen.samples)
    print("\n| scale | under .2 | .2-.4 | .4-.6 | .6-.8 | over .8 | calibration error |\n|---|---|---|---|---|---|---|")
    print("\n".join(table(unseen.samples, fitted)))
    if options.calibrate:
        save_platts(fitted, FOLDER)
    print("\n| n | class | for example |\n|---|---|---|")
    print("\n".join(error_table(unseen, cases)))
    if options.leave_out:
        print("\n| left out | articles | trained on | deal F1 | with the language | loss |\n|---|---|---|---|---|---|")
        for code in options.leave_out:
            print(leave_out(code, cases, own, unseen), flush=True)
    if options.predictions:
        rows = {name: [repr(deal) for deal in deals] for name, deals in unseen.predicted.items()}
        options.predictions.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
