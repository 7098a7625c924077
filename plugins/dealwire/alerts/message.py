"""What an alert says, before it takes the form of a channel: a title, labelled facts, a quote, links. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from dealwire.alerts import wording
from dealwire.alerts.catalogues import Catalogue

Json = Mapping[str, Any]
TITLE_LENGTH = 240
SHOWN = 20  # deals in a digest; the page has them all
SHOWN_DAILY = 50
_CHANGES = frozenset(("value_changed", "status_changed", "disputed"))
_SEPARATORS = re.compile(r"[\s\u0085\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line. `link` is where its text leads, checked to be http(s)."""

    label: str
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message. All texts are single lines without control characters, in no markup."""

    title: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...] = ()
    colon: str = ": "
    reference: str | None = None


def one_line(text: str, limit: int | None = None) -> str:
    """A text as one line: no line or paragraph separators, no controls, no direction overrides."""
    flat = _SEPARATORS.sub(" ", text.replace("\u00a0", "\ue000").replace("\u202f", "\ue001"))
    flat = flat.replace("\ue000", "\u00a0").replace("\ue001", "\u202f")
    kept = "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cs") and c not in _DIRECTIONS).strip(" ")
    return kept if limit is None or len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def safe_link(url: str | None) -> str | None:
    """An address that may become a link: http(s), a host, no user, no white space or markup; else None."""
    if not url or len(url) > 2000 or re.search(r"[\s<>\"'`\\|{}^\x00-\x20\x7f-\x9f]", url):
        return None
    try:
        parts = urlsplit(url)
        hostname = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and hostname and "@" not in parts.netloc else None


def deal_link(page_url: str | None, deal_id: int) -> str | None:
    """The deal's own page; `page_url` is where Dealwire's page is mounted."""
    return None if page_url is None else safe_link(f"{page_url.rstrip('/')}/deal/{deal_id}")


def alert_message(payload: Json, words: Catalogue, page_url: str | None, possible_repeat: bool = False) -> Message:
    """The message of one alert."""
    title = wording.headline(payload, words)
    notes: list[str] = []
    if possible_repeat:
        title = f"[{words.text('mark', 'possible_repeat')}] {title}"
        notes.append(words.text("text", "repeat"))
    if payload["event"] == "correction":
        notes.append(words.text("text", "retracted" if payload.get("merged_into") is None else "merged"))
    facts = [Fact(one_line(f.label), one_line(f.text), f.link) for f in _facts(payload, words, page_url) if f.text]
    return Message(
        one_line(title, TITLE_LENGTH), tuple(facts), tuple(map(one_line, notes)), words.texts["format"]["colon"]
    )


def _facts(payload: Json, words: Catalogue, page_url: str | None) -> list[Fact]:
    deal = payload["deal"]
    told = (
        ("changed", words.join(wording.changes(payload, words), last=False)),
        ("kind", wording.kind(deal, words)),
        ("parties", wording.parties(deal, words)),
        ("value", _value(deal, words)),
        ("term", words.term(deal["term_months"]) if deal["term_months"] else ""),
        ("capacity", words.join([wording.capacity(item, words) for item in deal["capacity"]], last=False)),
        ("confidence", words.text("format", "percent", n=words.figure(Decimal(str(deal["confidence"])) * 100, 0))),
    )
    facts = [Fact(words.text("label", label), text) for label, text in told]
    first = payload["sources"][0] if payload["sources"] else None
    link = safe_link(first["url"]) if first else None
    facts.append(Fact(words.text("label", "sources"), wording.sources(payload, words), link))
    facts.append(Fact(words.text("label", "evidence"), _evidence(payload, words)))
    page = deal_link(page_url, deal["deal_id"])
    if page is not None:
        facts.append(Fact(words.text("label", "more"), page, page))
    return facts


def _value(deal: Json, words: Catalogue) -> str:
    known = wording.value(deal, words)
    if known is None:
        return words.text("amount", "none")
    if not deal["amount_text"]:
        return known
    return words.text("text", "reported_as", value=known, text=deal["amount_text"])


def _evidence(payload: Json, words: Catalogue) -> str:
    """A sentence that proves the deal, as it stands there: the newest of a change, else the official or first one."""
    quoted = [source for source in payload["sources"] if source["quote"]]
    if not quoted:
        return ""
    if payload["event"] in _CHANGES:
        best = max(quoted, key=lambda source: source["published_at"] or "")
    else:
        best = next((source for source in quoted if source["official"]), quoted[0])
    values = {"quote": words.text("format", "quote", text=best["quote"]), "publisher": best["publisher"]}
    language = best["language"]
    if language is None or language == words.code or not words.has("language", language):
        return words.text("text", "evidence", **values)
    return words.text("text", "evidence_in", **values, language=words.text("language", language))


def digest_message(
    payloads: list[Json], words: Catalogue, page_url: str | None, possible_repeat: bool, shown: int
) -> Message:
    """Several alerts in one message, the largest first."""
    title, facts, notes = _listed(payloads, words, page_url, shown)
    if possible_repeat:
        title = f"[{words.text('mark', 'possible_repeat')}] {title}"
        notes.insert(0, words.text("text", "repeat"))
    return Message(one_line(title, TITLE_LENGTH), tuple(facts), tuple(map(one_line, notes)), ". ")


def daily_message(payload: Json, words: Catalogue, page_url: str | None, shown: int) -> Message:
    """The new deals of a day."""
    day = words.text("digest", "daily", date=words.date(date.fromisoformat(payload["day"])))
    title, facts, notes = _listed(payload["alerts"], words, page_url, shown)
    title = f"{day}{words.texts['format']['colon']}{title}"
    return Message(one_line(title, TITLE_LENGTH), tuple(facts), tuple(map(one_line, notes)), ". ")


def _listed(
    payloads: list[Json], words: Catalogue, page_url: str | None, shown: int
) -> tuple[str, list[Fact], list[str]]:
    """Title, lines and what is left out."""
    if not payloads:
        return words.text("digest", "none"), [], []
    ranked = sorted(payloads, key=lambda p: (-(p["deal"]["amount_usd"] or 0), p["deal"]["deal_id"]))
    lines = [one_line(wording.headline(payload, words), TITLE_LENGTH) for payload in ranked[:shown]]
    links = [deal_link(page_url, payload["deal"]["deal_id"]) for payload in ranked[:shown]]
    facts = [Fact(str(number), *line) for number, line in enumerate(zip(lines, links, strict=True), 1)]
    notes = [words.text("digest", "more", n=len(ranked) - shown)] if len(ranked) > shown else []
    title = words.text("digest", "title_one" if len(ranked) == 1 else "title_many", n=len(ranked), first=lines[0])
    return title, facts, notes


def notice_message(payload: Json, words: Catalogue) -> Message:
    """A notice to operators about a channel."""
    values = {key: one_line(str(value), 200) for key, value in payload["details"].items()}
    title = words.text("notice", payload["notice"], **values)
    text = words.text("notice", f"{payload['notice']}_text", **values)
    return Message(one_line(title, TITLE_LENGTH), (), (one_line(text),))
