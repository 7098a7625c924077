"""From an alert's payload to the title and body that a channel shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dealwire.alerts.catalogues import load_catalogue
from dealwire.alerts.forms import Form, write
from dealwire.alerts.message import Message, alert_message, daily_message, digest_message, notice_message


@dataclass(frozen=True, slots=True)
class Rendered:
    """A title of one line without markup, and a body in the form asked for."""

    title: str
    body: str


def render(
    payloads: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    form: Form,
    lang: str | None = None,
    *,
    page_url: str | None = None,
    possible_repeat: bool = False,
    reference: str | None = None,
) -> Rendered:
    """One alert, or several as a digest. Without `lang` in the language of the (first) alert's rule.

    `reference` is shown at the end, so that a reader can tell a repeat from news.
    """
    message = compose(payloads, lang, page_url=page_url, possible_repeat=possible_repeat)
    if reference is not None:
        message = replace(message, reference=reference)
    return Rendered(*write(message, form))


def compose(
    payloads: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    lang: str | None,
    *,
    page_url: str | None,
    possible_repeat: bool,
) -> Message:
    """The message, before it takes a form."""
    if isinstance(payloads, Mapping):
        words = load_catalogue(lang or payloads["language"])
        if payloads["event"] == "notice":
            daily = payloads["notice"] == "daily"
            return daily_message(payloads, words, page_url) if daily else notice_message(payloads, words)
        return alert_message(payloads, words, page_url, possible_repeat)
    words = load_catalogue(lang or payloads[0]["language"])
    return digest_message(list(payloads), words, page_url, possible_repeat)
