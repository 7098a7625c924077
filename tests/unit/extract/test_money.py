"""What an amount carries besides its figure: conversions, attributes, inherited currencies, bases."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dealwire.extract.language import load_language
from dealwire.extract.money import Money, find_money


def _one(text: str, code: str = "en") -> Money:
    found = find_money(text, load_language(code))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The $15bn company grows"),
        ("en", "A 500-million-dollar contract"),
        ("de", "Der 50-Milliarden-Dollar-Vertrag"),
        ("fr", "Une entreprise à 10 milliards de dollars"),
        ("it", "La multa da 15 milioni di euro"),
        ("ja", "10億ドルの契約"),
        ("zh", "5亿美元的融资"),
    ],
)
def test_an_amount_before_its_noun_is_adjectival(code: str, text: str) -> None:
    assert _one(text, code).adjectival


@pytest.mark.parametrize("text", ["It raised $15bn from banks", "It is worth $15bn.", "They paid $15bn, in cash"])
def test_an_amount_of_its_own_is_not_adjectival(text: str) -> None:
    assert not _one(text).adjectival


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "It paid £2bn (about $2.7bn) for it"),
        ("fr", "2,5 milliards de livres, soit près de 2,9 milliards d'euros"),
        ("de", "7,4 Milliarden Dollar, umgerechnet rund 6,4 Milliarden Euro"),
        ("es", "23.000 millones de euros (US$26.800 millones)"),
        ("nl", "73 miljoen dollar, omgerekend bijna 70 miljoen euro"),
        ("ja", "600億ドル(約9兆3000億円)"),
        ("zh", "43亿美元(约合人民币310亿元)"),
    ],
)
def test_the_same_sum_in_another_currency_is_a_conversion(code: str, text: str) -> None:
    first, second = find_money(text, load_language(code))
    assert (first.conversion_of, second.conversion_of) == (None, 0)


@pytest.mark.parametrize(
    "text",
    [
        "It raised $10 billion ($2 billion upfront)",
        "$10 billion. In Europe it paid €2 billion",
        "$10 billion and €2 billion",
    ],
)
def test_another_sum_is_no_conversion(text: str) -> None:
    assert [money.conversion_of for money in find_money(text, load_language("en"))] == [None, None]


def test_a_bare_amount_takes_the_currency_of_the_one_before_it() -> None:
    euros, bare = find_money("Sie zahlt 35 Milliarden Euro, davon 15 Milliarden sofort.", load_language("de"))
    assert (bare.currency, bare.inherited, euros.inherited) == ("EUR", True, False)


def test_a_bare_amount_takes_the_first_currency_when_it_leads() -> None:
    bare, _ = find_money("Les 15 milliards promis, dont 3 milliards de dollars", load_language("fr"))
    assert (bare.currency, bare.inherited) == ("USD", True)


def test_a_bare_amount_alone_has_no_currency() -> None:
    assert _one("Retelit investe 100 milioni.", "it").currency is None


def test_a_range_keeps_its_lower_figure_and_shares_its_scale() -> None:
    money = _one("It will spend $175-185 billion")
    assert (money.low, money.high, money.qualifier) == (Decimal(175 * 10**9), Decimal(185 * 10**9), "up_to")


def test_a_rise_is_two_amounts() -> None:
    assert [m.low for m in find_money("Sales rose from $5 billion to $8 billion", load_language("en"))] == [None, None]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("about $5 billion", "approx"),
        ("up to about $5 billion", "up_to"),
        ("more than $5 billion", "at_least"),
        ("$5 billion or more", "at_least"),
        ("as much as $5 billion", "up_to"),
        ("more than 200 staff and $5 billion", "exact"),
        ("Up to now, it has paid $5 billion", "exact"),
    ],
)
def test_a_qualifier_counts_only_where_it_touches(text: str, qualifier: str) -> None:
    assert _one(text).qualifier == qualifier


def test_a_german_contract_about_a_sum_is_exact() -> None:
    assert _one("Ein Vertrag über 5 Milliarden Euro", "de").qualifier == "exact"
    assert _one("Es kostet über 5 Milliarden Euro", "de").qualifier == "at_least"


@pytest.mark.parametrize(
    ("code", "text", "basis"),
    [
        ("en", "$300 million a year", "per_year"),
        ("en", "an annual $300 million", "per_year"),
        ("en", "a total of $300 million", "total"),
        ("en", "$300 million in 2025. Each year it grows", None),
        ("de", "jährlich 300 Millionen Euro", "per_year"),
        ("ja", "年間10兆円", "per_year"),
        ("zh", "每年约7亿元", "per_year"),
    ],
)
def test_basis(code: str, text: str, basis: str | None) -> None:
    assert _one(text, code).basis == basis


def test_the_basis_behind_one_amount_is_not_the_next_ones() -> None:
    first, second = find_money("It pays $5 million a year to settle $80 million", load_language("en"))
    assert (first.basis, second.basis) == ("per_year", None)


@pytest.mark.parametrize(
    ("code", "currency"), [("ja", "JPY"), ("zh", "CNY"), ("en", "JPY")], ids=["yen", "yuan", "yen abroad"]
)
def test_the_yen_sign_means_what_it_means_in_the_language(code: str, currency: str) -> None:
    assert _one("¥500 000 000", code).currency == currency


@pytest.mark.parametrize(
    "text",
    [
        "worth $38\nbillion to it",
        "$38\u200bbillion",
        "\u202a$38 billion\u202c",
        "$38\u202fbillion",
        "US$\u00a038 billion",
        "＄３８ billion",
    ],
)
def test_line_ends_and_unseen_characters_do_not_part_an_amount(text: str) -> None:
    assert _one(text).high == 38 * 10**9


def test_a_title_does_not_run_into_the_text() -> None:
    assert _one("It pays $38\n\nBillion-dollar deals are rare").high == 38
