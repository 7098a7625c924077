"""From an alert's payload to the title and body that a channel shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dealwire.alert_model import Payload
from dealwire.alerts.catalogues import load_catalogue
from dealwire.alerts.forms import Form, write
from dealwire.alerts.message import (
    SHOWN,
    SHOWN_DAILY,
    Message,
    alert_message,
    daily_message,
    digest_message,
    notice_message,
    one_line,
)

_LEAST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """A title of one line without markup, and a body in the form asked for."""

    title: str
    body: str


def render(
    payloads: Payload | Sequence[Payload],
    form: Form,
    lang: str | None = None,
    *,
    page_url: str | None = None,
    possible_repeat: bool = False,
    reference: str | None = None,
    limit: int | None = None,
) -> Rendered:
    """One alert, or several as a digest. Without `lang` in the language of the (first) alert's rule.

    `reference` is shown at the end, so that a reader can tell a repeat from news. With `limit`, title and body
    together keep to that many characters: what a digest cannot show it counts, and what a fact cannot it cuts.
    """
    for shown in (SHOWN_DAILY, SHOWN, 10, 5, 2, 1):
        message = _compose(payloads, lang, page_url, possible_repeat, shown)
        message = replace(message, reference=reference)
        rendered = Rendered(*write(message, form))
        if limit is None or len(rendered.title) + len(rendered.body) <= limit:
            return rendered
    assert limit is not None
    return _cut(message, form, limit)


def _compose(
    payloads: Payload | Sequence[Payload], lang: str | None, page_url: str | None, possible_repeat: bool, shown: int
) -> Message:
    """The message, before it takes a form; `shown` is how many deals a list of them may have."""
    if not isinstance(payloads, Mapping):
        words = load_catalogue(lang or payloads[0]["language"])
        return digest_message(list(payloads), words, page_url, possible_repeat, min(shown, SHOWN))
    words = load_catalogue(lang or payloads["language"])
    if payloads["event"] != "notice":
        return alert_message(payloads, words, page_url, possible_repeat)
    if payloads["notice"] == "daily":
        return daily_message(payloads, words, page_url, shown)
    return notice_message(payloads, words)


def _cut(message: Message, form: Form, limit: int) -> Rendered:
    """Cut the longest fact, then leave facts out from the end but for the link to the page."""
    for _ in range(len(message.facts) + 2):
        title, body = write(message, form)
        excess = len(title) + len(body) - limit
        if excess <= 0 or not message.facts:
            break
        longest = max(message.facts, key=lambda fact: 0 if fact.link == fact.text else len(fact.text))
        if len(longest.text) - excess >= _LEAST_TEXT and longest.link != longest.text:
            cut = replace(longest, text=one_line(longest.text, len(longest.text) - excess))
            message = replace(message, facts=tuple(cut if fact is longest else fact for fact in message.facts))
        else:
            last = next((fact for fact in reversed(message.facts) if fact.link != fact.text), message.facts[-1])
            message = replace(message, facts=tuple(fact for fact in message.facts if fact is not last))
    title, body = write(message, form)
    return Rendered(title, body) if len(title) + len(body) <= limit else Rendered(one_line(title, limit), "")
