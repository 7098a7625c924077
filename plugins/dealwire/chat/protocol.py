"""The chat-completions protocol: what is sent, what an answer or a refusal means. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Literal

Reason = Literal[
    "timeout",
    "unreachable",
    "rate_limited",
    "server_error",
    "key_refused",
    "refused",
    "too_large",
    "broken_answer",
]
Form = Literal["json_schema", "json_object", "none"]
LOOSER: Mapping[Form, Form] = {"json_schema": "json_object", "json_object": "none"}
# A dozen deals with their quotes, and thoughts before; some servers stop after a hundred where nothing is asked for.
MAX_TOKENS = 12_000
LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is. The key is sent there and shown nowhere."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 60.0

    def masked(self, text: str) -> str:
        """A server's words as they may be shown: some repeat the key, or its ends."""
        if self.key:
            text = text.replace(self.key, "***")
        text = re.sub(r"\b(sk|key)-\S+", "***", text)
        return " ".join(text.split())[:LONGEST_DETAIL]


@dataclass(frozen=True, slots=True)
class Question:
    """A conversation, and the JSON schema that its answer must have."""

    messages: Sequence[Mapping[str, str]]
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, and what it cost as far as the server tells."""

    content: str
    tokens: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; `retry_after` in seconds where the server named a time."""

    reason: Reason
    detail: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Manners:
    """What this server takes: not every one knows JSON schemas, and some models take no temperature."""

    form: Form = "json_schema"
    temperature: bool = True
    max_tokens: str | None = "max_tokens"

    def after_refusal(self, said: str) -> Manners | None:
        """What to try next; None where nothing is left that could be at fault."""
        if self.max_tokens and self.max_tokens in said:
            newer = "max_completion_tokens"
            return replace(self, max_tokens=newer if self.max_tokens != newer and newer in said else None)
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.form in LOOSER:
            return replace(self, form=LOOSER[self.form])
        return None


def request_body(question: Question, model: str, manners: Manners) -> dict[str, Any]:
    """The JSON to post."""
    body: dict[str, Any] = {"model": model, "messages": [dict(message) for message in question.messages]}
    if manners.temperature:
        body["temperature"] = 0
    if manners.max_tokens:
        body[manners.max_tokens] = MAX_TOKENS
    if manners.form == "json_schema":
        schema = {"name": "answer", "strict": True, "schema": question.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif manners.form == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def read_completion(body: bytes) -> Answer:
    """Raises ValueError where the body is no chat completion with a finished text."""
    document = json.loads(body)
    try:
        choice = document["choices"][0]
        message = choice["message"]
        content = message.get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("no chat completion") from error
    if choice.get("finish_reason") == "length":
        raise ValueError("the answer was cut off: the server's limit of tokens is too low")
    if not isinstance(content, str) or not content.strip():
        raise ValueError(f"the completion has no text: {str(message.get('refusal') or '')[:200]}".rstrip(": "))
    usage = document.get("usage") or {}
    return Answer(content, (_count(usage, "prompt_tokens"), _count(usage, "completion_tokens")))


def _count(usage: Any, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and 0 <= value < 2**31 else None


def failure_of(status: int, headers: Mapping[str, str], said: str) -> Failure:
    """What a status other than 200 means."""
    detail = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    if status in (401, 403):
        return Failure("key_refused", detail)
    if status == 429:
        return Failure("rate_limited", detail, retry_after(headers))
    if status >= 500:
        return Failure("server_error", detail, retry_after(headers))
    return Failure("refused", detail)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait. A date is counted from the answer's own date, so that clocks need not agree."""
    given = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", given):
        return float(given)
    try:
        until = parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, until.total_seconds())
