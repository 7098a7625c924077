"""Resolution of articles given in a file: the code of the database's stage, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from dealwire.deal_model import Report
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.model import Article, Mention
from dealwire.resolve.cluster import resolve

LEAD = 600  # characters of the text that resolution compares, as the store loads them


def deal_ids(read: Sequence[tuple[Article, Sequence[Mention]]]) -> list[list[str]]:
    """For each article the deal id of each of its mentions, equal where articles report the same deal."""
    parents = {o.id: o.parent for o in load_gazetteer().organisations.values() if o.parent}
    keys = [[f"{number:06}.{place}" for place in range(len(mentions))] for number, (_, mentions) in enumerate(read)]
    reports = [
        _report(article, mention, key, f"{number:06}")
        for number, (article, mentions) in enumerate(read)
        for mention, key in zip(mentions, keys[number], strict=True)
    ]
    cluster_of = {
        r.key: cluster.key for cluster in resolve(reports, parents=parents, explain=()) for r in cluster.reports
    }
    return [[cluster_of[key] for key in of_article] for of_article in keys]


def _report(article: Article, mention: Mention, key: str, article_key: str) -> Report:
    published = datetime.combine(article.published, time(12), UTC) if article.published else None
    host = article.url.split("/")[2] if article.url and article.url.count("/") > 1 else article.id
    return Report(
        key=key,
        article_id=article_key,
        story_id=None,
        publisher=host,
        official=False,
        url=article.url,
        title=article.title,
        lead=article.text[:LEAD],
        language=article.lang,
        published_at=published,
        seen_at=None,
        mention=mention,
    )
