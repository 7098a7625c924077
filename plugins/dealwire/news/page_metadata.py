"""Title, date, authors, language and canonical address of a page, as the page itself declares them.

JSON-LD first, then OpenGraph and meta, then what stands in the page; htmldate is asked only where nothing declares a
date, because it always answers and is sometimes wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from dealwire.news.html_text import plain_line
from dealwire.news.opt_outs import meta_opt_outs
from dealwire.news.page_authors import authors_of
from dealwire.news.page_dates import published_at
from dealwire.news.page_json_ld import article_of
from dealwire.news.page_titles import headings, title_of
from dealwire.news.urls import absolute_url, canonical_url, is_root, same_site


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
    article_body: str
    opt_outs: tuple[str, ...]


def read_metadata(tree: etree._Element, url: str | None) -> PageMetadata:
    metas = _metas(tree)
    called = [*headings(tree), metas.get("og:title", ""), metas.get("twitter:title", "")]
    article = article_of(tree, called, metas.get("og:url") or url)
    language = _language(tree, metas, article.language)
    at, source = published_at(tree, metas, article.published, language)
    site_name = plain_line(metas.get("og:site_name", ""), 100) or None
    return PageMetadata(
        title=title_of(tree, metas, article.headline, site_name, url),
        published_at=at,
        published_source=source,
        authors=article.authors or authors_of(tree, metas),
        language=language,
        canonical_url=_canonical(tree, metas, url),
        site_name=site_name,
        free=article.free,
        article_body=article.body if article.free else "",
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
