"""Turns a model's answer into mentions, keeping only what the article's text proves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from dealwire.extract.dates import find_dates
from dealwire.extract.gazetteer import load_gazetteer, provisional_id
from dealwire.extract.language import Language, detect_language, load_language
from dealwire.extract.money import Money, find_money
from dealwire.extract.quantities import find_quantities
from dealwire.extract.terms import find_terms
from dealwire.model import (
    KINDS,
    QUALIFIERS,
    ROLES_OF_KIND,
    STATUSES,
    UNITS,
    Article,
    Basis,
    Capacity,
    Claim,
    Kind,
    Mention,
    Party,
    Qualifier,
    Role,
    Status,
)

# A careful reader gets .85 of whole records right; a value that was dropped makes the rest less credible.
CERTAIN = 0.85
DOUBTED = 0.6
MOST_DEALS, MOST_PARTIES = 12, 30
DOLLARS = frozenset({"USD", "CAD", "AUD", "SGD", "HKD", "NZD", "TWD", "MXN"})
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class _Text:
    """The article's body with what our own finders see in it."""

    article: Article
    language: Language
    body: str
    folded: str
    offsets: list[int]
    money: list[Money] = field(default_factory=list)

    @classmethod
    def of(cls, article: Article) -> _Text:
        body = article.body
        language = load_language(article.lang or detect_language(body))
        folded, offsets = _fold(body)
        return cls(article, language, body, folded, offsets, find_money(body, language))

    def spans(self, quote: object) -> list[tuple[int, int]]:
        """Where the quote stands, forgiving width, case and spacing only."""
        if not isinstance(quote, str):
            return []
        wanted = _fold(quote)[0].strip()
        if not wanted or len(wanted) > 600:
            return []
        found: list[tuple[int, int]] = []
        at = self.folded.find(wanted)
        while at >= 0 and len(found) < 20:
            found.append((self.offsets[at], self.offsets[at + len(wanted) - 1] + 1))
            at = self.folded.find(wanted, at + 1)
        return found


def _fold(text: str) -> tuple[str, list[int]]:
    """Compatibility forms, lower case, runs of space as one; with the offset of each character's origin."""
    letters: list[str] = []
    offsets: list[int] = []
    for at, original in enumerate(text):
        for letter in unicodedata.normalize("NFKC", original).casefold():
            plain = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"}.get(letter, letter)
            if plain.isspace():
                if letters and letters[-1] == " ":
                    continue
                plain = " "
            letters.append(plain)
            offsets.append(at)
    return "".join(letters), offsets


def mentions_of_answer(deals: Sequence[object], article: Article, version: str) -> list[Mention]:
    text = _Text.of(article)
    found = [
        _mention(cast(Mapping[str, Any], deal), text, version) for deal in deals[:MOST_DEALS] if isinstance(deal, dict)
    ]
    return [mention for mention in found if mention is not None]


@dataclass(slots=True)
class _Proof:
    """Collects claims, and how many values had to be dropped."""

    text: _Text
    claims: list[Claim] = field(default_factory=list)
    dropped: int = 0

    def add(self, name: str, value: object, span: tuple[int, int]) -> None:
        start, end = span
        self.claims.append(Claim(name, str(value), self.text.body[start:end], start, end, CERTAIN, {}))


def _mention(deal: Mapping[str, Any], text: _Text, version: str) -> Mention | None:
    kind, status = deal.get("kind"), deal.get("status")
    if kind not in KINDS or status not in STATUSES:
        return None
    proof = _Proof(text)
    parties = _parties(deal, cast(Kind, kind), proof)
    if not parties:
        return None
    where = text.spans(deal.get("quote")) or [(proof.claims[0].start, proof.claims[0].end)]
    for name in ("kind", "status"):
        proof.add(name, deal[name], where[0])
    amount = _money(deal.get("amount"), "amount", proof)
    valuation = _money(deal.get("valuation"), "valuation", proof)
    given = deal.get("amount")
    stated: Mapping[str, Any] = given if isinstance(given, dict) else {}
    money, currency = amount or (None, None)
    worth, worth_currency = valuation or (None, None)
    term, on = _term(deal.get("term"), proof), _date(deal.get("announced_on"), proof)
    capacity = _capacity(deal.get("capacity"), proof)
    confidence = CERTAIN if not proof.dropped else DOUBTED
    return Mention(
        salience="background" if deal.get("salience") == "background" else "primary",
        kind=cast(Kind, kind),
        status=cast(Status, status),
        parties=parties,
        amount=money.high if money else None,
        currency=currency,
        amount_qualifier=_one_of(stated.get("qualifier"), QUALIFIERS, money.qualifier) if money else None,
        amount_basis=cast(Basis, _one_of(stated.get("basis"), ("total", "per_year"), "total")) if money else None,
        amount_low=money.low if money else None,
        amount_high=money.high if money else None,
        amount_text=money.text if money else None,
        valuation=worth.high if worth else None,
        valuation_currency=worth_currency,
        term_months=term,
        announced_on=on if status != "rumored" else None,
        capacity=capacity,
        confidence=confidence,
        needs_review=False,
        claims=tuple(proof.claims),
        extractor_version=version,
    )


def _one_of(value: object, allowed: Iterable[str], otherwise: str) -> Any:
    return value if value in tuple(allowed) else otherwise


def _parties(deal: Mapping[str, Any], kind: Kind, proof: _Proof) -> tuple[Party, ...]:
    """Roles must fit the kind, the quote must stand in the text; names go through our organisations."""
    listed = deal.get("parties")
    found: dict[tuple[str, str], Party] = {}
    for row in listed[:MOST_PARTIES] if isinstance(listed, list) else ():
        if not isinstance(row, dict):
            continue
        name, role = row.get("name"), row.get("role")
        spans = proof.text.spans(row.get("quote"))
        if not isinstance(name, str) or not name.strip() or role not in ROLES_OF_KIND[kind] or not spans:
            proof.dropped += 1
            continue
        known = load_gazetteer().resolve_name(name)
        shown = known.name if known else " ".join(name.split())[:120]
        party = Party(shown, cast(Role, role), known.id if known else provisional_id(shown))
        if (shown, role) not in found:
            found[shown, role] = party
            proof.add(f"party:{role}:{shown}", shown, spans[0])
    return tuple(found.values())


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


def _money(row: object, name: str, proof: _Proof) -> tuple[Money, str | None] | None:
    """Our own finder must read the same number at the quote's place."""
    if not isinstance(row, dict):
        return None
    value = _number(row.get("value"))
    for start, end in proof.text.spans(row.get("quote")):
        for money in proof.text.money:
            if money.start < end and start < money.end and value is not None and _same(money, value):
                currency = _currency(money, row.get("currency"))
                proof.add(name, money.high, (money.start, money.end))
                if currency and name == "amount":
                    proof.add("currency", currency, (money.start, money.end))
                return money, currency
    proof.dropped += 1
    return None


def _same(money: Money, value: Decimal) -> bool:
    if not value.is_finite():
        return False
    return abs(money.high - value) <= abs(value) / 100


def _currency(money: Money, stated: object) -> str | None:
    """A bare "$" may be another country's dollar, and a figure without a sign takes what the model read around it."""
    code = stated if isinstance(stated, str) and re.fullmatch(r"[A-Z]{3}", stated) else None
    bare = money.currency is None or (money.currency == "USD" and "us" not in money.text.casefold())
    return code if code and bare and (money.currency is None or code in DOLLARS) else money.currency


def _term(row: object, proof: _Proof) -> int | None:
    if not isinstance(row, dict):
        return None
    text = proof.text
    for start, end in text.spans(row.get("quote")):
        for term in find_terms(text.body, text.language):
            if term.start < end and start < term.end and term.months == row.get("months"):
                proof.add("term_months", term.months, (term.start, term.end))
                return term.months
    proof.dropped += 1
    return None


def _date(row: object, proof: _Proof) -> date | None:
    if not isinstance(row, dict):
        return None
    text = proof.text
    for start, end in text.spans(row.get("quote")):
        for found in find_dates(text.body, text.language, text.article.published):
            if found.on and found.start < end and start < found.end and found.on.isoformat() == row.get("date"):
                proof.add("announced_on", found.on, (found.start, found.end))
                return found.on
    proof.dropped += 1
    return None


def _capacity(rows: object, proof: _Proof) -> tuple[Capacity, ...]:
    text = proof.text
    kept: list[Capacity] = []
    for row in rows[:20] if isinstance(rows, list) else ():
        if not isinstance(row, dict) or row.get("unit") not in UNITS:
            continue
        stated = _number(row.get("quantity"))
        spans = text.spans(row.get("quote"))
        for one in find_quantities(text.body, text.language):
            near = any(one.start < end and start < one.end for start, end in spans)
            if near and one.unit == row["unit"] and one.quantity == stated:
                item = row.get("item") if isinstance(row.get("item"), str) else one.item
                qualifier = cast(Qualifier, _one_of(row.get("qualifier"), QUALIFIERS, one.qualifier))
                proof.add(f"capacity:{len(kept)}", f"{stated or ''} {one.unit}".strip(), (one.start, one.end))
                kept.append(Capacity(one.quantity, one.unit, qualifier, item))
                break
        else:
            proof.dropped += 1
    return tuple(kept)
