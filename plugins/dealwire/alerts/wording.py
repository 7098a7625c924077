"""The phrases of an alert: its headline with the figure first, and each fact, in one language. Pure."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dealwire.alerts.catalogues import Catalogue

Json = Mapping[str, Any]


def value(deal: Json, words: Catalogue) -> str | None:
    """The deal's value with its qualifier: "up to $10bn", "$30bn to $38bn a year"; None where it is not known."""
    if deal["amount"] is None or deal["currency"] is None:
        return None
    currency = deal["currency"]
    figure = words.money(Decimal(str(deal["amount"])), currency)
    low, high = deal["amount_low"], deal["amount_high"]
    if low is not None and high is not None and low != high:
        low, high = (words.money(Decimal(str(end)), currency) for end in (low, high))
        figure = words.text("amount", "range", low=low, high=high)
    else:
        figure = words.text("qualifier", deal["amount_qualifier"] or "exact", value=figure)
    return words.text("amount", "per_year", value=figure) if deal["amount_basis"] == "per_year" else figure


def figure(deal: Json, words: Catalogue) -> str:
    """What stands first in a headline: value and term, with dollars beside another currency."""
    known = value(deal, words)
    if known is None:
        sizes = [item for item in deal["capacity"] if item["quantity"] is not None]
        known = capacity(sizes[0], words) if sizes else words.text("amount", "none")
    elif deal["currency"] != "USD" and deal["amount_usd"] is not None:
        dollars = words.money(_rounded(Decimal(str(deal["amount_usd"]))), "USD")
        known = words.text("amount", "in_usd", value=known, usd=dollars)
    if deal["term_months"]:
        known = words.text("amount", "term", value=known, term=words.term(deal["term_months"]))
    return known[0].upper() + known[1:]


def _rounded(amount: Decimal) -> Decimal:
    """Two significant figures more than a headline shows would pretend to know the rate of the day."""
    exponent = max(amount.adjusted() - 1, 0)
    return amount.quantize(Decimal(1).scaleb(exponent)) if amount else amount


def action(deal: Json, words: Catalogue) -> str:
    """Who does what: the first form of the kind's headlines whose roles are all filled."""
    names: dict[str, list[str]] = {}
    for party in deal["parties"]:
        names.setdefault(party["role"], []).append(party["name"])
    joined = {role: words.join(found) for role, found in names.items()}
    for form in words.texts["headline"][deal["kind"]]:
        roles = {name for _, name, _, _ in string.Formatter().parse(form) if name}
        if roles <= joined.keys() and (roles != {"partner"} or len(names["partner"]) > 1):
            return str(form).format(**joined)
    everybody = words.join([party["name"] for party in deal["parties"]])
    kind = words.text("kind", deal["kind"])
    return f"{kind}{words.texts['format']['colon']}{everybody}" if everybody else kind


def marks(payload: Json, words: Catalogue) -> list[str]:
    """What must stand beside the figure: a rumour, a denial, what it was before."""
    deal = payload["deal"]
    if payload["event"] == "correction":
        return [words.text("mark", "correction" if payload.get("merged_into") is None else "merged")]
    found: list[str] = []
    before = value(_before(payload), words) if payload["event"] == "value_changed" else None
    if before is not None:
        found.append(words.text("mark", "was", value=before))
    if deal["status"] != "announced" or payload["event"] == "status_changed":
        found.append(words.text("mark", deal["status"]))
    if deal["disputed"]:
        found.append(words.text("mark", "disputed"))
    return found


def headline(payload: Json, words: Catalogue) -> str:
    """The one line that a person reads: figure first, then who does what."""
    found = marks(payload, words)
    first = figure(payload["deal"], words)
    if payload["event"] == "correction":
        first = f"{found[0]}{words.texts['format']['colon']}{first}"
        found = []
    beside = f" ({words.join(found, last=False)})" if found else ""
    return f"{first}{beside}{words.texts['format']['colon']}{action(payload['deal'], words)}"


def capacity(item: Json, words: Catalogue) -> str:
    """One capacity: "up to 2 GW", "500,000 chips (TPU)"."""
    unit = words.text("unit", item["unit"])
    if item["quantity"] is None:
        worded = words.text("unit", "unknown", unit=unit)
    else:
        number = words.figure(Decimal(str(item["quantity"])), 2)
        worded = words.text("qualifier", item["qualifier"], value=f"{number}\u00a0{unit}")
    return f"{worded} ({item['item']})" if item["item"] else worded


def kind(deal: Json, words: Catalogue) -> str:
    """Kind, status and day."""
    values = {"kind": words.text("kind", deal["kind"]), "status": words.text("status", deal["status"])}
    if deal["announced_on"] is None:
        return words.text("text", "kind", **values)
    form = "kind_new" if deal["status"] == "announced" else "kind_dated"
    return words.text("text", form, **values, date=words.date(date.fromisoformat(deal["announced_on"])))


def parties(deal: Json, words: Catalogue) -> str:
    """Everybody with their role."""
    return words.join([f"{p['name']} ({words.text('role', p['role'])})" for p in deal["parties"]], last=False)


_VALUE_FIELDS = ("amount", "currency", "amount_qualifier")


def changes(payload: Json, words: Catalogue) -> list[str]:
    """What changed, each before and after; a value with its currency and qualifier is one change."""
    deal = payload["deal"]
    found = []
    if any(item["field"] in _VALUE_FIELDS for item in payload["changes"]):
        ends = (value(_before(payload), words), value(deal, words))
        found.append(_change("amount", ends[0], ends[1], words))
    for item in payload["changes"]:
        if item["field"] not in _VALUE_FIELDS:
            ends = (_worded(item["field"], item["before"], words), _worded(item["field"], item["after"], words))
            found.append(_change(item["field"], *ends, words))
    return found


def _before(payload: Json) -> dict[str, Any]:
    """The deal with the values that it had at the last alert; its range is not kept."""
    told = dict(payload["deal"]) | {"amount_low": None, "amount_high": None}
    return told | {item["field"]: item["before"] for item in payload["changes"]}


def _change(field: str, before: str | None, after: str | None, words: Catalogue) -> str:
    unknown = words.text("text", "unknown")
    named = words.text("field", field)
    return words.text("text", "change", field=named, before=before or unknown, after=after or unknown)


def _worded(field: str, told: Any, words: Catalogue) -> str | None:
    if told is None:
        return None
    if isinstance(told, bool):
        return words.text("text", "yes" if told else "no")
    return words.term(told) if field == "term_months" else words.text("status", told)


def sources(payload: Json, words: Catalogue) -> str:
    """How many reports, how many of them independent, who was first, and whether a party confirmed."""
    deal = payload["deal"]
    found = [words.count("text", "reports", deal["source_count"])]
    found.append(words.text("text", "independent", n=deal["independent_source_count"]))
    if payload["sources"]:
        first = payload["sources"][0]
        if first["published_at"] is None:
            found.append(words.text("text", "first", publisher=first["publisher"]))
        else:
            day = words.date(datetime.fromisoformat(first["published_at"]))
            found.append(words.text("text", "first_dated", publisher=first["publisher"], date=day))
    found.append(words.text("text", "official" if deal["officially_confirmed"] else "unofficial"))
    return words.join(found, last=False)
