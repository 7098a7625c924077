"""The labelled articles are what tests/gold/README.md says of them."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from dealwire.extract.folded_names import fold
from dealwire.extract.gazetteer import load_gazetteer
from dealwire.extract.gold import Labelled, read_gold
from dealwire.extract.reading import Reading, read_article
from dealwire.extract.score import number_right
from dealwire.model import ROLES_OF_KIND

GOLD = Path(__file__).parents[1] / "gold"
LEARNED_ON = ("dev", "train_en", "train_intl", "own_en", "own_intl")
OWN = ("own_en", "own_intl")
# What the finders do not see in articles of our own; whoever mends a finder shortens this.
UNSEEN_AMOUNTS = 0


def labelled(*names: str) -> list[Labelled]:
    return [one for name in names for one in read_gold(GOLD / f"{name}.jsonl")]


@pytest.fixture(scope="module")
def own() -> list[tuple[Labelled, Reading]]:
    return [(one, read_article(one.article)) for one in labelled(*OWN)]


def test_articles_have_ids_and_texts_of_their_own() -> None:
    articles = [one.article for one in labelled(*LEARNED_ON, "newsroom")]
    assert len({article.id for article in articles}) == len(articles)
    learned_on = [one.article.body for one in labelled(*LEARNED_ON)]
    assert len(set(learned_on)) == len(learned_on)


def test_an_article_has_an_event_where_it_has_a_deal_as_news() -> None:
    for one in labelled(*LEARNED_ON):
        assert bool(one.event) == any(deal.salience == "primary" for deal in one.deals), one.article.id


def test_our_own_events_are_in_no_other_file() -> None:
    others = {one.event for one in labelled("dev", "train_en", "train_intl")} - {None}
    assert not others & {one.event for one in labelled(*OWN)}


def test_roles_fit_the_kind_in_our_own() -> None:
    for one in labelled(*OWN):
        for deal in one.deals:
            assert {party.role for party in deal.parties} <= set(ROLES_OF_KIND[deal.kind]), one.article.id


def test_an_amount_has_currency_qualifier_and_basis() -> None:
    for one in labelled(*OWN):
        for deal in one.deals:
            told = [deal.currency, deal.amount_qualifier, deal.amount_basis]
            assert all(told) if deal.amount is not None else not any(told), one.article.id


def test_rumours_carry_no_date_and_takeovers_no_capacity() -> None:
    for one in labelled(*OWN):
        for deal in one.deals:
            assert not (deal.status == "rumored" and deal.announced_on), one.article.id
            assert not (deal.kind == "acquisition" and deal.capacity), one.article.id


def test_one_firm_has_one_name() -> None:
    known = load_gazetteer()
    names: dict[str, set[str]] = defaultdict(set)
    for one in labelled(*LEARNED_ON):
        for party in (party for deal in one.deals for party in deal.parties):
            if organisation := known.resolve_name(party.name):
                names[organisation.id].add(fold(party.name))
    assert {key: forms for key, forms in names.items() if len(forms) > 1} == {}


def test_every_party_of_our_own_stands_in_its_article(own: list[tuple[Labelled, Reading]]) -> None:
    known = load_gazetteer()
    missing = []
    for one, reading in own:
        seen = {entity.key for entity in reading.entities}
        for name in {party.name for deal in one.deals for party in deal.parties}:
            organisation = known.resolve_name(name)
            keys = {fold(name), fold(organisation.name)} if organisation else {fold(name)}
            if not keys & seen and name.casefold() not in one.article.body.casefold():
                missing.append((one.article.id, name))
    assert missing == []


def test_every_amount_of_our_own_is_read_from_its_article(own: list[tuple[Labelled, Reading]]) -> None:
    unseen = [
        (one.article.id, deal.amount)
        for one, reading in own
        for deal in one.deals
        if deal.amount is not None
        and not any(number_right(m.high, deal.amount) and m.currency == deal.currency for m in reading.money)
    ]
    assert len(unseen) <= UNSEEN_AMOUNTS, unseen


def test_lines_are_json_of_one_shape() -> None:
    shape = {"id", "lang", "url", "query", "published", "title", "text", "event", "deals"}
    for name in LEARNED_ON:
        for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines():
            assert shape <= set(json.loads(line)) <= shape | {"also", "weight"}
