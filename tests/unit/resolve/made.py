"""Reports for the tests of resolution, short to write: say what matters, the rest is ordinary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dealwire.deal_model import Judgement, Report
from dealwire.model import Capacity, Mention, Party

START = datetime(2025, 11, 3, 9, tzinfo=UTC)
PARENTS = {"aws": "amazon", "google-cloud": "google", "azure": "microsoft"}
NAMES = {"aws": "Amazon Web Services", "amazon": "Amazon", "openai": "OpenAI", "azure": "Microsoft Azure"}


def party(spec: str) -> Party:
    """ "openai:customer" as a party."""
    organisation, role = spec.split(":")
    return Party(NAMES.get(organisation, organisation.replace("-", " ").title()), role, organisation)  # type: ignore[arg-type]


def decimal(value: float | str) -> Decimal:
    """A number as the extractor writes it: whole units without a fraction."""
    exact = Decimal(str(value))
    return Decimal(int(exact)) if exact == exact.to_integral_value() else exact


def mention(*parties: str, amount: float | str | None = None, **changes: Any) -> Mention:
    values: dict[str, Any] = {
        "salience": "primary",
        "kind": "compute_contract",
        "status": "announced",
        "currency": "USD" if amount is not None else None,
        "amount_qualifier": "exact" if amount is not None else None,
        "amount_basis": "total" if amount is not None else None,
        "amount_low": None,
        "amount_high": None,
        "amount_text": None,
        "valuation": None,
        "valuation_currency": None,
        "term_months": None,
        "announced_on": None,
        "capacity": (),
        "confidence": 0.8,
        "needs_review": False,
        "claims": (),
        "extractor_version": "test",
    } | changes
    if isinstance(values["announced_on"], str):
        values["announced_on"] = date.fromisoformat(values["announced_on"])
    return Mention(
        parties=tuple(party(spec) for spec in parties),
        amount=decimal(amount) if amount is not None else None,
        **values,
    )


def report(key: str, *parties: str, day: float | None = 0, amount: float | str | None = None, **changes: Any) -> Report:
    """A report `day` days after START; keywords of Report and of Mention may be mixed."""
    about = {
        "article_id": key.split("#")[0],
        "story_id": None,
        "publisher": f"outlet {key}",
        "official": False,
        "url": None,
        "title": "",
        "lead": "",
        "language": "en",
        "retracted": False,
    }
    for name in list(changes):
        if name in about:
            about[name] = changes.pop(name)
    at = START + timedelta(days=day) if day is not None else None
    return Report(key=key, published_at=at, seen_at=at, mention=mention(*parties, amount=amount, **changes), **about)  # type: ignore[arg-type]


def capacity(quantity: float | None, unit: str, qualifier: str = "exact", item: str | None = None) -> Capacity:
    return Capacity(decimal(quantity) if quantity is not None else None, unit, qualifier, item)  # type: ignore[arg-type]


def judgement(number: int, action: str, **values: Any) -> Judgement:
    fields: dict[str, Any] = {
        "deal_key": None,
        "other_deal_key": None,
        "report_key": None,
        "field": None,
        "value": None,
        "made_by": "analyst",
        "reason": "checked",
        "made_at": START + timedelta(days=30, minutes=number),
    } | values
    return Judgement(id=number, action=action, **fields)  # type: ignore[arg-type]
