"""Independent sources: copies and stories told after another newsroom count once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from unit.resolve.made import START, report

from dealwire.resolve.corroborate import corroborate
from dealwire.resolve.wording import attributed_to, says

PAIR = ("aws:provider", "openai:customer")


def test_two_newsrooms_are_two_sources() -> None:
    found = corroborate([report("a", *PAIR), report("b", *PAIR, day=2)])
    assert (found.source_count, found.independent_source_count) == (2, 2)
    assert (found.first_reported_at, found.last_reported_at) == (START, START + timedelta(days=2))


def test_copies_of_one_text_are_one_voice() -> None:
    found = corroborate([report("a", *PAIR, story_id="s"), report("b", *PAIR, story_id="s"), report("c", *PAIR)])
    assert (found.source_count, found.independent_source_count) == (3, 2)


@pytest.mark.parametrize(
    "lead",
    [
        "OpenAI will buy servers, Reuters reported on Monday.",
        "OpenAI achète des serveurs, selon l'agence. C'est ce que rapporte Reuters.",
        "OpenAI kauft Server, wie Reuters berichtet.",
        "OpenAI compra servidores, según Reuters.",
        "OpenAI compra servidores, de acordo com Reuters.",
        "OpenAI acquista server, secondo Reuters.",
        "OpenAI koopt servers, volgens Reuters.",
        "ロイターによると、OpenAIはサーバーを購入する。",
        "据路透社报道，OpenAI购买服务器。",
    ],
)
def test_a_story_told_after_a_newsroom_counts_as_that_newsroom(lead: str) -> None:
    told_after = report("b", *PAIR, lead=lead)
    assert attributed_to(told_after) == "reuters"
    found = corroborate([report("a", *PAIR, publisher="Reuters"), told_after, report("c", *PAIR, lead=lead)])
    assert (found.source_count, found.independent_source_count) == (3, 1)


@pytest.mark.parametrize(
    "lead", ["Reuters Breakingviews looks at the lab's accounts.", "A draft according to software firms", ""]
)
def test_a_newsroom_that_is_only_named_is_no_source(lead: str) -> None:
    assert attributed_to(report("a", *PAIR, lead=lead)) is None


def test_a_newsroom_does_not_tell_after_itself() -> None:
    assert attributed_to(report("a", *PAIR, publisher="Bloomberg", lead="Bloomberg reported on Monday")) is None


def test_an_official_source_confirms_only_its_own_news() -> None:
    recalled = report("a", *PAIR, official=True, salience="background")
    assert not corroborate([recalled]).officially_confirmed
    assert corroborate([recalled, report("b", *PAIR, official=True)]).officially_confirmed


def test_a_retracted_report_counts_for_nothing() -> None:
    found = corroborate([report("a", *PAIR), report("b", *PAIR, retracted=True, official=True)])
    assert (found.source_count, found.officially_confirmed) == (1, False)


@pytest.mark.parametrize(
    "title",
    ["Start-up denies sale", "L'éditeur dément", "Konzern dementiert Bericht", "La firma desmiente",
     "Azienda smentisce", "Empresa desmente acordo", "Bedrijf ontkent overname", "会社は報道を否定", "公司否认收购"],
)  # fmt: skip
def test_denials_are_seen_in_nine_languages(title: str) -> None:
    assert says(report("a", *PAIR, title=title), "denial")


@pytest.mark.parametrize(
    "title", ["Company signs contract", "Nieuwe deal", "La firma firma un acuerdo", "会社が契約", "公司签约"]
)
def test_other_titles_are_no_denials(title: str) -> None:
    assert not says(report("a", *PAIR, title=title), "denial")
