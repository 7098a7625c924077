"""The article's text out of a page: trafilatura within bounds, and a linear reader for pages of absurd shape."""

from __future__ import annotations

from lxml import etree
from trafilatura import extract

from dealwire.news.clean_text import clean

MAX_TEXT = 400_000
MAX_ELEMENTS = 20_000  # above it trafilatura's link checks take quadratic time


def body_text(tree: etree._Element, elements: int) -> str:
    """The paragraphs of the article, separated by blank lines. `elements` is the size of the page."""
    text = extract(tree, include_comments=False) if elements <= MAX_ELEMENTS else None
    if not text:
        text = _densest_paragraphs(tree)
    return clean("\n\n".join(line for line in text.split("\n") if line.strip()), MAX_TEXT)


def _densest_paragraphs(tree: etree._Element) -> str:
    """The paragraphs under the element whose own paragraphs hold the most text outside links; one pass."""
    weights: dict[etree._Element, int] = {}
    paragraphs: dict[etree._Element, list[str]] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        text = " ".join(" ".join(str(piece) for piece in paragraph.itertext()).split())
        if parent is None or not text:
            continue
        linked = sum(len(str(piece)) for link in paragraph.iter("a") for piece in link.itertext())
        weights[parent] = weights.get(parent, 0) + max(0, len(text) - 3 * linked)
        if 2 * linked < len(text):
            paragraphs.setdefault(parent, []).append(text)
    best = max(weights, key=lambda parent: weights[parent], default=None)
    return "\n".join(paragraphs.get(best, [])) if best is not None else ""


def without_title(text: str, title: str | None) -> str:
    """The text without a first paragraph that only says the title again."""
    first, _, rest = text.partition("\n\n")
    return rest if title and rest and _letters(first) == _letters(title) else text


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
