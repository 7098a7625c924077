"""The forms of a message: plain text, Markdown, Slack's Markdown, HTML. Each escapes what its readers act on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape as html_escape
from typing import Literal

from dealwire.alerts.message import Message

Form = Literal["text", "markdown", "slack", "html"]
_INVISIBLE = "\u200b"  # breaks what a client would act on, without changing what is read
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|tel|slack|javascript)(?=:)|\bwww(?=\.)")
_EMOJI = re.compile(r":(?=[\w+-]+:)")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))")
_LOOKALIKES = str.maketrans({"*": "∗", "_": "＿", "`": "ˋ", "~": "∼", "\\": "∖", "|": "❘", "<": "‹", ">": "›"})
_SLACK = re.compile(r"([\[\]])")


def write(message: Message, form: Form) -> tuple[str, str]:
    """A message's title and body."""
    if form == "html":
        return message.title, _html(message)
    title = inert(message.title)
    if form == "text":
        return title, _text(message)
    # Some services show a title as Markdown, some as it is: no escape suits both, characters that look alike do.
    return title.translate(_LOOKALIKES), _marked(message, markdown_escape if form == "markdown" else slack_escape)


def inert(text: str) -> str:
    """A text in which no client finds an address to link, a person to call, or an emoji to draw."""
    broken = _ADDRESS.sub(lambda m: m[0] + _INVISIBLE, text.replace("@", "@" + _INVISIBLE))
    return _EMOJI.sub(":" + _INVISIBLE, broken)


def _text(message: Message) -> str:
    lines = [inert(note) for note in message.notes]
    for fact in message.facts:
        link = f" {fact.link}" if fact.link and fact.link != fact.text else ""
        shown = fact.text if fact.link == fact.text else inert(fact.text)
        lines.append(f"{fact.label}{message.colon}{shown}{link}")
    if message.reference:
        lines.append(f"({message.reference})")
    return "\n".join(lines)


def _marked(message: Message, escape: Callable[[str], str]) -> str:
    """CommonMark: a bold label, then a text that is never at the start of a line; links only to checked addresses."""
    blocks = [escape(note) for note in message.notes]
    for fact in message.facts:
        shown = fact.label if fact.link == fact.text else fact.text
        worded = f"[{escape(shown)}](<{fact.link}>)" if fact.link else escape(shown)
        blocks.append(f"**{escape(fact.label)}** {worded}")
    if message.reference:
        blocks.append(f"({message.reference})")
    return "\n\n".join(blocks)


def markdown_escape(text: str) -> str:
    """A text that CommonMark, and what Teams, Discord and Telegram make of it, shows as it is."""
    return _MARKDOWN.sub(r"\\\1", inert(text))


def slack_escape(text: str) -> str:
    """The same for Slack, which knows no escape for its own marks: they become characters that look like them."""
    return _SLACK.sub(r"\\\1", inert(text).translate(_LOOKALIKES))


def _html(message: Message) -> str:
    """A piece of HTML with inline style only: no script, no image, nothing loaded from anywhere."""
    rows = []
    for fact in message.facts:
        shown = html_escape(fact.text)
        if fact.link:
            shown = f'<a href="{html_escape(fact.link)}" rel="noopener noreferrer">{shown}</a>'
        rows.append(f'<tr><th style="{_TH}">{html_escape(fact.label)}</th><td style="{_TD}">{shown}</td></tr>')
    notes = "".join(f'<p style="margin:0 0 12px">{html_escape(note)}</p>' for note in message.notes)
    reference = f'<p style="color:#777;font-size:12px">{message.reference}</p>' if message.reference else ""
    return (
        '<div style="font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;max-width:640px">'
        f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">{html_escape(message.title)}</h1>{notes}'
        f'<table role="presentation" style="border-collapse:collapse;width:100%">{"".join(rows)}</table>'
        f"{reference}</div>"
    )


_TH = "text-align:left;vertical-align:top;padding:6px 12px 6px 0;color:#555;font-weight:600;white-space:nowrap"
_TD = "vertical-align:top;padding:6px 0;overflow-wrap:anywhere"
