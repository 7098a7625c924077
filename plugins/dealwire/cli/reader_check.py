"""What `dealwire doctor` says of the language model that reads articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dealwire.chat.client import ChatClient
from dealwire.chat.protocol import Failure, Question
from dealwire.settings import Settings
from dealwire.store.database import Connection

ADVICE = {
    "key_refused": "set DEALWIRE_READER_KEY to a key that may use this model",
    "unreachable": "is DEALWIRE_READER_URL right, and does the server run?",
    "timeout": "raise DEALWIRE_READER_TIMEOUT, or take a faster model",
    "refused": "is DEALWIRE_READER_MODEL right? It must bear some 10,000 tokens",
    "broken_answer": "this model does not keep to the form of the answer; take a larger one",
}
SHOWN = 8


def check_endpoint(settings: Settings) -> Iterator[tuple[str, str]]:
    """State and detail: is the model there, is the key taken, does it read a worked example?"""
    from dealwire.stages.article_reader import endpoint_of

    if settings.reader == "local":
        yield "ok", "the local reader; no model is asked"
        return
    client = ChatClient(endpoint_of(settings))
    models = client.known_models()
    if isinstance(models, Failure):
        yield "problem", _told(models)
        return
    name = client.endpoint.model
    if models and not {name, f"{name}:latest"} & set(models):
        yield "warning", f"the server's list of models lacks {name}; it has {', '.join(sorted(models)[:SHOWN])}"
    yield _read_example(client)


def _read_example(client: ChatClient) -> tuple[str, str]:
    from dealwire.extract.reader_model import read_answer
    from dealwire.extract.reader_prompt import answer_schema, examples, messages

    article, expected = examples()[0]
    (answer,) = client.ask([Question(messages(article), answer_schema())])
    if isinstance(answer, Failure):
        return "problem", _told(answer)
    try:
        reading = read_answer(answer.content, article, (), "doctor")
    except ValueError as error:
        return "problem", f"broken_answer: {error}: {ADVICE['broken_answer']}"
    found, wanted = len(reading.mentions), len(expected["deals"])
    state = "ok" if found == wanted and not reading.dropped else "warning"
    unproven = f"; not proven: {', '.join(reading.dropped)}" if reading.dropped else ""
    return state, f"{client.endpoint.model} reads {found} of {wanted} deals of an example{unproven}"


def _told(failure: Failure) -> str:
    advice = ADVICE.get(failure.reason)
    return f"{failure.reason}: {failure.detail}" + (f": {advice}" if advice else "")


def reader_work(connection: Connection, settings: Settings, today: date) -> str:
    """How much of the day's budget is used, and which articles the model could not read."""
    from dealwire.store.model_reader import budget_used, reading_counts

    used = budget_used(connection, today)
    counts = reading_counts(connection)
    left = ", ".join(f"{outcome} {count}" for outcome, (count, _) in counts.items() if outcome != "read")
    read = counts.get("read", (0, 0))[0]
    waiting = sum(waiting for _, waiting in counts.values())
    return (
        f"{used} of {settings.reader_daily_budget} articles sent today; {read} read by the model, "
        f"left to the local reader: {left or 'none'}; {waiting} wait for another try"
    )
