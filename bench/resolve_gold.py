#!/usr/bin/env python3
"""How well reports of one deal are brought together, on the labelled articles.

    bench/resolve_gold.py [--mentions FILE.jsonl] [--weights hand|learned|shipped] [--write PATH] [--errors] [--match N]

Mentions come from the labels (what resolution can do where extraction is perfect), or, with --mentions, from a file of
`dealwire extract` output (`{"id", "deals"}` a line). "learned" weights are cross-validated: a pair is scored by weights
that saw no article of either side's events. --write trains on everything and writes the weights file.

Pairs of articles are counted as tests/gold's scorer counts them; an article that tells a second event (`also`) belongs
to both.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

from dealwire.deal_model import Report  # noqa: E402
from dealwire.extract.gazetteer import load_gazetteer, provisional_id  # noqa: E402
from dealwire.extract.gold import deal_from_mention  # noqa: E402
from dealwire.extract.score import pair_up  # noqa: E402
from dealwire.model import Capacity, Mention, Party  # noqa: E402
from dealwire.resolve.clustering import Constraints  # noqa: E402
from dealwire.resolve.exchange import shipped_rates  # noqa: E402
from dealwire.resolve.pairing import score_pairs  # noqa: E402
from dealwire.resolve.partition import limits_of, partition  # noqa: E402
from dealwire.resolve.profiles import Profile, profile  # noqa: E402
from dealwire.resolve.scoring import Weights, load_weights, pair_score  # noqa: E402
from dealwire.resolve.train import Labelled, examples, folds, learn, write_weights  # noqa: E402

GOLD = [ROOT / "tests/gold" / name for name in ("dev.jsonl", "train_en.jsonl", "train_intl.jsonl")]
HAND = ROOT / "bench/resolve_hand_weights.json"
FOLDS = 8
LEAD = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, nargs="*", default=GOLD)
    parser.add_argument("--mentions", type=Path)
    parser.add_argument("--weights", choices=("hand", "learned", "shipped"), default="learned")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--match", type=float)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    articles = [json.loads(line) for path in options.gold for line in path.read_text("utf-8").splitlines() if line]
    predicted = _predicted(options.mentions) if options.mentions else {a["id"]: a["deals"] for a in articles}
    labelled = [item for article in articles for item in labelled_reports(article, predicted.get(article["id"], []))]
    families = parents()
    prior = load_weights(HAND)
    pairs = examples(labelled, prior, families, shipped_rates())
    print(f"{len(labelled)} mentions, {len(pairs)} labelled pairs, {sum(p.same for p in pairs)} of them one deal")
    if options.write:
        write_weights(
            learn(pairs, prior, "learned from tests/gold by bench/resolve_gold.py", options.strength), options.write
        )
        return
    if options.weights == "learned":
        score = _cross_validated(labelled, pairs, prior, options.strength)
        weights = prior
    else:
        weights = prior if options.weights == "hand" else load_weights()
        score = functools.partial(pair_score, weights=weights)
    lines = [options.match] if options.match is not None else [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    for match in lines:
        placed = place(
            [item.report for item in labelled], families, score, Weights(weights.weights, match, weights.review, "")
        )
        precision, recall, f1 = count_pairs(articles, predicted, placed, options.errors)
        print(f"match {match:4.1f}  P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


@functools.cache
def parents() -> dict[str, str]:
    """Each unit's parent, from the gazetteer."""
    return {o.id: o.parent for o in load_gazetteer().organisations.values() if o.parent}


def labelled_reports(article: dict[str, Any], deals: Sequence[dict[str, Any]]) -> list[Labelled]:
    """The article's mentions as reports, with the events it tells."""
    published = article.get("published")
    at = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    events = frozenset(events_of(article))
    return [
        Labelled(
            Report(
                key=f"{article['id']}#{number}",
                article_id=article["id"],
                story_id=None,
                publisher=(article.get("url") or "").split("/")[2:3][0] if article.get("url") else "",
                official=False,
                url=article.get("url"),
                title=article["title"],
                lead=article["text"][:LEAD],
                language=article["lang"],
                published_at=at,
                seen_at=at,
                mention=mention_of(deal),
            ),
            events,
        )
        for number, deal in enumerate(deals)
    ]


def events_of(article: Mapping[str, Any]) -> list[str]:
    event = article.get("event")
    return [*([event] if event else []), *article.get("also", ())]


def mention_of(deal: dict[str, Any]) -> Mention:
    """A record in the labels' shape as a mention."""
    announced = deal.get("announced_on")
    return Mention(
        salience=deal.get("salience", "primary"),
        kind=deal["kind"],
        status=deal["status"],
        parties=tuple(Party(p["name"], p["role"], _organisation(p)) for p in deal["parties"]),
        amount=_number(deal.get("amount")),
        currency=deal.get("currency"),
        amount_qualifier=deal.get("amount_qualifier"),
        amount_basis=deal.get("amount_basis"),
        amount_low=None,
        amount_high=None,
        amount_text=None,
        valuation=_number(deal.get("valuation")),
        valuation_currency=None,
        term_months=deal.get("term_months"),
        announced_on=date.fromisoformat(announced) if announced else None,
        capacity=tuple(
            Capacity(_number(c["quantity"]), c["unit"], c["qualifier"], c.get("item")) for c in deal["capacity"]
        ),
        confidence=deal.get("confidence", 0.9),
        needs_review=False,
        claims=(),
        extractor_version="gold",
    )


def _organisation(party: dict[str, Any]) -> str:
    if party.get("organisation_id"):
        return str(party["organisation_id"])
    known = load_gazetteer().resolve_name(party["name"])
    return known.id if known else provisional_id(party["name"])


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(int(value)) if value == int(value) else Decimal(str(value))


def _predicted(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {row["id"]: row["deals"] for row in map(json.loads, path.read_text("utf-8").splitlines())}


def _cross_validated(
    labelled: Sequence[Labelled], pairs: Sequence[Any], prior: Weights, strength: float
) -> Callable[[Profile, Profile], int]:
    fold_of = folds(labelled, FOLDS)

    @functools.cache
    def without(one: int, other: int) -> Weights:
        kept = [p for p in pairs if not {fold_of[p.one], fold_of[p.other]} & {one, other}]
        return learn(kept, prior, "", strength)

    def score(one: Profile, other: Profile) -> int:
        sides = sorted(fold_of.get(p.key, -1) for p in (one, other))
        return pair_score(one, other, without(*sides))

    return score


def place(
    reports: Sequence[Report], families: Mapping[str, str], score: Callable[[Profile, Profile], int], weights: Weights
) -> dict[str, int]:
    """The number of the deal that each report came to."""
    profiles = {r.key: profile(r, families, shipped_rates()) for r in reports}
    groups = partition(profiles, score_pairs(profiles, score), limits_of(profiles, Constraints()), weights)
    return {key: number for number, group in enumerate(groups) for key in group}


def count_pairs(
    articles: Sequence[dict[str, Any]],
    predicted: Mapping[str, Sequence[dict[str, Any]]],
    placed: Mapping[str, int],
    show: bool,
) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of articles."""
    deals = {a["id"]: _found(a, predicted.get(a["id"], []), placed) for a in articles if a.get("event")}
    events = {a["id"]: set(events_of(a)) for a in articles if a.get("event")}
    told = [key for key in deals if deals[key]]
    right = wrong = missed = 0
    for one, other in itertools.combinations(told, 2):
        joined, same = bool(deals[one] & deals[other]), bool(events[one] & events[other])
        right, wrong, missed = right + (joined and same), wrong + (joined and not same), missed + (same and not joined)
        if show and joined != same:
            print("  ", "FALSE" if joined else "MISSED", one, other, sorted(events[one]), sorted(events[other]))
    precision, recall = right / (right + wrong or 1), right / (right + missed or 1)
    return precision, recall, 2 * precision * recall / (precision + recall or 1)


def _found(article: dict[str, Any], deals: Sequence[dict[str, Any]], placed: Mapping[str, int]) -> set[int]:
    """The deals that the article's news came to: mentions told as news that meet a label told as news."""
    news = [n for n, deal in enumerate(deals) if deal.get("salience", "primary") == "primary"]
    got = [deal_from_mention(mention_of(deals[n])) for n in news]
    want = [deal_from_mention(mention_of(deal)) for deal in article["deals"]]
    pairs = [(news[i], want[j]) for i, j in pair_up(got, want)]
    return {placed[f"{article['id']}#{n}"] for n, label in pairs if label.salience == "primary"}


if __name__ == "__main__":
    main()
