"""The article that a page describes in JSON-LD."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from dealwire.news.clean_text import letters
from dealwire.news.html_text import plain_line

MAX_BLOCK = 500_000
MAX_NODES = 2_000

_ARTICLE = (
    "BlogPosting",
    "LiveBlogPosting",
    "SocialMediaPosting",
    "PressRelease",
    "Report",
)  # and whatever ends in Article
_ADDRESSES = ("url", "@id", "mainEntityOfPage")


@dataclass(frozen=True, slots=True)
class DeclaredArticle:
    """Fields of the article object, empty where it says nothing."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    body: str = ""
    free: bool = True


def article_of(tree: etree._Element, titles: Sequence[str] = (), url: str | None = None) -> DeclaredArticle:
    """The page's own article among those that it describes: known by its address or headline, else the first dated one.

    `titles` are what the page calls itself elsewhere, `url` its address.
    """
    names = {letters(html.unescape(title)) for title in titles} - {""}
    best, most = None, -1
    for node in _nodes(tree):
        if not any(name in _ARTICLE or name.endswith("Article") for name in _types(node)):
            continue
        headline = letters(html.unescape(_string(node.get("headline")) or _string(node.get("name"))))
        told = 4 * _is_at(node, url) + 3 * any(headline and (headline in name or name in headline) for name in names)
        worth = told + 2 * bool(headline and node.get("datePublished"))
        if worth > most:
            best, most = node, worth
    if best is None:
        return DeclaredArticle()
    return DeclaredArticle(
        headline=plain_line(_string(best.get("headline")) or _string(best.get("name")), 1_000),
        published=_string(best.get("datePublished")) or _string(best.get("dateCreated")),
        authors=_authors(best.get("author") or best.get("creator")),
        language=_language(best.get("inLanguage")),
        body=_string(best.get("articleBody")),
        free=str(best.get("isAccessibleForFree", "true")).strip().lower() not in ("false", "no", "0"),
    )


def _is_at(node: dict[str, object], url: str | None) -> bool:
    path = urlsplit(url).path.rstrip("/") if url else ""
    if not path:
        return False
    values = [node.get(name) for name in _ADDRESSES]
    named = [value.get("@id") if isinstance(value, dict) else value for value in values]
    return any(isinstance(value, str) and _path(value) == path for value in named)


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path.rstrip("/")
    except ValueError:
        return ""


def _nodes(tree: etree._Element) -> Iterator[dict[str, object]]:
    """Every object of every block, nested ones after their parents; bounded, without recursion."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_BLOCK].strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < MAX_NODES:
            value = waiting.pop(0)
            seen += 1
            if isinstance(value, dict):
                yield value
                waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
            elif isinstance(value, list):
                waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def _types(node: dict[str, object]) -> list[str]:
    kind = node.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return [name.rpartition("/")[2] for name in names if isinstance(name, str)]


def _string(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return value if isinstance(value, str) else ""


def _language(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return value if isinstance(value, str) else ""


def _authors(value: object) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = (plain_line(_string(person), 200) for person in people[:20])
    return tuple(dict.fromkeys(name for name in names if name and "://" not in name))
