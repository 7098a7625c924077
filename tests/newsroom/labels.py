"""The labels of the newsroom's articles in the shape of tests/gold: `python -m newsroom.labels` writes the file.

The file is made for one fixed start, so that it can be compared; tests hold it equal to the articles.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from newsroom.days import working_day
from newsroom.publications import NewsArticle, load_publications

REFERENCE_START = date(2026, 11, 24)
GOLD_FILE = Path(__file__).parent.parent / "gold" / "newsroom.jsonl"


def labelled(start: date) -> list[dict[str, Any]]:
    """One labelled line per article, in the order of the publishers' names."""
    return [
        _line(article, start, publication.key)
        for publication in load_publications(start)
        for article in publication.articles
    ]


def gold_text(start: date = REFERENCE_START) -> str:
    """The labels as JSON Lines."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in labelled(start))


def _line(article: NewsArticle, start: date, publisher: str) -> dict[str, Any]:
    return {
        "id": article.id,
        "lang": article.language,
        "url": article.path,
        "query": publisher,
        "published": article.published_at.date().isoformat(),
        "title": article.title,
        "text": article.text,
        "event": article.event,
        "deals": [_deal(deal, start) for deal in article.deals],
    }


def _deal(deal: dict[str, Any], start: date) -> dict[str, Any]:
    announced = deal.get("announced_days_ago")
    parties = [party.rsplit(":", 1) for party in deal["parties"]]
    return {
        "salience": deal.get("salience", "primary"),
        "kind": deal["kind"],
        "status": deal["status"],
        "parties": [{"name": name, "role": role} for name, role in parties],
        "amount": deal.get("amount"),
        "currency": deal.get("currency"),
        "amount_qualifier": deal.get("qualifier"),
        "amount_basis": deal.get("basis"),
        "valuation": deal.get("valuation"),
        "term_months": deal.get("term_months"),
        "announced_on": None if announced is None else working_day(start, announced).isoformat(),
        "capacity": [
            {
                "quantity": part.get("quantity"),
                "unit": part["unit"],
                "qualifier": part["qualifier"],
                "item": part.get("item"),
            }
            for part in deal.get("capacity", ())
        ],
    }


if __name__ == "__main__":
    GOLD_FILE.write_text(gold_text(), "utf-8")
