"""The labels as a careful model would answer them: each value with words of the text that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from dealwire.extract.folded_names import fold
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.extract.gold import Deal, Labelled
from dealwire.extract.quoted_text import QuotedText
from dealwire.extract.record import number
from dealwire.model import Capacity


class Labeller:
    """Answers for one article. Where the text does not say a value, the quote is the nearest thing, as a model's is."""

    def __init__(self, labelled: Labelled, *, whole_sentences: bool = False) -> None:
        self.deals = labelled.deals
        self.text = QuotedText(labelled.article)
        self.whole_sentences = whole_sentences

    def answer(self) -> dict[str, Any]:
        answer = {"notes": "", "deals": [self._deal(deal) for deal in self.deals]}
        return self._widened(answer) if self.whole_sentences else answer

    def _widened(self, value: Any) -> Any:
        """With the sentence in the place of each quote: some models quote no shorter."""
        if isinstance(value, list):
            return [self._widened(one) for one in value]
        if isinstance(value, dict):
            return {key: self._sentence(one) if key == "quote" else self._widened(one) for key, one in value.items()}
        return value

    def _sentence(self, quote: str) -> str:
        for start, end in self.text.spans(quote):
            for one in self.text.sentences:
                if one.start <= start and end <= one.end:
                    return self.text.body[one.start : one.end]
        return quote

    @cached_property
    def _first_line(self) -> str:
        return self.text.article.title

    def _deal(self, deal: Deal) -> dict[str, Any]:
        parties = [{"name": p.name, "role": p.role, "quote": self._name(p.name)} for p in deal.parties]
        return {
            "salience": deal.salience,
            "kind": deal.kind,
            "status": deal.status,
            "quote": self._first_line,
            "parties": parties,
            "amount": self._amount(deal),
            "valuation": None
            if deal.valuation is None
            else {"value": number(deal.valuation), "currency": deal.currency, "quote": self._figure(deal.valuation)},
            "term": None
            if deal.term_months is None
            else {"months": deal.term_months, "quote": self._term(deal.term_months)},
            "announced_on": None
            if deal.announced_on is None
            else {"date": deal.announced_on.isoformat(), "quote": self._date(deal.announced_on.isoformat())},
            "capacity": [self._capacity(one) for one in deal.capacity],
        }

    def _amount(self, deal: Deal) -> dict[str, Any] | None:
        if deal.amount is None:
            return None
        return {
            "value": number(deal.amount),
            "currency": deal.currency,
            "qualifier": deal.amount_qualifier,
            "basis": deal.amount_basis,
            "quote": self._figure(deal.amount),
        }

    def _name(self, name: str) -> str:
        """As the text writes it: the name, one of its other spellings, or a word of it."""
        organisation = load_gazetteer().resolve_name(name)
        spellings = [name, *(organisation.aliases if organisation else ())]
        spellings += [mention.text for mention in self.text.organisations if fold(mention.name) == fold(name)]
        spellings += [word for word in re.findall(r"\w+", name) if len(word) > 3]
        quote = next((self._standing(spelling) for spelling in spellings if self._standing(spelling)), None)
        return quote or next((m.text for m in self.text.organisations if not m.known), name)

    def _standing(self, words: str) -> str | None:
        for start, end in self.text.spans(words):
            around = self.text.body[start - 1 : start] + self.text.body[end : end + 1]
            if not words.isascii() or not any(letter.isalnum() for letter in around):
                return self.text.body[start:end]
        return None

    def _figure(self, value: Decimal) -> str:
        found = [one.text for one in self.text.money if abs(one.high - value) <= abs(value) / 100]
        return self._first(found, str(value.normalize()))

    def _term(self, months: int) -> str:
        return self._first([one.text for one in self.text.terms if one.months == months], str(months))

    def _date(self, on: str) -> str:
        return self._first([one.text for one in self.text.dates if one.on and one.on.isoformat() == on], on)

    def _capacity(self, one: Capacity) -> dict[str, Any]:
        found = [q.text for q in self.text.quantities if q.unit == one.unit and q.quantity == one.quantity]
        return {
            "quantity": number(one.quantity),
            "unit": one.unit,
            "qualifier": one.qualifier,
            "item": one.item,
            "quote": self._first(found, str(one.quantity)),
        }

    @staticmethod
    def _first(found: Iterable[str], otherwise: str) -> str:
        return next(iter(found), otherwise)
