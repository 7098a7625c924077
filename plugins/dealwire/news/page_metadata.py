"""Title, date, authors, language and canonical address of a page, as the page itself declares them.

JSON-LD first, then OpenGraph and meta, then what stands in the page; htmldate is asked only where nothing declares a
date, because it always answers and is sometimes wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from trafilatura.metadata import extract_author

from dealwire.news.feed_dates import read_date
from dealwire.news.html_text import plain_line
from dealwire.news.opt_outs import meta_opt_outs
from dealwire.news.page_json_ld import article_of
from dealwire.news.urls import absolute_url, canonical_url, is_root, same_site

MAX_TITLE = 1_000

_DATE_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "publish_date",
    "publish-date", "publishdate", "pubdate", "pub_date", "publication_date", "date_published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "dc.date.created", "citation_date",
    "citation_publication_date", "originalpublicationdate", "cxenseparse:recs:publishtime", "article_date_original",
    "date", "article.published",
)  # fmt: skip
_AUTHOR_METAS = ("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author")
_TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "dc.title")
_BY = re.compile(r"^(?:by|par|door)\s+", re.IGNORECASE)  # not von or de, with which names begin
_SEPARATORS = re.compile(r"\s+[|–—·»•:-]\s+|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page declares about itself; `free` is False where it says that it is not free to read."""

    title: str | None
    published_at: datetime | None
    published_source: str | None
    authors: tuple[str, ...]
    language: str | None
    canonical_url: str | None
    site_name: str | None
    free: bool
    opt_outs: tuple[str, ...]


def read_metadata(tree: etree._Element, url: str | None) -> PageMetadata:
    article = article_of(tree)
    metas = _metas(tree)
    language = _language(tree, metas, article.language)
    at, source = _date(tree, metas, article.published, language)
    site_name = plain_line(metas.get("og:site_name", ""), 100) or None
    return PageMetadata(
        title=_title(tree, metas, article.headline, site_name),
        published_at=at,
        published_source=source,
        authors=article.authors or _authors(tree, metas),
        language=language,
        canonical_url=_canonical(tree, metas, url),
        site_name=site_name,
        free=article.free,
        opt_outs=meta_opt_outs(metas),
    )


def _metas(tree: etree._Element) -> dict[str, str]:
    """The first content of each named meta element, names in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content[:4_000])
    return found


def _first_text(tree: etree._Element, tag: str) -> str:
    for element in tree.iter(tag):
        text = plain_line(" ".join(str(piece) for piece in element.itertext()), MAX_TITLE)
        if text:
            return text
    return ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _alike(a: str, b: str) -> bool:
    first, second = _words(a), _words(b)
    return bool(first and second) and len(first & second) >= 0.6 * min(len(first), len(second))


def without_site(title: str, site_name: str | None) -> str:
    """The title without the site's name before or behind it."""
    parts = [part for part in _SEPARATORS.split(title) if part]
    if len(parts) < 2:
        return title
    if site_name:
        for edge in (-1, 0):
            if _alike(parts[edge], site_name) and len(parts[edge]) <= len(site_name) + 15:
                cut = title[: title.rindex(parts[-1])] if edge else title[title.index(parts[1]) :]
                return re.sub(r"[\s|–—·»•:-]+$", "", cut)
    pieces = re.split(r"\s+\|\s+|\s*\|\s*", title)
    return max(pieces, key=len) if len(pieces) > 1 and len(max(pieces, key=len)) > 20 else title


def _title(tree: etree._Element, metas: dict[str, str], headline: str, site_name: str | None) -> str | None:
    heading = _first_text(tree, "h1")
    declared = next((plain_line(metas[name], MAX_TITLE) for name in _TITLE_METAS if name in metas), "")
    declared = without_site(declared, site_name)
    if headline:
        was_cut = headline.endswith(("…", "..."))
        whole = [text for text in (heading, declared) if was_cut and text.startswith(headline.rstrip("…."))]
        return whole[0] if whole else headline
    if heading and (not declared or _alike(heading, declared)) and len(heading) > 10:
        return heading
    return declared or heading or without_site(_first_text(tree, "title"), site_name) or None


def _date(
    tree: etree._Element, metas: dict[str, str], published: str, language: str | None
) -> tuple[datetime | None, str | None]:
    if published:
        at = read_date(published, language).at
        if at:
            return at, "json-ld"
    for name in _DATE_METAS:
        if name in metas:
            at = read_date(metas[name], language).at
            if at:
                return at, "meta"
    for element in tree.xpath("//*[@itemprop='datePublished'] | //article//time[@datetime] | //time[@pubdate]")[:5]:
        at = read_date(element.get("datetime") or element.get("content") or "", language).at
        if at:
            return at, "time"
    return None, None


def _authors(tree: etree._Element, metas: dict[str, str]) -> tuple[str, ...]:
    named = [metas[name] for name in _AUTHOR_METAS if name in metas]
    if not named:
        marked = tree.xpath("//*[@itemprop='author' or @rel='author']")[:5]
        named = [" ".join(str(piece) for piece in element.itertext()) for element in marked]
    if not named:
        named = (extract_author(tree) or "").split("; ")  # trafilatura knows many bylines by their class names
    cleaned = (_BY.sub("", plain_line(name, 200)) for name in named[:5])
    return tuple(dict.fromkeys(name for name in cleaned if name and "://" not in name))


def _language(tree: etree._Element, metas: dict[str, str], declared: str) -> str | None:
    root = next(iter(tree.iter("html")), tree)
    named = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or declared
    named = named or metas.get("og:locale") or metas.get("content-language") or ""
    code = re.split(r"[-_,;\s]", named.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else None


def _canonical(tree: etree._Element, metas: dict[str, str], url: str | None) -> str | None:
    """The page's own address for itself, believed only within the same site and never as the home page."""
    links = [link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    declared = [link.get("href") for link in links]
    for candidate in [*declared, metas.get("og:url")]:
        address = canonical_url(candidate, url) if candidate else None
        if address is None or (url is not None and not same_site(address, url)):
            continue
        if is_root(address) and not (url is not None and is_root(absolute_url(url) or "")):
            continue
        return address
    return canonical_url(url) if url else None
