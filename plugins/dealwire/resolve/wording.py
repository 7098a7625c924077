"""What an article's own words add to its record: an amendment, a denial, a correction, another newsroom's story."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from importlib import resources
from typing import Any, Literal

from dealwire.deal_model import Report

LONGEST = 1200  # characters of title and lead that are looked at
Signal = Literal["amendment", "denial", "correction"]


def folded(text: str) -> str:
    """Text without case and accents, other scripts left as they are."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(c for c in decomposed if not _is_accent(c)))


@functools.lru_cache(maxsize=8192)
def folded_story(title: str, lead: str) -> str:
    """Title and lead, folded; kept, because several questions are asked of each."""
    return folded(f"{title}\n{lead}"[:LONGEST])


def says(report: Report, signal: Signal) -> bool:
    """Whether the title or lead carries a word of the signal."""
    return bool(_pattern(signal).search(folded_story(report.title, report.lead)))


def amends(report: Report) -> bool:
    """Whether the article tells of a change of terms; not of rounds and loans, which are always "raised"."""
    return report.mention.kind not in ("equity_investment", "debt_financing") and says(report, "amendment")


def attributed_to(report: Report) -> str | None:
    """The newsroom after which the article tells its story, or None where it tells its own."""
    return _attributed(folded_story(report.title, report.lead), folded(report.publisher))


@functools.lru_cache(maxsize=8192)
def _attributed(text: str, own: str) -> str | None:
    """The answer for a folded story, kept: it is asked for at each folding of each of a deal's reports."""
    if not any(name in text for name in _newsroom_names()):
        return None
    for newsroom, pattern in _attributions():
        if pattern.search(text):
            return None if own.startswith(newsroom) else newsroom
    return None


@functools.lru_cache(maxsize=4096)
def newsroom_of(publisher: str) -> str:
    """The publisher by the name that attributions use for it."""
    own = folded(publisher)
    for names in _table()["newsrooms"]:
        if any(own == folded(name) or own.startswith(folded(name) + " ") for name in names):
            return folded(names[0])
    return own


def _is_accent(character: str) -> bool:
    # Japanese voicing marks combine too, and carry meaning; only the Latin block's marks are dropped.
    return "\u0300" <= character <= "\u036f"


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("dealwire.resolve").joinpath("wording.toml").read_text("utf-8"))


@functools.cache
def _pattern(signal: Signal) -> re.Pattern[str]:
    words = sorted((folded(word) for word in _table()[signal]), key=lambda word: (-len(word), word))
    return re.compile("|".join(_bounded(word) for word in words))


def _bounded(word: str) -> str:
    return rf"\b{re.escape(word)}" if word[0].isascii() else re.escape(word)


@functools.cache
def _newsroom_names() -> tuple[str, ...]:
    return tuple(folded(name) for names in _table()["newsrooms"] for name in names)


@functools.cache
def _attributions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for names in _table()["newsrooms"]:
        source = "(?:" + "|".join(re.escape(folded(name)) for name in sorted(names, key=lambda n: (-len(n), n))) + ")"
        forms = [_form(folded(form), source, names) for form in _table()["attribution"]]
        found.append((folded(names[0]), re.compile("|".join(forms))))
    return tuple(found)


def _form(form: str, source: str, names: list[str]) -> str:
    before, after = (re.escape(part) for part in form.split("{source}"))
    alphabetic = form.replace("{source}", "").strip().isascii()
    return rf"\b{before}{source}{after}\b" if alphabetic else f"{before}{source}{after}"
