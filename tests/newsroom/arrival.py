"""The newsroom as it arrives: each article perfectly read, and resolved when it is published, by the real resolver."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from pathlib import Path

from dealwire.context import Runtime
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.settings import load_settings
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection
from dealwire.store.mentions import replace_mentions
from dealwire.store.organisations import sync_organisations
from newsroom.labels import labelled
from newsroom.publications import load_publications
from newsroom.stored import EXTRACTOR, _mention, _store_articles, _store_feeds

ROOT = Path(__file__).resolve().parents[2]


def tell_newsroom(connection: Connection, start: date, home: Path, party: str | None = None) -> Runtime:
    """Store everything, resolve article by article in the order of publication; a runtime at the last one's time.

    With `party` only the articles that tell of one of its deals.
    """
    publications = load_publications(start)
    _store_feeds(connection, publications)
    gazetteer = load_gazetteer()
    sync_organisations(connection, list(gazetteer.organisations.values()))
    labels = {line["id"]: line for line in labelled(start)}
    given = {"DEALWIRE_HOME": str(home), "DEALWIRE_RATES_URL": "none"}
    settings = dataclasses.replace(load_settings(given, home), project_root=ROOT)
    at: list[datetime] = [datetime.min]
    runtime = Runtime(settings, connection, lambda: at[0], chance=lambda: 0.5)
    for stored in sorted(
        _store_articles(connection, publications), key=lambda s: (s.article.published_at, s.article_id)
    ):
        deals = labels[stored.article.id]["deals"]
        if party is not None and not any(party == named["name"] for deal in deals for named in deal["parties"]):
            continue
        at[0] = stored.article.published_at
        mentions = [_mention(stored.article, deal, gazetteer) for deal in deals]
        replace_mentions(connection, stored.article_id, stored.version, EXTRACTOR, mentions, at[0])
        resolve_mentions(runtime)
    return runtime
