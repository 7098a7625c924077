"""When a page says that it was published: JSON-LD, then meta elements, then time elements, then words on the page.

Each date keeps the zone that it states. Dates of changes are never taken for dates of publication.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from dealwire.news.feed_dates import read_date

MOST_PLACES = 40
MOST_TEXT = 200
NEAR = 12  # elements after the headline in which a date is one of the story, whatever they are called
_DATE_LINES = ("time", "span", "div", "p", "li", "small", "em", "font")

_DATE_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "publish_date",
    "publish-date", "publishdate", "pubdate", "pub_date", "publication_date", "date_published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "dc.date.created", "citation_date",
    "citation_publication_date", "originalpublicationdate", "cxenseparse:recs:publishtime", "article_date_original",
    "date", "article.published",
)  # fmt: skip
_CHANGED = re.compile(
    r"updat|modif|mis à jour|actualiz|aggiornat|atualiza|aktualisiert|bijgewerkt|更新|last[- _]?edit|zuletzt",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"card|teaser|related|recommend|comment|footer|sidebar|widget|latest|more-|promo", re.IGNORECASE
)
_NAMED = re.compile(
    r"date|time(?!line)|publish|posted|byline|by-line|dateline|meta|info|datum|fecha|subhead|author|icon-item",
    re.IGNORECASE,
)
_MONTH = r"[^\W\d_]{3,10}\.?"
_CLOCK = r"(?:[\s,;|–—-]*(?:at|à|um|a las|alle ore|alle|às|om)?\s*\d{1,2}\s?[:h.]\s?\d{2}(?::\d{2})?"
_CLOCK += r"(?:\s*[ap]\.?m\.?)?(?:\s*(?:UTC|GMT|[ECMP][SD]?T|CES?T|BST|JST|Z|[+-]\d{2}:?\d{2})\b)?)?"
_WRITTEN = re.compile(
    rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日(?:\s*\d{{1,2}}:\d{{2}})?"
    rf"|\b\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[T ]\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?(?:Z|[+-]\d{{2}}:?\d{{2}}))?)?"
    rf"|\b\d{{4}}/\d{{1,2}}/\d{{1,2}}{_CLOCK}"
    rf"|\b\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?\d{{4}}{_CLOCK}"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?\s+(?:de\s+)?{_MONTH},?\s+(?:del?\s+)?\d{{4}}\b{_CLOCK}"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b{_CLOCK}",
    re.IGNORECASE,
)


def published_at(
    tree: etree._Element, metas: Mapping[str, str], declared: str, language: str | None
) -> tuple[datetime | None, str | None]:
    """The moment on the page's own clock, and where it stood: json-ld, meta, time or text."""
    if declared:
        at = read_date(declared, language).stated
        if at:
            return at, "json-ld"
    for name in _DATE_METAS:
        if name in metas:
            at = read_date(metas[name], language).stated
            if at:
                return at, "meta"
    for text in _time_elements(tree):
        at = read_date(text, language).stated
        if at:
            return at, "time"
    for text in _dated_words(tree):
        at = read_date(text, language).stated
        if at:
            return at, "text"
    return None, None


def _time_elements(tree: etree._Element) -> list[str]:
    """What time elements state, those marked as of publication first, those of changes and of other stories never."""
    marked = tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]")[:5]
    times = [element for element in tree.iter("time") if element.get("datetime")][:MOST_PLACES]
    own = [element for element in times if not _is_of_a_change(element) and not _is_elsewhere(element)]
    return [element.get("datetime") or element.get("content") or "" for element in [*marked, *own[:5]]]


def _is_of_a_change(element: etree._Element) -> bool:
    before = element.getprevious()
    said = (before.tail if before is not None else None) or (
        element.getparent().text if before is None and element.getparent() is not None else ""
    )
    words = f"{element.get('class') or ''} {element.get('itemprop') or ''} {said or ''}"
    return _CHANGED.search(words) is not None


def _is_elsewhere(element: etree._Element) -> bool:
    """Whether it stands in a list of other stories, in a comment, or at the page's edge."""
    for ancestor in element.iterancestors():
        if ancestor.tag in ("footer", "nav", "aside"):
            return True
        if ancestor.tag == "body":
            return False
        if _ELSEWHERE.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False


def _dated_words(tree: etree._Element) -> list[str]:
    """Dates written in short elements, up to what says that it changed: those after the headline, then those before it.

    Elements right after the headline, or named like date lines; at the page's head today's date often stands.
    """
    before: list[str] = []
    after: list[str] = []
    headline = next(tree.iter("h1"), None)
    since = None
    for element in tree.iter("h1", "h2", *_DATE_LINES):
        if element is headline:
            since = 0
        if element.tag in ("h1", "h2"):
            continue
        since = since + 1 if since is not None else None
        text = _short_text(element)
        if text is None or not (_is_named(element) or (since is not None and since <= NEAR)) or _is_elsewhere(element):
            continue
        found = _WRITTEN.search(text)
        changed = _CHANGED.search(text)
        if found and not (changed and changed.start() < found.start()):
            (before if since is None else after).append(found[0].strip())
        if len(before) + len(after) >= MOST_PLACES:
            break
    return after + before


def _is_named(element: etree._Element) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    return element.tag in ("time", "font") or _NAMED.search(named) is not None


def _short_text(element: etree._Element) -> str | None:
    """The element's text on one line, if it is short; a long one is not read to its end."""
    pieces, size = [], 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > 2 * MOST_TEXT:
            return None
    text = " ".join(" ".join(pieces).split())
    return text if 8 <= len(text) <= MOST_TEXT else None
