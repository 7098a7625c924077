"""Learn all weights from labelled articles: `train(gold_files, out_dir)`. The same labels give the same digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dealwire.extract.features_record import Evidence
from dealwire.extract.gold import Labelled, read_all
from dealwire.extract.judging import amount_margins, article_margins, likely_kinds, party_margins
from dealwire.extract.layout import Floats
from dealwire.extract.priors import Priors
from dealwire.extract.reading import read_article
from dealwire.extract.scorers import Linear, Scorer
from dealwire.extract.selection import Ranked
from dealwire.extract.train_records import (
    Pool,
    make_pool,
    rank,
    train_claims,
    train_details,
    train_emission,
    train_records,
    train_status,
)
from dealwire.extract.train_stages import (
    Recipes,
    across_folds,
    as_chances,
    cross_fitted_priors,
    pick,
    train_amounts,
    train_kinds,
    train_parties,
    train_priors,
    train_sentences,
    train_topics,
)
from dealwire.extract.truth import Case, make_case
from dealwire.extract.weights import PartyScorer, Weights, read_platts, save


def read_cases(labelled: Sequence[Labelled]) -> list[Case]:
    return [make_case(one, read_article(one.article)) for one in labelled]


def train(gold_files: Sequence[Path], out_dir: Path, recipes: Recipes | None = None) -> Weights:
    """The calibration that stands in `out_dir` is kept: it comes from articles not trained on (bench/accuracy.py)."""
    weights = learn(read_cases(read_all(gold_files)), recipes or Recipes())
    weights = replace(weights, platt=read_platts(out_dir))
    save(weights, out_dir)
    return weights


@dataclass(frozen=True, slots=True)
class Readers:
    """The lower scorers (sentences, kinds, parties, amounts), and what their unseen twins say of each case."""

    sentence: Linear
    topic: Linear
    kind: Scorer
    gate: Scorer
    priors: Priors
    party: PartyScorer
    amount: Scorer
    seen_priors: list[Priors]
    evidence: list[Evidence]


def learn(cases: Sequence[Case], recipes: Recipes) -> Weights:
    return learn_deciders(cases, learn_readers(cases, recipes), recipes)


def learn_readers(cases: Sequence[Case], recipes: Recipes) -> Readers:
    sentence = train_sentences(cases, recipes.sentence)
    margins = across_folds(
        cases,
        lambda rows: train_sentences(pick(cases, rows), recipes.sentence),
        lambda model, row: model.margin(cases[row].sheet.sentence),
    )
    chances = as_chances(margins)
    topics = across_folds(
        cases,
        lambda rows: train_topics(pick(cases, rows), recipes.topic),
        lambda model, row: model.margin(cases[row].sheet.topic),
    )
    kind, gate = train_kinds(cases, margins, topics, recipes)
    seen_priors = cross_fitted_priors(cases)
    return Readers(
        sentence=sentence,
        topic=train_topics(cases, recipes.topic),
        kind=kind,
        gate=gate,
        priors=train_priors(cases),
        party=train_parties(cases, chances, seen_priors, recipes),
        amount=train_amounts(cases, chances, recipes),
        seen_priors=seen_priors,
        evidence=_unseen_evidence(cases, margins, topics, chances, seen_priors, recipes),
    )


def learn_deciders(cases: Sequence[Case], readers: Readers, recipes: Recipes) -> Weights:
    evidence = readers.evidence
    chances = [one.chances for one in evidence]
    pools = [make_pool(c, e, p) for c, e, p in zip(cases, evidence, readers.seen_priors, strict=True)]
    records = train_records(cases, pools, recipes)
    rankings = _unseen_rankings(cases, pools, recipes)
    emit, background = train_emission(cases, rankings, recipes)
    return Weights(
        sentence=readers.sentence,
        topic=readers.topic,
        kind=readers.kind,
        gate=readers.gate,
        party=readers.party,
        priors=readers.priors,
        amount=readers.amount,
        claim=train_claims(cases, chances, [one.amounts for one in evidence], recipes),
        order=records.order,
        match=records.match,
        exact=records.exact,
        emit=emit,
        background=background,
        status=train_status(cases, chances, recipes),
        details=train_details(cases, chances, recipes.detail),
        platt={},
    )


def _unseen_evidence(
    cases: Sequence[Case],
    margins: Sequence[Floats],
    topics: Sequence[Floats],
    chances: Sequence[Floats],
    priors: Sequence[Priors],
    recipes: Recipes,
) -> list[Evidence]:
    """What models that have not seen a case's event say of it."""
    articles = across_folds(
        cases,
        lambda rows: train_kinds(pick(cases, rows), pick(margins, rows), pick(topics, rows), recipes),
        lambda models, row: article_margins(cases[row].sheet, margins[row], topics[row], *models),
    )
    parties = across_folds(
        cases,
        lambda rows: train_parties(pick(cases, rows), pick(chances, rows), pick(priors, rows), recipes),
        lambda model, row: party_margins(
            cases[row].sheet, chances[row], priors[row], model, likely_kinds(articles[row][0])
        ),
    )
    amounts = across_folds(
        cases,
        lambda rows: train_amounts(pick(cases, rows), pick(chances, rows), recipes),
        lambda model, row: amount_margins(cases[row].sheet, chances[row], model),
    )
    return [
        Evidence(
            layout=case.sheet.layout,
            entity=case.sheet.entity,
            chances=chances[row],
            kind=articles[row][0],
            gate=articles[row][1],
            party=parties[row],
            amounts=amounts[row],
            modifier=case.sheet.modifier,
            frames=case.sheet.frames,
            votes=case.sheet.votes,
        )
        for row, case in enumerate(cases)
    ]


def _unseen_rankings(cases: Sequence[Case], pools: Sequence[Pool], recipes: Recipes) -> list[list[Ranked]]:
    return across_folds(
        cases,
        lambda rows: train_records(pick(cases, rows), pick(pools, rows), recipes),
        lambda scorers, row: rank(pools[row], scorers),
    )
