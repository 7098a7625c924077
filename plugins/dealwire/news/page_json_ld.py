"""The article that a page describes in JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dealwire.news.html_text import plain_line

MAX_BLOCK = 500_000
MAX_NODES = 2_000

_ARTICLE = ("BlogPosting", "PressRelease", "Report")  # and whatever ends in Article


@dataclass(frozen=True, slots=True)
class DeclaredArticle:
    """Fields of the article object, empty where it says nothing."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    body: str = ""
    free: bool = True


def article_of(tree: etree._Element) -> DeclaredArticle:
    best: dict[str, object] | None = None
    for node in _nodes(tree):
        if any(name in _ARTICLE or name.endswith("Article") for name in _types(node)):
            if node.get("headline") and node.get("datePublished"):
                best = node
                break
            best = best or node
    if best is None:
        return DeclaredArticle()
    return DeclaredArticle(
        headline=plain_line(_string(best.get("headline")) or _string(best.get("name")), 1_000),
        published=_string(best.get("datePublished")),
        authors=_authors(best.get("author") or best.get("creator")),
        language=_language(best.get("inLanguage")),
        body=_string(best.get("articleBody")),
        free=str(best.get("isAccessibleForFree", "true")).strip().lower() not in ("false", "no", "0"),
    )


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
