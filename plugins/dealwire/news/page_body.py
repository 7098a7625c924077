"""The article's text out of a page: trafilatura within bounds, and what it misses.

Lists of cards that lead to other stories are taken out before it looks. Where it finds next to nothing, the page's own
JSON-LD or a linear reader that also knows paragraphs written as div elements stands in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from trafilatura import extract

from dealwire.news.clean_text import clean, letters
from dealwire.news.html_text import plain_text

MAX_TEXT = 400_000
MAX_ELEMENTS = 20_000  # above it trafilatura's link checks take quadratic time
MAX_CARD = 500  # characters; a longer element with a linked heading is a section of the article
CARDS = 3  # so many in a row are a list of other stories
CARD_DEPTH = 6
LITTLE = 600  # characters under which trafilatura's text may be a leftover
SHORTEST_BLOCK = 40

_HEADINGS = ("h2", "h3", "h4", "h5")
_CARD_TAGS = ("div", "li", "article", "section", "a", "aside", "td")
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "ul", "ol", "table", "h1", "h2", "h3", "h4", "blockquote", "form"}
)
_EDGES = ("nav", "footer", "aside", "header", "form")

# Lines that say nothing of the story, whole: labels of advertisements, offers to read on or to share, editors' marks.
_LEFTOVER = re.compile(
    r"(?:advertisement|advert|publicité|anzeige|werbung|publicidad|pubblicità|publicidade|advertentie|広告|广告|sponsored"
    r"|story continues below.{0,30}|article continues (?:after|below).{0,30}|empfohlener redaktioneller inhalt"
    r"|mit ihrer zustimmung wird hier ein externe[rs].{0,80}|share this(?: article| story| page)?:?|teilen|partager"
    r"|compartir|condividi|print this page|(?:also )?read(?: more| also| next)?:?|read (?:more|also|next): .{0,150}"
    r"|lesen sie auch:?.{0,150}|mehr zum thema:?.{0,150}|(?:à lire aussi|lire aussi|voir aussi)\s?:?.{0,150}"
    r"|lea también:?.{0,150}|leggi anche:?.{0,150}|leia também:?.{0,150}|lees ook:?.{0,150}|関連記事:?|\([a-z]{2,4}\))",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|par|von|por|di|door)\s+(?-i:[A-ZÀ-Þ])|(?:published|posted|updated|last updated|publié|mis à jour"
    r"|veröffentlicht|aktualisiert|publicado|actualizado|pubblicato|aggiornato|gepubliceerd)\b"
    r"|\d{1,2}\.\d{1,2}\.\d{4}\b",
    re.IGNORECASE,
)
MOST_BYLINE = 120  # characters of a line before the story that only says by whom and when
HEAD_LINES = 3


def body_text(tree: etree._Element, elements: int, declared: str = "") -> str:
    """The paragraphs of the article, separated by blank lines.

    `elements` is the size of the page, `declared` the article's text as the page's JSON-LD has it.
    """
    rival = ""
    text = None
    if elements <= MAX_ELEMENTS:
        _drop_cards(tree)
        blocks = _densest_blocks(tree)  # before trafilatura takes the tree apart
        text = extract(tree, include_comments=False) or ""
        rival = "\n".join(blocks) if len(text) < LITTLE else ""
    if not text or len(rival) > 3 * len(text):
        text = rival or _densest_paragraphs(tree)
    told = plain_text(declared, MAX_TEXT) if len(declared) > 2 * len(text) else ""
    if len(told) > 2 * len(text):
        text = told
    return clean("\n\n".join(_story_lines(text)), MAX_TEXT)


def _story_lines(text: str) -> list[str]:
    """The lines without leftovers, and without bylines and dates before the first sentence."""
    lines = [line for line in text.split("\n") if line.strip() and not _LEFTOVER.fullmatch(line.strip(" -–|>»\t"))]
    head = 0
    while head < min(HEAD_LINES, len(lines) - 2) and _is_byline(lines[head]):
        head += 1
    return lines[head:]


def _is_byline(line: str) -> bool:
    line = line.strip(" -–|\t")
    return len(line) <= MOST_BYLINE and not line.endswith((".", "。", "!", "?")) and _BYLINE.match(line) is not None


def _drop_cards(tree: etree._Element) -> None:
    """Take out lists of at least three short elements, each with one linked heading: they lead to other stories."""
    linked = [heading for heading in tree.iter(*_HEADINGS) if _is_linked(heading)]
    if len(linked) < CARDS:
        return
    held: Counter[etree._Element] = Counter()
    for heading in linked:
        held.update(_ancestors(heading))
    lists: dict[etree._Element, list[etree._Element]] = {}
    for heading in linked:
        card = heading
        for ancestor in _ancestors(heading):
            if held[ancestor] > 1:
                break
            card = ancestor
        parent = card.getparent()
        if parent is not None and card.tag in _CARD_TAGS:
            lists.setdefault(parent, []).append(card)
    for parent, cards in lists.items():
        if len(cards) >= CARDS and all(_length(card) <= MAX_CARD for card in cards):
            for card in cards:
                card.drop_tree() if hasattr(card, "drop_tree") else parent.remove(card)


def _ancestors(element: etree._Element) -> Iterator[etree._Element]:
    for depth, ancestor in enumerate(element.iterancestors()):
        if depth >= CARD_DEPTH or ancestor.tag in ("body", "html"):
            return
        yield ancestor


def _is_linked(heading: etree._Element) -> bool:
    if heading.find(".//a[@href]") is not None:
        return True
    return any(ancestor.tag == "a" for ancestor in _ancestors(heading))


def _length(element: etree._Element) -> int:
    return sum(len(str(piece).strip()) for piece in element.itertext())


def _densest_blocks(tree: etree._Element) -> list[str]:
    """The blocks of text under the element whose own children hold the most of it; also where no p is used."""
    weights: Counter[etree._Element] = Counter()
    blocks: dict[etree._Element, list[str]] = {}
    for element in tree.iter("p", "div", "section"):
        parent = element.getparent()
        if parent is None or (element.tag != "p" and any(child.tag in _BLOCKS for child in element)):
            continue
        text = " ".join("".join(str(piece) for piece in element.itertext()).split())
        if len(text) < SHORTEST_BLOCK:
            continue
        linked = sum(len(str(piece)) for link in element.iter("a") for piece in link.itertext())
        if 2 * linked >= len(text) or any(ancestor.tag in _EDGES for ancestor in _ancestors(element)):
            continue
        holder = parent if element.tag == "p" or len(parent) > 1 else parent.getparent()
        if holder is not None:
            weights[holder] += len(text)
            blocks.setdefault(holder, []).append(text)
    best = max(weights, key=lambda holder: weights[holder], default=None)
    return blocks[best] if best is not None else []


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
    return rest if title and rest and letters(first) == letters(title) else text
