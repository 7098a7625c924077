"""Measure the readers on labelled articles: out of fold for labels that we train on, directly for unseen ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dealwire.extract.assemble import DEFAULT, Thresholds, decide
from dealwire.extract.baseline import guess
from dealwire.extract.calibrate import Samples, collect, new_samples
from dealwire.extract.claims import mention_of
from dealwire.extract.folds import bootstrap, split
from dealwire.extract.gold import Deal, Labelled, deal_from_mention, read_all, read_gold
from dealwire.extract.local import EXTRACTOR_VERSION, extract
from dealwire.extract.score import Figures, Mistake, figures, tally, total
from dealwire.extract.train import learn, read_cases
from dealwire.extract.train_stages import Recipes
from dealwire.extract.truth import Case
from dealwire.model import KINDS, Article, Kind, Mention

FOLDS = 5
HEADLINE: Mapping[str, Callable[[Figures], float]] = {
    "deal F1": lambda f: f.deal.f1,
    "record F1": lambda f: f.record.f1,
    "roles F1": lambda f: f.roles.f1,
    "amount": lambda f: f.fields["amount"],
    "kind": lambda f: f.fields["kind"],
    "status": lambda f: f.fields["status"],
    "false alarms": lambda f: f.false_alarms or 0.0,
}


@dataclass(frozen=True, slots=True)
class Report:
    """Figures with their intervals, and every mistake."""

    reader: str
    overall: Figures
    intervals: Mapping[str, tuple[float, float]]
    by_language: Mapping[str, Figures]
    by_kind: Mapping[str, Figures]
    mistakes: tuple[Mistake, ...]

    def lines(self) -> list[str]:
        """As `dealwire eval` prints it."""
        rows = [f"{self.reader}: {self.overall.articles} articles", _header(), _line("all", self.overall)]
        rows += [_line(name, one) for name, one in self.by_language.items()]
        rows += [_line(name, one) for name, one in self.by_kind.items()]
        rows.append("90 % intervals by event: " + _intervals(self.intervals))
        return rows


def _header() -> str:
    return "part               n  deal P    R   F1  record roles | fields | false alarms"


def _line(name: str, one: Figures) -> str:
    fields = " ".join(f"{field} {value:.2f}" for field, value in one.fields.items())
    alarms = "-" if one.false_alarms is None else f"{one.false_alarms:.2f}"
    deal = f"{one.deal.precision:.3f} {one.deal.recall:.3f} {one.deal.f1:.3f}"
    return f"{name:17} {one.articles:4} {deal} {one.record.f1:.3f} {one.roles.f1:.3f} | {fields} | {alarms}"


def _intervals(intervals: Mapping[str, tuple[float, float]]) -> str:
    return ", ".join(f"{name} {low:.2f}-{high:.2f}" for name, (low, high) in intervals.items())


def news_of(mentions: Sequence[Mention]) -> list[Deal]:
    """What counts as told: everything but what waits for review."""
    return [deal_from_mention(one) for one in mentions if not one.needs_review]


def report(reader: str, labelled: Sequence[Labelled], predicted: Mapping[str, Sequence[Deal]]) -> Report:
    tallies = [tally(one, predicted.get(one.article.id, ())) for one in labelled]
    groups = [one.group for one in labelled]
    languages = sorted({one.article.lang or "?" for one in labelled})
    pairs = list(zip(labelled, tallies, strict=True))
    return Report(
        reader=reader,
        overall=figures(total(tallies)),
        intervals=bootstrap([one.counts for one in tallies], groups, HEADLINE),
        by_language={
            code: figures(total(one for gold, one in pairs if (gold.article.lang or "?") == code)) for code in languages
        },
        by_kind={kind: _of_kind(kind, labelled, predicted) for kind in KINDS},
        mistakes=tuple(mistake for one in tallies for mistake in one.mistakes),
    )


def _of_kind(kind: Kind, labelled: Sequence[Labelled], predicted: Mapping[str, Sequence[Deal]]) -> Figures:
    """Deals of one kind: labels of the kind, and what was predicted as it or met such a label."""
    counts: Counter[str] = Counter()
    for one in labelled:
        golds = tuple(deal for deal in one.deals if deal.kind == kind)
        others = tuple(deal for deal in one.deals if deal.kind != kind)
        mine = predicted.get(one.article.id, ())
        if golds:
            counts.update(tally(Labelled(one.article, one.event, (*golds, *_aside(others))), mine).counts)
        else:
            counts.update(
                tally(
                    Labelled(one.article, one.event, _aside(others)), [deal for deal in mine if deal.kind == kind]
                ).counts
            )
    return figures(counts)


def _aside(deals: Sequence[Deal]) -> tuple[Deal, ...]:
    """Labels of other kinds stay as deals that count neither way."""
    return tuple(replace(deal, salience="background") for deal in deals)


def evaluate_file(gold: Path, thresholds: Thresholds = DEFAULT) -> Report:
    """The shipped weights on labels that they were not trained on."""
    return evaluate_reader(
        f"local reader {EXTRACTOR_VERSION}", gold, lambda articles: [extract(one, thresholds) for one in articles]
    )


def evaluate_reader(name: str, gold: Path, read: Callable[[Sequence[Article]], Sequence[Sequence[Mention]]]) -> Report:
    """Any reader on labels that it has not seen."""
    labelled = read_gold(gold)
    told = read([one.article for one in labelled])
    predicted = {one.article.id: news_of(mentions) for one, mentions in zip(labelled, told, strict=True)}
    return report(name, labelled, predicted)


def evaluate_baseline(gold_files: Sequence[Path]) -> Report:
    cases = read_cases(read_all(gold_files))
    predicted = {case.article.id: guess(case.sheet.reading) for case in cases}
    return report("naive baseline", [case.labelled for case in cases], predicted)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A cross-validation: the report, and every decision's log-odds with whether it was right."""

    report: Report
    predicted: Mapping[str, Sequence[Deal]]
    samples: Samples


def read_unseen(
    cases: Sequence[Case],
    thresholds: Thresholds = DEFAULT,
    recipes: Recipes | None = None,
    folds: Sequence[tuple[list[int], list[int]]] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    beside: Sequence[Case] = (),
) -> Unseen:
    """Each article read by weights that have not seen its event; `beside` is learned from too, and not read."""
    predicted: dict[str, list[Deal]] = {}
    samples = new_samples()
    splits = folds if folds is not None else split([case.group for case in cases], FOLDS)
    for number, (train_rows, test_rows) in enumerate(splits, 1):
        held_out = {cases[row].group for row in test_rows}
        also = [case for case in beside if case.group not in held_out]
        weights = learn([*(cases[row] for row in train_rows), *also], recipes or Recipes())
        for row in test_rows:
            case = cases[row]
            evidence, decided = decide(case.sheet, weights, thresholds)
            collect(case, evidence, decided, weights, samples)
            mentions = [mention_of(one, case.sheet, evidence, weights, EXTRACTOR_VERSION) for one in decided]
            predicted[case.article.id] = news_of(mentions)
        progress(f"fold {number} of {len(splits)} done")
    labels = [cases[row].labelled for _, rows in splits for row in rows]
    return Unseen(report("local reader, out of fold", labels, predicted), predicted, samples)


def cross_validate(
    gold_files: Sequence[Path],
    thresholds: Thresholds = DEFAULT,
    progress: Callable[[str], None] = lambda _: None,
    beside: Sequence[Path] = (),
) -> Report:
    """The report of `read_unseen` on label files that the weights are learned on, and on those `beside` them."""
    also = read_cases(read_all(beside))
    return read_unseen(read_cases(read_all(gold_files)), thresholds, progress=progress, beside=also).report


def without_language(cases: Sequence[Case], code: str) -> tuple[list[int], list[int]]:
    """A split that trains without a language and without any event told in it."""
    held_out = [row for row, case in enumerate(cases) if case.article.lang == code]
    events = {cases[row].group for row in held_out}
    return [row for row, case in enumerate(cases) if case.group not in events], held_out
