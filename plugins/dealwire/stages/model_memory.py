"""What is remembered of a language model: its answers, and how much of the day's budget is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dealwire.chat.protocol import Answer
from dealwire.store.database import Connection
from dealwire.store.model_reader import drop_answer, give_back, keep_answer, kept_answers, take_budget


class Memory(Protocol):
    """Articles go by the key of their text."""

    def kept(self, articles: Sequence[str]) -> dict[str, str]:
        """Answers given before to the same text by the same model under the same prompt."""

    def keep(self, article: str, answer: Answer) -> None:
        """Keep an answer that could be read."""

    def drop(self, article: str) -> None:
        """Forget an answer that cannot be read any more."""

    def take(self, wanted: int) -> int:
        """Take up to so many articles from the budget; how many may be sent."""

    def give_back(self, count: int) -> None:
        """Articles that were taken and never reached the model."""


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """In the database: all tasks share it, and it outlives them."""

    connection: Connection
    model: str
    prompt_version: str
    budget: int
    now: Callable[[], datetime]

    def kept(self, articles: Sequence[str]) -> dict[str, str]:
        return kept_answers(self.connection, articles, self.model, self.prompt_version)

    def keep(self, article: str, answer: Answer) -> None:
        keep_answer(
            self.connection, article, self.model, self.prompt_version, answer.content, answer.tokens, self.now()
        )

    def drop(self, article: str) -> None:
        drop_answer(self.connection, article, self.model, self.prompt_version)

    def take(self, wanted: int) -> int:
        return take_budget(self.connection, self.now().date(), wanted, self.budget)

    def give_back(self, count: int) -> None:
        give_back(self.connection, self.now().date(), count)


@dataclass(slots=True)
class ProcessMemory:
    """For commands that need no database: the budget is that of one run."""

    budget: int
    answers: dict[str, str] = field(default_factory=dict)

    def kept(self, articles: Sequence[str]) -> dict[str, str]:
        return {article: self.answers[article] for article in articles if article in self.answers}

    def keep(self, article: str, answer: Answer) -> None:
        self.answers[article] = answer.content

    def drop(self, article: str) -> None:
        self.answers.pop(article, None)

    def take(self, wanted: int) -> int:
        granted = min(wanted, self.budget)
        self.budget -= granted
        return granted

    def give_back(self, count: int) -> None:
        self.budget += count
