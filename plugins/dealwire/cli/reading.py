"""Reading articles without a database, by the reader that the settings or --reader name: for extract and eval."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from dealwire.cli.command import say
from dealwire.errors import UsageError
from dealwire.model import Article, Mention
from dealwire.runtime import utc_now
from dealwire.settings import READERS, Settings, check_reader, from_environment

if TYPE_CHECKING:
    from dealwire.stages.article_reader import ArticleReader, Outcome


def add_reader(parser: argparse.ArgumentParser) -> None:
    """The option --reader."""
    parser.add_argument(
        "--reader", choices=READERS, help="who reads: the local reader, a language model, or both; default: the setting"
    )


def settings_with_reader(options: argparse.Namespace, settings: Settings | None = None) -> Settings:
    """The settings, with the reader of the command line. Raises SettingsError where its model is not set up."""
    settings = settings or from_environment()
    if options.reader:
        settings = dataclasses.replace(settings, reader=options.reader)
        check_reader(settings)
    return settings


def reader_of(options: argparse.Namespace) -> ArticleReader:
    """The reader, which forgets its answers when the command ends; the day's budget is that of one command."""
    from dealwire.extract.assemble import DEFAULT
    from dealwire.stages.article_reader import open_reader

    return open_reader(settings_with_reader(options), DEFAULT, utc_now)


def read_articles(reader: ArticleReader, articles: Iterable[Article]) -> Iterator[tuple[Article, Outcome]]:
    """In order, as many at once as the model may be asked; what went wrong is told."""
    waiting = iter(articles)
    while group := list(islice(waiting, reader.stride)):
        for article, outcome in zip(group, reader.read(group), strict=True):
            if outcome.failure is not None:
                say(f"{article.id}: the local reader's result, because of {outcome.cause}: {outcome.failure.detail}")
            if outcome.error is not None:
                say(f"{article.id}: broke the extractor: {outcome.error!r}")
            yield article, outcome


def mentions_of(reader: ArticleReader, articles: Sequence[Article]) -> list[Sequence[Mention]]:
    """What the reader says of each; raises UsageError where the model read none of those that it was asked for."""
    outcomes = [outcome for _, outcome in read_articles(reader, articles)]
    if any(one.failure for one in outcomes) and not any(one.reading for one in outcomes):
        raise UsageError("the model read no article: these would be the local reader's figures")
    if left := sum(one.failure is not None for one in outcomes):
        say(f"{left} of {len(outcomes)} articles were left to the local reader: the figures are not the model's alone")
    return [outcome.mentions for outcome in outcomes]
