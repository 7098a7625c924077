"""The publishers' feeds as bytes: RSS 2.0, RSS 1.0 (RDF), Atom and JSON Feed, one of them broken on purpose."""

from __future__ import annotations

import json
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from newsroom.publications import NewsArticle, Publication

MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def render_feed(publication: Publication, base_url: str) -> bytes:
    """The publisher's feed in its own format."""
    render = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[publication.format]
    text = render(publication, base_url)
    if publication.fault == "ill-formed":  # as hand-made templates do it: a bare ampersand and an unclosed tag
        text = text.replace("&amp;", "&").replace("<description>", "<description><br>", 1)
    return text.encode()


def entry_link(publication: Publication, article: NewsArticle, base_url: str) -> str:
    """The address that the feed states; some publishers link through a counter or to an address of last year."""
    slug = article.path.rsplit("/", 1)[1]
    if publication.key == "cloud_ledger":
        return f"{base_url}/r{article.path}?utm_source=rss&utm_medium=feed"
    if publication.key == "rechenwerk":
        return f"{base_url}{publication.path}/alt/{slug}.html"
    return base_url + article.path


def _html(article: NewsArticle) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)


def _rss(publication: Publication, base_url: str) -> str:
    items = "".join(
        f"<item><title>{escape(article.title)}</title>"
        f"<link>{escape(entry_link(publication, article, base_url))}</link>"
        f'<guid isPermaLink="false">{escape(article.id)}</guid>'
        f"<pubDate>{format_datetime(article.published_at)}</pubDate>"
        f"<description>{escape(article.paragraphs[0])}</description>"
        + (f"<content:encoded>{escape(_html(article))}</content:encoded>" if publication.full_text else "")
        + "</item>\n"
        for article in publication.articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(publication.title)}</title><link>{base_url}{publication.path}/</link>"
        f"<description>{escape(publication.title)}</description><language>{publication.language}</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom(publication: Publication, base_url: str) -> str:
    entries = "".join(
        f"<entry><id>tag:newsroom.example,2026:{article.id}</id><title>{escape(article.title)}</title>"
        f"<link rel='alternate' href={quoteattr(entry_link(publication, article, base_url))}/>"
        f"<published>{article.published_at.isoformat()}</published>"
        f"<updated>{article.published_at.isoformat()}</updated>"
        f"<summary>{escape(article.paragraphs[0])}</summary></entry>\n"
        for article in publication.articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publication.language}">'
        f"<title>{escape(publication.title)}</title><id>{base_url}{publication.path}/</id>"
        f'<link rel="self" href="{base_url}{publication.feed_path}"/>'
        f'<link rel="alternate" href="{base_url}{publication.path}/"/>'
        f"<author><name>{escape(publication.publisher)}</name></author>"
        f"<updated>{publication.articles[0].published_at.isoformat()}</updated>\n{entries}</feed>\n"
    )


def _rdf(publication: Publication, base_url: str) -> str:
    links = [entry_link(publication, article, base_url) for article in publication.articles]
    sequence = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "".join(
        f"<item rdf:about={quoteattr(link)}><title>{escape(article.title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(article.paragraphs[0])}</description>"
        f"<dc:date>{article.published_at.isoformat()}</dc:date></item>\n"
        for link, article in zip(links, publication.articles, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base_url}{publication.feed_path}"><title>{escape(publication.title)}</title>'
        f"<link>{base_url}{publication.path}/</link><description>{escape(publication.title)}</description>"
        f"<dc:language>{publication.language}</dc:language><items><rdf:Seq>{sequence}</rdf:Seq></items></channel>\n"
        f"{items}</rdf:RDF>\n"
    )


def _json(publication: Publication, base_url: str) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publication.title,
        "home_page_url": f"{base_url}{publication.path}/",
        "feed_url": base_url + publication.feed_path,
        "language": publication.language,
        "items": [
            {
                "id": article.id,
                "url": entry_link(publication, article, base_url),
                "title": article.title,
                "summary": article.paragraphs[0],
                "date_published": article.published_at.isoformat(),
                "authors": [{"name": publication.publisher}],
            }
            for article in publication.articles
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)
