"""Page bytes to an article: title, text, date, authors, language, address. Pure; run in a child by `reading`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import py3langid
from charset_normalizer import from_bytes
from lxml import etree
from lxml import html as lxml_html
from w3lib.encoding import html_to_unicode

from dealwire.feed_model import ParsedPage
from dealwire.news.feed_dates import read_date
from dealwire.news.fetch_policy import MAX_PAGE_BYTES
from dealwire.news.page_body import MAX_ELEMENTS, body_text, without_title
from dealwire.news.page_metadata import PageMetadata, read_metadata
from dealwire.news.page_walls import TEASER, page_wall, url_wall, wide_length

MAX_DATE_SEARCH = 500_000
LANGUAGE_SAMPLE = 700
MIN_LANGUAGE_SAMPLE = 80

_OTHER_TYPES = re.compile(r"^(?:application/(?:pdf|zip|octet-stream|msword|vnd\.)|image/|video/|audio/|font/)", re.I)
_OTHER_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x00\x00\x00")
_LONG_SPAN = re.compile(r"""span\s*=\s*["']?\s*\d{4}""", re.IGNORECASE)
_HUGE_SPAN = re.compile(r"""\b((?:col|row)span)\s*=\s*["']?\s*\d{4,}["']?""", re.IGNORECASE)


def parse_page(
    body: bytes, *, url: str | None = None, content_type: str | None = None, max_bytes: int = MAX_PAGE_BYTES
) -> ParsedPage:
    """Read an article page. `outcome` is `ok` or why there is no text (docs/fetching.md); metadata comes either way."""
    early = _early_fault(body, url, content_type, max_bytes)
    if early:
        return _fault(*early)
    _, markup = html_to_unicode(content_type, body, auto_detect_fun=_guessed_encoding)
    markup = markup.replace("\0", "")
    if _LONG_SPAN.search(markup):
        markup = _HUGE_SPAN.sub(r'\1="1"', markup)
    try:
        tree = _tree(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        return _fault("no_text", str(error)[:200])
    metadata = read_metadata(tree, url)
    elements = markup.count("<") // 2
    if metadata.published_at is None and len(markup) <= MAX_DATE_SEARCH and elements <= MAX_ELEMENTS:
        found = _searched_date(markup, url)
        at, source = (found, "htmldate") if found else (None, None)
    else:
        at, source = metadata.published_at, metadata.published_source
    text = without_title(body_text(tree, elements, metadata.article_body), metadata.title)
    # The tree was taken apart for the text; only a short text makes what else is on the page worth reading again.
    visible = _visible_text(_tree(markup)) if wide_length(text) < TEASER else ""
    wall = page_wall(metadata.title, text, visible, metadata.free)
    return ParsedPage(
        outcome=wall[0] if wall else "ok",
        detail=wall[1] if wall else None,
        title=metadata.title,
        text=None if wall else text,
        published_at=at,
        published_source=source,
        authors=metadata.authors,
        language=_language(metadata, text),
        canonical_url=metadata.canonical_url,
        opt_outs=metadata.opt_outs,
    )


def _fault(outcome: str, detail: str) -> ParsedPage:
    return ParsedPage(outcome, detail, None, None, None, None, (), None, None)


def _early_fault(body: bytes, url: str | None, content_type: str | None, max_bytes: int) -> tuple[str, str] | None:
    if not body.strip():
        return "empty", "no content"
    if len(body) > max_bytes:
        return "too_large", f"more than {max_bytes} bytes"
    if (content_type and _OTHER_TYPES.match(content_type)) or body.startswith(_OTHER_STARTS):
        return "unsupported_type", content_type or "not HTML"
    return url_wall(url) if url else None


def _tree(markup: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True)
    return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)


def _guessed_encoding(body: bytes) -> str:
    """For pages that name no encoding: UTF-8 if it is that, else what the letters look like."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(body[:20_000]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def _visible_text(tree: etree._Element) -> str:
    """All text a reader sees, for the phrases of walls; at most 20,000 characters."""
    pieces: list[str] = []
    size = 0
    for element in tree.iter():
        if element.tag in ("script", "style", "template"):
            pieces.append(element.tail or "")
        else:
            pieces += (element.text or "", element.tail or "")
        size += len(pieces[-1])
        if size > 20_000:
            break
    return " ".join(" ".join(pieces).split())


def _searched_date(markup: str, url: str | None) -> datetime | None:
    from htmldate import find_date  # a slow import that most pages do not need

    try:
        found = find_date(markup, original_date=True, url=url)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError):
        return None
    at = read_date(found).at if found else None
    return at.astimezone(UTC) if at else None


def _language(metadata: PageMetadata, text: str) -> str | None:
    """Detected from the text; the page's own word where there is too little of it."""
    sample = " ".join((metadata.title or "", text[:LANGUAGE_SAMPLE]))
    if len(text) < MIN_LANGUAGE_SAMPLE and metadata.language:
        return metadata.language
    if not sample.strip():
        return metadata.language
    return str(py3langid.classify(sample)[0])
