"""From HTML to plain text: one line for titles, paragraphs for bodies. What comes out is text, never markup."""

from __future__ import annotations

import functools
import html
import re

import nh3
from lxml import etree
from lxml import html as lxml_html

from dealwire.news.clean_text import clean, clean_line

_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|<!--")
_ANY_TAG = re.compile(r"<[^>]*>?")
_HARMLESS_TAG = re.compile(
    r"</?(?:p|br|b|i|em|strong|ul|ol|li|h[1-6]|blockquote|span|div|a|hr|table|tr|td|th|tbody|thead)\s*/?>"
    r"""|<a href="https?://[^"'<>`\s]*">"""
)
_BLOCKS = frozenset({
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "select",
    "button", "form", "figcaption", "audio", "video", "canvas", "input", "textarea", "nav",
})  # fmt: skip


# A fragment of nothing but these tags is read without a parser: they only say where paragraphs and lines end.
_LINK = r"""a href="https?://[^"'<>`\s&]*"(?: (?:target|rel|title|class)="[\w ./:-]*")*"""
_SIMPLE_TAG = re.compile(r"<(?:(?P<block>/?p)|(?P<line>br ?/?)|[^>]*)>")
_SIMPLE_TEXT = r"[^<>&\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|&(?:amp|lt|gt|quot|#39|#160|#8217|nbsp);"


def _simple(depth: int) -> str:
    """A pattern of text, line ends, and properly closed inline elements, so many levels deep."""
    parts = [_SIMPLE_TEXT, r"<br ?/?>"]
    if depth:
        inner = _simple(depth - 1)
        parts += [f"<{name}>{inner}</{name}>" for name in ("b", "i", "em", "strong")] + [f"<{_LINK}>{inner}</a>"]
    return f"(?:{'|'.join(parts)})*+"


_SIMPLE = re.compile(f"{_simple(1)}(?:<p>{_simple(1)}</p>{_simple(1)})*+")


def plain_line(text: str, limit: int) -> str:
    """A title or a name without tags and entities. A bare `<` or `&` in plain text stays."""
    text = text[: 20 * limit]
    if _TAG.search(text):
        text = nh3.clean(text, tags=set())
    if "&" in text:
        text = html.unescape(text)
        if _TAG.search(text):
            text = _TAG.sub(" ", text)
    return clean_line(text, limit)


def safe_html(markup: str) -> str:
    """The markup with all that could act taken out; left as it is where it is only text in plain elements."""
    if all(_is_harmless(tag) for tag in set(_ANY_TAG.findall(markup))):
        return markup
    return nh3.clean(markup)


@functools.lru_cache(maxsize=2_048)
def _is_harmless(tag: str) -> bool:
    return len(tag) < 300 and _HARMLESS_TAG.fullmatch(tag) is not None


def plain_text(markup: str, limit: int) -> str:
    """The text of an HTML fragment, paragraphs separated by blank lines."""
    if not _TAG.search(markup):
        return clean(html.unescape(markup), limit)
    if _SIMPLE.fullmatch(markup):
        return clean(html.unescape(_SIMPLE_TAG.sub(_break, " ".join(markup.split("\n")))), limit)
    try:
        root = lxml_html.fromstring(f"<div>{markup}</div>", parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return clean(html.unescape(_TAG.sub(" ", markup)), limit)
    return clean("".join(_pieces(root)), limit)


def _break(tag: re.Match[str]) -> str:
    return "\n\n" if tag["block"] else "\n" if tag["line"] else ""


def _pieces(root: lxml_html.HtmlElement) -> list[str]:
    pieces: list[str] = []
    dropped_in: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if dropped_in is None and event == "start":
            if tag in _DROPPED:
                dropped_in = element
                continue
            pieces.append("\n\n" if tag in _BLOCKS else "\n" if tag == "br" else "")
            pieces.append(" ".join((element.text or "").split("\n")))
        elif event != "start":
            if dropped_in is element:
                dropped_in = None
            if dropped_in is None:
                pieces.append("\n\n" if tag in _BLOCKS else "")
                pieces.append(" ".join((element.tail or "").split("\n")))
    return pieces
