"""Pages that answer 200 and hold no article: paywalls, consent walls, script shells, captchas, soft 404s, link pages.

Length and phrase decide together: a long text is an article even if it ends in an offer to subscribe.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from urllib.parse import urlsplit

SHORT = 1_500  # characters above which a text is an article whatever else the page says
TEASER = 600  # characters under which a paywall's phrase beside the text is believed too
MIN_TEXT = 120  # characters under which nothing is an article (half of it in Chinese or Japanese)

# Under how many characters of text a phrase is believed: inside the text, and elsewhere on the page.
BELIEVED = {
    "captcha": (TEASER, MIN_TEXT),
    "consent": (TEASER, MIN_TEXT),
    "script_only": (TEASER, MIN_TEXT),
    "paywall": (SHORT, TEASER),
    "soft_404": (TEASER, MIN_TEXT),
}

_AGGREGATORS = re.compile(
    r"^(?:news\.google\.[a-z.]+|flipboard\.com|www\.flipboard\.com|apple\.news|news\.yandex\.ru)$"
)
_CONSENT_HOSTS = re.compile(r"^(?:consent\.|guce\.|cmp\.|myprivacy\.|privacy-mgmt\.)|\.privacy-mgmt\.com$")


def _patterns() -> dict[str, re.Pattern[str]]:
    tables = tomllib.loads(resources.files(__package__).joinpath("page_walls.toml").read_text("utf-8"))
    return {
        kind: re.compile("|".join(f"(?:{phrase})" for phrases in by_language.values() for phrase in phrases), re.I)
        for kind, by_language in tables.items()
    }


_PATTERNS = _patterns()
_SOFT_404_TITLE = re.compile(
    r"^\W*(?:404\b|error 404|not found|page not found)|(?:nicht gefunden|introuvable|non trovata)\W*$", re.IGNORECASE
)


def url_wall(url: str) -> tuple[str, str] | None:
    """What the address alone gives away: an aggregator's opaque link, or a consent host."""
    host = (urlsplit(url).hostname or "").lower()
    if _AGGREGATORS.match(host):
        return "unresolved_aggregator", host
    if _CONSENT_HOSTS.search(host):
        return "consent", host
    return None


def wide_length(text: str) -> int:
    """The length in letters, with a Chinese or Japanese character worth two."""
    return len(text) + sum(1 for character in text if character >= "\u3040")


def page_wall(title: str | None, text: str, visible: str, free: bool) -> tuple[str, str] | None:
    """Why this page's text is no article, None if it is one. `visible` is all text of the page, `free` its own word."""
    length = wide_length(text[: 2 * SHORT])
    if length >= SHORT:
        return None
    if title and _SOFT_404_TITLE.search(title):
        return "soft_404", title[:100]
    for name, pattern in _PATTERNS.items():
        in_text, beside = BELIEVED[name]
        found = pattern.search(text) if length < in_text else None
        found = found or (pattern.search(visible) if length < beside else None)
        if found:
            return name, found[0][:100]
    if not free:
        return "paywall", "the page declares that it is not free to read"
    return ("no_text", f"{len(text)} characters") if length < MIN_TEXT else None
