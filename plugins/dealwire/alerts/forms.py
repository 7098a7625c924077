"""The forms of a message: plain text, Markdown, HTML. Each escapes what its readers would act on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Literal

from dealwire.alerts.message import Message

Form = Literal["text", "markdown", "html"]
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:])")
_INVISIBLE = "\u200b"  # breaks "@everyone" and bare addresses without changing what is read
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|tel|slack|javascript)(?=:)|\bwww(?=\.)")


def write(message: Message, form: Form) -> str:
    """The body of a message; its title travels beside it."""
    return _WRITERS[form](message)


def text(message: Message) -> str:
    """Plain text. An address in a text from outside is broken up, so that clients make no link of it."""
    lines = [_plain(note) for note in message.notes]
    for fact in message.facts:
        link = f" {fact.link}" if fact.link and fact.link != fact.text else ""
        shown = fact.text if fact.link == fact.text else _plain(fact.text)
        lines.append(f"{fact.label}: {shown}{link}")
    if message.reference:
        lines.append(f"({message.reference})")
    return "\n".join(lines)


def _plain(value: str) -> str:
    return _ADDRESS.sub(lambda m: m[0] + _INVISIBLE, value.replace("@", "@" + _INVISIBLE))


def markdown(message: Message) -> str:
    """CommonMark with every mark in a text escaped; links only in angle brackets."""
    lines = [markdown_escape(note) for note in message.notes]
    for fact in message.facts:
        if fact.link == fact.text:
            lines.append(f"**{markdown_escape(fact.label)}** [{markdown_escape(fact.label)}](<{fact.link}>)")
        elif fact.link:
            lines.append(f"**{markdown_escape(fact.label)}** [{markdown_escape(fact.text)}](<{fact.link}>)")
        else:
            lines.append(f"**{markdown_escape(fact.label)}** {markdown_escape(fact.text)}")
    if message.reference:
        lines.append(markdown_escape(f"({message.reference})"))
    return "\n\n".join(lines)


def markdown_escape(value: str) -> str:
    """A text that CommonMark, and what Slack, Teams, Discord and Telegram make of it, shows as it is."""
    broken = _plain(value)
    return _MARKDOWN.sub(r"\\\1", broken)


def html(message: Message) -> str:
    """A small HTML page with inline style only: no script, no image, nothing loaded from anywhere."""
    rows = []
    for fact in message.facts:
        shown = escape(fact.text)
        if fact.link:
            shown = f'<a href="{escape(fact.link)}" rel="noopener noreferrer">{shown}</a>'
        rows.append(f'<tr><th style="{_TH}">{escape(fact.label)}</th><td style="{_TD}">{shown}</td></tr>')
    notes = "".join(f'<p style="margin:0 0 12px">{escape(note)}</p>' for note in message.notes)
    reference = f'<p style="color:#777;font-size:12px">{escape(message.reference)}</p>' if message.reference else ""
    return (
        '<div style="font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;max-width:640px">'
        f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">{escape(message.title)}</h1>{notes}'
        f'<table role="presentation" style="border-collapse:collapse;width:100%">{"".join(rows)}</table>'
        f"{reference}</div>"
    )


_TH = "text-align:left;vertical-align:top;padding:6px 12px 6px 0;color:#555;font-weight:600;white-space:nowrap"
_TD = "vertical-align:top;padding:6px 0;overflow-wrap:anywhere"
_WRITERS: Mapping[Form, Callable[[Message], str]] = {"text": text, "markdown": markdown, "html": html}
