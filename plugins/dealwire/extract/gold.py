"""Labelled articles: read from JSON Lines, one article a line with its deals (docs/extraction.md has the fields)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from dealwire.errors import UsageError
from dealwire.model import Article, Basis, Capacity, Kind, Mention, Party, Qualifier, Role, Salience, Status, Unit


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as a label or a prediction states it: values only, no proof."""

    salience: Salience
    kind: Kind
    status: Status
    parties: tuple[Party, ...]
    amount: Decimal | None = None
    currency: str | None = None
    amount_qualifier: Qualifier | None = None
    amount_basis: Basis | None = None
    valuation: Decimal | None = None
    term_months: int | None = None
    announced_on: date | None = None
    capacity: tuple[Capacity, ...] = ()
    deal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its true deals.

    `weight` is below 1 for labels that no person wrote; `also` names events that it tells beside its own.
    """

    article: Article
    event: str | None
    deals: tuple[Deal, ...]
    weight: float = 1.0
    also: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The key that must stay on one side of any split."""
        return self.event or f"article:{self.article.id}"


def decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value)[:10])


def capacity_from_json(row: Mapping[str, Any]) -> Capacity:
    return Capacity(
        quantity=decimal(row.get("quantity")),
        unit=cast(Unit, row["unit"]),
        qualifier=cast(Qualifier, row.get("qualifier") or "exact"),
        item=row.get("item"),
    )


def deal_from_json(row: Mapping[str, Any]) -> Deal:
    return Deal(
        salience=cast(Salience, row.get("salience") or "primary"),
        kind=cast(Kind, row["kind"]),
        status=cast(Status, row.get("status") or "announced"),
        parties=tuple(Party(p["name"], cast(Role, p["role"])) for p in row.get("parties") or ()),
        amount=decimal(row.get("amount")),
        currency=row.get("currency"),
        amount_qualifier=row.get("amount_qualifier"),
        amount_basis=row.get("amount_basis"),
        valuation=decimal(row.get("valuation")),
        term_months=row.get("term_months"),
        announced_on=day(row.get("announced_on")),
        capacity=tuple(capacity_from_json(c) for c in row.get("capacity") or ()),
        deal_id=row.get("deal_id"),
    )


def deal_from_mention(mention: Mention) -> Deal:
    return Deal(
        salience=mention.salience,
        kind=mention.kind,
        status=mention.status,
        parties=mention.parties,
        amount=mention.amount,
        currency=mention.currency,
        amount_qualifier=mention.amount_qualifier,
        amount_basis=mention.amount_basis,
        valuation=mention.valuation,
        term_months=mention.term_months,
        announced_on=mention.announced_on,
        capacity=mention.capacity,
    )


def article_from_json(row: Mapping[str, Any]) -> Article:
    return Article(
        id=str(row["id"]),
        title=row.get("title") or "",
        text=row.get("text") or "",
        published=day(row.get("published")),
        lang=row.get("lang"),
        url=row.get("url"),
    )


def read_gold(path: Path) -> list[Labelled]:
    """Raises UsageError naming file and line where a line is no labelled article."""
    labelled = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                deals = tuple(deal_from_json(d) for d in row["deals"])
                article = article_from_json(row)
            except (ValueError, KeyError, TypeError, ArithmeticError) as error:
                raise UsageError(f"{path}:{number}: not a labelled article ({error!r})") from error
            weight, also = float(row.get("weight", 1.0)), tuple(row.get("also") or ())
            labelled.append(Labelled(article, row.get("event"), deals, weight, also))
    return labelled


def read_all(paths: Iterable[Path]) -> list[Labelled]:
    return [one for path in paths for one in read_gold(path)]
