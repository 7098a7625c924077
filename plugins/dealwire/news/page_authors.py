"""Who wrote a page: meta elements, marked elements, class names that trafilatura knows, and bylines in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree
from trafilatura.metadata import extract_author

from dealwire.news.html_text import plain_line

MOST_AUTHORS = 8
MOST_LINES = 60

_AUTHOR_METAS = ("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author")
_BY = re.compile(r"^(?:by|par|door)\s+", re.IGNORECASE)  # not von or de, with which names begin
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:\s+(?:[a-z]{2,3}\s+)?[A-ZÀ-ÖØ-Þ][\w.'’-]*){1,3}"
_AND = r"(?:\s*,\s*|\s+(?:and|et|und|y|e|en|&)\s+)"
_WRITTEN_BY = re.compile(
    rf"(?:^|[-–—·|]\s*)(?:[Bb]y|BY|[Pp]ar|[Vv]on|[Pp]or|[Dd]i|[Dd]oor)\s+({_NAME}(?:{_AND}{_NAME})*)"
)
_EAST_ASIAN = re.compile(
    r"(?:作者|记者|文|撰文)\s*[:：/／|｜]\s*([\u3400-\u9fff·]{2,8})|(?:著者|執筆|記者)\s*[:：]\s*(\S{2,12})"
)


def authors_of(tree: etree._Element, metas: Mapping[str, str]) -> tuple[str, ...]:
    named = [metas[name] for name in _AUTHOR_METAS if name in metas and "://" not in metas[name]]
    if not named:
        marked = tree.xpath("//*[@itemprop='author' or @rel='author']")[:5]
        named = [" ".join(str(piece) for piece in element.itertext()) for element in marked]
    if not named:
        named = [name for name in (extract_author(tree) or "").split("; ") if name]
    if not named:
        named = list(_bylines(tree))
    cleaned = (_BY.sub("", plain_line(name, 200)) for whole in named[:5] for name in _separate(whole))
    return tuple(dict.fromkeys(name for name in cleaned if name and "://" not in name))[:MOST_AUTHORS]


def _separate(names: str) -> list[str]:
    """Names joined by commas and "and", each alone, if each looks like a whole name."""
    text = _BY.sub("", " ".join(names.split()))
    if re.fullmatch(rf"{_NAME}(?:{_AND}{_NAME})+", text):
        return re.split(_AND, text)
    return [text]


def _bylines(tree: etree._Element) -> Iterator[str]:
    """The first byline in words after the headline."""
    begun, seen = tree.find(".//h1") is None, 0
    for element in tree.iter("h1", "p", "span", "div", "address", "font", "small"):
        begun = begun or element.tag == "h1"
        text = " ".join((element.text or "").split())
        if not begun or element.tag == "h1" or not 4 <= len(text) <= 200:
            continue
        seen += 1
        found = _WRITTEN_BY.search(text)
        other = _EAST_ASIAN.search(text)
        if found or other:
            yield found[1] if found else (other[1] or other[2])  # type: ignore[index]
            return
        if seen >= MOST_LINES:
            return
