"""The language model that reads articles, in the database: answers kept, a day's budget, readings and failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dealwire.model import Mention
from dealwire.store.database import Connection, atomic, execute, fetch_all, fetch_value
from dealwire.store.mentions import replace_mentions


@dataclass(frozen=True, slots=True)
class ModelReading:
    """How the model's reading of a text ended: `read`, or why not, and when to try again."""

    outcome: str
    detail: str | None = None
    doubted: bool = False
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaughtArticle:
    """An article that the model read: its standing mentions, each with the deal it counts for."""

    doubted: bool
    mentions: Sequence[tuple[int, int | None]]


def kept_answers(connection: Connection, articles: Sequence[str], model: str, prompt_version: str) -> dict[str, str]:
    """By article's hash, what the model answered under this prompt."""
    parameters = {"articles": list(articles), "model": model, "prompt_version": prompt_version}
    return {row.article_sha256: row.answer for row in fetch_all(connection, "model_answers", parameters)}


def keep_answer(
    connection: Connection,
    article: str,
    model: str,
    prompt_version: str,
    answer: str,
    tokens: tuple[int | None, int | None],
    now: datetime,
) -> None:
    """Keep an answer, so that the same text is not asked about again."""
    values = {
        "article": article,
        "model": model,
        "prompt_version": prompt_version,
        "answer": answer.replace("\0", ""),
        "prompt_tokens": tokens[0],
        "answer_tokens": tokens[1],
        "now": now,
    }
    execute(connection, "model_answer_keep", values)


def drop_answer(connection: Connection, article: str, model: str, prompt_version: str) -> None:
    """Forget an answer that cannot be read."""
    execute(connection, "model_answer_drop", {"article": article, "model": model, "prompt_version": prompt_version})


@atomic
def take_budget(connection: Connection, day: date, wanted: int, budget: int) -> int:
    """Take up to `wanted` articles from the day's budget; how many may be sent. Tasks that run at once share it."""
    granted = int(fetch_value(connection, "model_budget_take", {"day": day, "wanted": wanted, "budget": budget}))
    execute(connection, "model_budget_count", {"day": day, "sent": granted})
    return granted


def give_back(connection: Connection, day: date, count: int) -> None:
    """Articles that were taken from the budget and never sent."""
    execute(connection, "model_budget_count", {"day": day, "sent": -count})


def budget_used(connection: Connection, day: date) -> int:
    """How many articles were sent that day."""
    return int(fetch_value(connection, "model_budget_used", {"day": day}))


@atomic
def store_mentions(
    connection: Connection,
    article_id: int,
    version: int,
    reader_version: str,
    mentions: Sequence[Mention],
    reading: ModelReading | None,
    now: datetime,
) -> int:
    """Store an article's mentions, together with how the model's reading ended; None where it was not wanted."""
    count = replace_mentions(connection, article_id, version, reader_version, mentions, now)
    key = {"article_id": article_id, "version": version}
    if reading is None:
        execute(connection, "model_reading_forget", key)
        return count
    values = {
        "reader_version": reader_version,
        "outcome": reading.outcome,
        "detail": reading.detail,
        "doubted": reading.doubted,
        "retry_at": reading.retry_at,
        "now": now,
    }
    execute(connection, "model_reading_record", key | values)
    return count


def failed_attempts(connection: Connection, article_ids: Sequence[int], reader_version: str) -> dict[int, int]:
    """By article, how often the model could not read it."""
    parameters = {"ids": list(article_ids), "reader_version": reader_version}
    return {row.article_id: row.attempts for row in fetch_all(connection, "model_reading_attempts", parameters)}


def mark_due_retries(connection: Connection, now: datetime, limit: int) -> int:
    """Have the newest articles read again whose time to ask the model once more has come; how many."""
    return execute(connection, "model_retry_due", {"now": now, "limit": limit})


def reading_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """By outcome: how many current texts, and how many of them wait for another try."""
    return {row.outcome: (row.articles, row.waiting) for row in fetch_all(connection, "model_reading_counts")}


def articles_read_by_model(connection: Connection) -> Mapping[int, TaughtArticle]:
    """The articles whose current text the model read, also those in which it found no deal."""
    doubted: dict[int, bool] = {}
    mentions: dict[int, list[tuple[int, int | None]]] = {}
    for row in fetch_all(connection, "label_readings"):
        doubted[row.article_id] = row.doubted
        found = mentions.setdefault(row.article_id, [])
        if row.mention_id is not None:
            found.append((row.mention_id, row.deal_id))
    return {article: TaughtArticle(doubted[article], found) for article, found in mentions.items()}
