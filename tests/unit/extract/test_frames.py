"""Who does what to whom: the slots of deal words in nine languages."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from dealwire.extract.features_votes import VOTING_FEATURES, bound_frames, voting
from dealwire.extract.frame_slots import SLOTS
from dealwire.extract.frames import FOLDER, ROLE_AT, find_frames, frames_of, load_frames, vote_table
from dealwire.extract.hypotheses import Hypothesis
from dealwire.extract.layout import Layout
from dealwire.extract.reading import read_article
from dealwire.model import LANGUAGES, ROLES, Article


def layout_of(lang: str, text: str) -> Layout:
    return Layout(read_article(Article(id="a", title="", text=text, lang=lang, published=date(2026, 3, 11))))


def roles_in(lang: str, text: str) -> set[tuple[str, str]]:
    """(organisation, role) with the most votes among an organisation's roles."""
    layout = layout_of(lang, text)
    votes = vote_table(frames_of(layout), layout)[:, :, 1]
    return {
        (entity.key, role)
        for number, entity in enumerate(layout.reading.entities)
        for role in ROLES
        if votes[number, ROLE_AT[role]] and votes[number, ROLE_AT[role]] == votes[number].max()
    }


@pytest.mark.parametrize(
    ("lang", "text", "acquirer", "target"),
    [
        ("en", "Cognizant's acquisition of Rivos has closed.", "cognizant", "rivos"),
        ("en", "Rivos was acquired by Cognizant for $1bn.", "cognizant", "rivos"),
        ("fr", "Le rachat de Rivos par Cognizant est signé.", "cognizant", "rivos"),
        ("de", "Rivos wird von Cognizant übernommen.", "cognizant", "rivos"),
        ("de", "Cognizant hat Rivos für drei Millionen übernommen.", "cognizant", "rivos"),
        ("es", "Cognizant compra Rivos.", "cognizant", "rivos"),
        ("it", "Cognizant ha acquisito Rivos.", "cognizant", "rivos"),
        ("pt", "A Rivos foi comprada pela Cognizant.", "cognizant", "rivos"),
        ("nl", "Rivos wordt door Cognizant overgenomen.", "cognizant", "rivos"),
        ("ja", "KDDIがELYZAを買収した。", "kddi", "elyza"),
        ("zh", "智谱被腾讯收购。", "tencent", "zhipu"),
    ],
)
def test_voice_and_word_order_tell_buyer_from_target(lang: str, text: str, acquirer: str, target: str) -> None:
    found = roles_in(lang, text)
    assert (acquirer, "acquirer") in found
    assert (target, "target") in found
    assert (target, "acquirer") not in found


def test_a_list_shares_the_role_of_its_head() -> None:
    found = roles_in("en", "Mistral AI raised $600 million in a round led by General Catalyst, Nvidia and Salesforce.")
    assert {("general catalyst", "investor"), ("nvidia", "investor"), ("salesforce", "investor")} <= found
    assert ("mistral", "investee") in found


def test_a_sale_names_seller_object_and_buyer() -> None:
    found = roles_in("es", "Telefónica y Asterion venden Nabiax a Aermont.")
    assert ("telefonica", "seller") in found
    assert ("nabiax", "target") in found
    assert ("aermont", "acquirer") in found


def test_what_follows_the_next_verb_is_not_its_object() -> None:
    found = roles_in("en", "CoreWeave signed with OpenAI and will provide it with computing power.")
    assert ("openai", "provider") not in found


def test_a_word_inside_a_longer_one_counts_only_there() -> None:
    hits = find_frames("Nvidia takes a stake in Nebius.", load_frames("en"))
    assert [hit.frame for hit in hits] == ["invest"]


def test_a_text_without_names_or_deal_words_gives_nothing() -> None:
    assert frames_of(layout_of("en", "It rained.")) == []
    assert frames_of(layout_of("en", "They buy.")) == []


def test_a_hypothesis_gains_by_words_that_bind_its_parties_and_loses_by_turned_roles() -> None:
    layout = layout_of("en", "Cognizant acquires Rivos.")
    frames = frames_of(layout)
    votes, bound = vote_table(frames, layout), bound_frames(frames, layout)
    keys = [entity.key for entity in layout.reading.entities]
    buyer, target = keys.index("cognizant"), keys.index("rivos")
    straight = Hypothesis("acquisition", ((buyer, "acquirer"), (target, "target")), 0.0)
    turned = Hypothesis("acquisition", ((buyer, "target"), (target, "acquirer")), 0.0)
    told = dict(zip(VOTING_FEATURES, voting(votes.tolist(), bound, straight), strict=True))
    lied = dict(zip(VOTING_FEATURES, voting(votes.tolist(), bound, turned), strict=True))
    assert told["bound"] == 1.0 and told["bound_against"] == 0.0
    assert lied["bound"] == 0.0 and lied["bound_against"] > 0.0
    assert told["vote_ahead"] > 0 > lied["vote_ahead"]


def test_every_language_fills_every_frame() -> None:
    for code in LANGUAGES:
        words = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
        assert set(SLOTS) <= set(words), code
