"""Reads articles as the settings say: by the local reader, by a language model, or by the one where the other doubts.

Whatever a model's server does, every article has a result: the local reader's stands, with the reason beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dealwire.chat.client import ChatClient
from dealwire.chat.protocol import Answer, Endpoint, Failure, Question
from dealwire.errors import DealwireError
from dealwire.extract.assemble import Thresholds
from dealwire.extract.local import EXTRACTOR_VERSION, Examined, examine
from dealwire.extract.reader_model import Reading, article_key, read_answer, reader_version, wants_model
from dealwire.extract.reader_prompt import answer_schema, messages, prompt_version
from dealwire.model import Article, Mention
from dealwire.settings import Settings
from dealwire.stages.model_memory import Memory, ProcessMemory, StoredMemory
from dealwire.store.database import Connection

logger = logging.getLogger("dealwire")
PATIENCE = timedelta(minutes=30)  # for the questions of one task, which is stopped after an hour
IN_A_ROW = 3  # so many failures one after another, and the server is left alone
LEAVE_ALONE = ("key_refused", "rate_limited")
NEVER_REACHED = ("unreachable", "key_refused")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an article. `failure`: why a wanted model did not read it; `error`: the article broke our code."""

    mentions: tuple[Mention, ...] = ()
    reading: Reading | None = None
    failure: Failure | None = None
    error: Exception | None = None

    @property
    def cause(self) -> str | None:
        """Why the local reader's result stands where a model's was wanted."""
        if self.failure is None:
            return None
        return self.failure.cause if isinstance(self.failure, Paused) else self.failure.reason


@dataclass(frozen=True, slots=True)
class Paused(Failure):
    """Not asked, because of what happened to the articles before; `cause` is budget, paused or out_of_time."""

    cause: str = "paused"


@dataclass(slots=True)
class ArticleReader:
    """One way for tasks and commands alike."""

    mode: str
    version: str
    thresholds: Thresholds
    client: ChatClient | None
    memory: Memory
    together: int
    now: Callable[[], datetime]
    until: datetime
    before_asking: Callable[[], None]
    _failed_in_a_row: int = field(default=0)
    _stopped: Paused | None = field(default=None)

    @property
    def stride(self) -> int:
        """How many articles are best read at once."""
        return self.together if self.client is not None else 1

    def read(self, articles: Sequence[Article]) -> list[Outcome]:
        """An outcome an article, in order. Raises DealwireError where the installation is at fault."""
        outcomes: list[Outcome] = []
        examined: dict[int, Examined] = {}
        for number, article in enumerate(articles):
            try:
                found = examine(article, self.thresholds)
            except DealwireError:  # not the article's fault: weights or tables are missing
                raise
            except Exception as error:
                logger.exception("article %s (%s) broke the extractor", article.id, article.url)
                outcomes.append(Outcome(error=error))
                continue
            outcomes.append(Outcome(found.mentions))
            if self.client is not None and wants_model(self.mode, found.mentions, found.gate):
                examined[number] = found
        if examined:
            self._consult(articles, examined, outcomes)
        return outcomes

    def _consult(self, articles: Sequence[Article], examined: dict[int, Examined], outcomes: list[Outcome]) -> None:
        """Replace the outcomes of articles that the model should read, a few questions at a time."""
        keys = {number: article_key(articles[number]) for number in examined}
        kept = self.memory.kept(sorted(set(keys.values())))
        waiting: list[int] = []
        for number, key in keys.items():
            known = self._outcome(articles[number], examined[number], kept[key]) if key in kept else None
            if known is None or known.failure is not None:
                if key in kept:
                    self.memory.drop(key)
                waiting.append(number)
            else:
                outcomes[number] = known
        for begin in range(0, len(waiting), self.together):
            group = waiting[begin : begin + self.together]
            for number, answer in zip(group, self._ask([articles[number] for number in group]), strict=True):
                found = examined[number]
                if isinstance(answer, Failure):
                    outcomes[number] = Outcome(found.mentions, failure=answer)
                    continue
                outcomes[number] = self._outcome(articles[number], found, answer.content)
                if outcomes[number].failure is None:
                    self.memory.keep(keys[number], answer)

    def _outcome(self, article: Article, found: Examined, content: str) -> Outcome:
        """The answer's mentions, or the local reader's where it cannot be read."""
        try:
            reading = read_answer(content, article, found.mentions, self._mentions_version)
        except Exception as error:  # a stranger's words are checked here: whatever they break, the article has a result
            if not isinstance(error, ValueError):
                logger.exception("an answer about article %s broke the checks", article.id)
            return Outcome(found.mentions, failure=Failure("broken_answer", str(error)[:300]))
        return Outcome(reading.mentions, reading)

    @property
    def _mentions_version(self) -> str:
        """The same whichever mode asked, so that changing the mode reads no answer anew."""
        assert self.client is not None
        return reader_version("model", self.client.endpoint.model)

    def _ask(self, articles: Sequence[Article]) -> list[Answer | Failure]:
        assert self.client is not None
        if self._stopped is None and self.now() > self.until:
            self._stopped = Paused("timeout", "the task's time for questions is over", None, "out_of_time")
        if self._stopped is not None:
            return [self._stopped] * len(articles)
        self.before_asking()
        granted = self.memory.take(len(articles))
        asked = [Question(messages(article), answer_schema()) for article in articles[:granted]]
        answers = self.client.ask(asked)
        self._watch(answers)
        if granted == len(articles):
            return answers
        self._stopped = Paused("rate_limited", "the day's budget is spent", None, "budget")
        return [*answers, *[self._stopped] * (len(articles) - granted)]

    def _watch(self, answers: Sequence[Answer | Failure]) -> None:
        """Leave a server alone that refuses the key, asks for patience, or fails again and again."""
        failures = [answer for answer in answers if isinstance(answer, Failure)]
        self.memory.give_back(sum(failure.reason in NEVER_REACHED for failure in failures))
        for answer in answers:
            self._failed_in_a_row = self._failed_in_a_row + 1 if isinstance(answer, Failure) else 0
        grave = [one for one in failures if one.reason in LEAVE_ALONE]
        if failures and (grave or self._failed_in_a_row >= IN_A_ROW):
            last = (grave or failures)[-1]
            logger.warning("the model at %s is left alone: %s", self.client and self.client.endpoint.url, last.detail)
            self._stopped = Paused(last.reason, f"after: {last.detail}", last.retry_after)


def installed_version(settings: Settings) -> str:
    """The version that articles count as read by, under these settings."""
    if settings.reader == "local" or settings.reader_model is None:
        return EXTRACTOR_VERSION
    return reader_version(settings.reader, settings.reader_model)


def open_reader(
    settings: Settings,
    thresholds: Thresholds,
    now: Callable[[], datetime],
    connection: Connection | None = None,
    before_asking: Callable[[], None] = lambda: None,
) -> ArticleReader:
    """The reader that the settings name. Without a connection answers are forgotten and a run is a day.

    `before_asking` is called before each wait for the model: what a task holds, it must not lose meanwhile.
    """
    client = None if settings.reader == "local" else ChatClient(endpoint_of(settings))
    memory: Memory = ProcessMemory(settings.reader_daily_budget)
    if connection is not None and settings.reader_model is not None:
        memory = StoredMemory(connection, settings.reader_model, prompt_version(), settings.reader_daily_budget, now)
    return ArticleReader(
        mode=settings.reader,
        version=installed_version(settings),
        thresholds=thresholds,
        client=client,
        memory=memory,
        together=settings.reader_concurrency,
        now=now,
        until=now() + PATIENCE,
        before_asking=before_asking,
    )


def endpoint_of(settings: Settings) -> Endpoint:
    """Where the settings' model is."""
    assert settings.reader_url is not None and settings.reader_model is not None
    return Endpoint(settings.reader_url, settings.reader_model, settings.reader_key, settings.reader_timeout)
