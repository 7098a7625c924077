"""A mention as JSON: the shape of the labels, with confidence and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dealwire.model import Article, Mention


def number(value: Decimal | None) -> int | float | None:
    """Whole units as integers, so that no digit of a large amount is lost."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def mention_to_json(mention: Mention) -> dict[str, Any]:
    return {
        "salience": mention.salience,
        "kind": mention.kind,
        "status": mention.status,
        "parties": [{"name": party.name, "role": party.role} for party in mention.parties],
        "amount": number(mention.amount),
        "currency": mention.currency,
        "amount_qualifier": mention.amount_qualifier,
        "amount_basis": mention.amount_basis,
        "amount_low": number(mention.amount_low),
        "amount_high": number(mention.amount_high),
        "amount_text": mention.amount_text,
        "valuation": number(mention.valuation),
        "valuation_currency": mention.valuation_currency,
        "term_months": mention.term_months,
        "announced_on": mention.announced_on.isoformat() if mention.announced_on else None,
        "capacity": [
            {"quantity": number(one.quantity), "unit": one.unit, "qualifier": one.qualifier, "item": one.item}
            for one in mention.capacity
        ],
        "confidence": round(mention.confidence, 4),
        "needs_review": mention.needs_review,
        "extractor_version": mention.extractor_version,
        "evidence": [
            {"field": claim.field, "quote": claim.quote, "start": claim.start, "end": claim.end}
            for claim in mention.claims
        ],
    }


LABEL_FIELDS = (
    "salience",
    "kind",
    "status",
    "parties",
    "amount",
    "currency",
    "amount_qualifier",
    "amount_basis",
    "valuation",
    "term_months",
    "announced_on",
    "capacity",
)


def label_to_json(
    article: Article, mentions: Sequence[Mention], event: str | None, weight: float = 0.5
) -> dict[str, Any]:
    """A line for training from what the model reader or a person said of an article.

    Labels that no person wrote weigh less than 1. `event` must be the same for all articles of one deal.
    """
    deals = [mention_to_json(one) for one in mentions if not one.needs_review]
    return {
        "id": article.id,
        "lang": article.lang,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "title": article.title,
        "text": article.text,
        "event": event,
        "weight": weight,
        "deals": [{name: deal[name] for name in LABEL_FIELDS} for deal in deals],
    }
