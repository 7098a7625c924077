"""`dealwire label`: what people judged and what a language model read, as labelled articles for `dealwire train`."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealwire.cli.command import Commands, add_command, database, emit, say
from dealwire.context import Runtime
from dealwire.errors import UsageError

JUDGED, MODEL = 1.0, 0.5
DOUBTED = 0.5  # of the weight: the text did not prove all that the model said, or the local reader objects


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "label",
        label,
        "what people judged in the review queue and what a model read, as labelled articles",
        "dealwire label > mine.jsonl",
    )
    parser.add_argument(
        "--of", choices=("all", "review", "model"), default="all", help="only what people judged, or what a model read"
    )
    parser.add_argument("--weight", type=float, default=JUDGED, help="of what a person judged, in training")
    parser.add_argument("--model-weight", type=float, default=MODEL, help="of what a model read and no person judged")


@dataclass(frozen=True, slots=True)
class Taught:
    """An article's mentions that count as true, each with its deal, and how much the label weighs."""

    mentions: Sequence[tuple[int, int | None]]
    weight: float
    judged: bool


def label(options: argparse.Namespace) -> int:
    """A line an article; people's word goes before a model's."""
    from dealwire.extract.record import label_to_json
    from dealwire.store.mentions import load_reports
    from dealwire.store.news import load_articles

    for name, weight in (("--weight", options.weight), ("--model-weight", options.model_weight)):
        if not 0 < weight <= 1:
            raise UsageError(f"{name} must be over 0 and at most 1")
    with database() as runtime:
        taught = _taught(runtime, options)
        events = events_of({article: one.mentions for article, one in taught.items()})
        for loaded in load_articles(runtime.connection, sorted(taught)):
            one = taught[loaded.article_id]
            reports = load_reports(runtime.connection, [mention for mention, _ in one.mentions])
            mentions = [stored.report.mention for stored in reports]
            if one.judged:  # what waited for review has had its answer
                mentions = [dataclasses.replace(mention, needs_review=False) for mention in mentions]
            emit(label_to_json(loaded.article, mentions, events.get(loaded.article_id), one.weight))
    say(f"{len(taught)} articles")
    return 0


def _taught(runtime: Runtime, options: argparse.Namespace) -> dict[int, Taught]:
    from dealwire.store.maintenance import judged_mentions
    from dealwire.store.model_reader import articles_read_by_model

    taught: dict[int, Taught] = {}
    if options.of != "review":
        for article, read in articles_read_by_model(runtime.connection).items():
            weight = options.model_weight * (DOUBTED if read.doubted else 1)
            taught[article] = Taught(read.mentions, weight, judged=False)
    if options.of != "model":
        for article, judged in judged_mentions(runtime.connection).items():
            standing = [(mention, deal) for mention, deal, how in judged if how in ("new", "match")]
            taught[article] = Taught(standing, options.weight, judged=True)
    return taught


def events_of(mentions: Mapping[int, Sequence[tuple[int, int | None]]]) -> dict[int, str]:
    """One key for all articles that are linked by deals: training must not see one side of it and be tested on another.

    An article without a deal has none.
    """
    root: dict[int, int] = {}

    def find(deal: int) -> int:
        while root.setdefault(deal, deal) != deal:
            deal = root[deal]
        return deal

    deals = {article: sorted({deal for _, deal in found if deal}) for article, found in mentions.items()}
    for together in deals.values():
        for deal in together[1:]:
            first, second = sorted((find(together[0]), find(deal)))
            root[second] = first
    return {article: f"deal-{find(together[0])}" for article, together in deals.items() if together}
