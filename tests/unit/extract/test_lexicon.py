"""Phrases, stems and word boundaries; and which cue counts where two overlap."""

from __future__ import annotations

import pytest

from dealwire.extract.cues import CUE_CLASSES, find_cues
from dealwire.extract.language import load_language
from dealwire.extract.lexicon import Lexicon


def _texts(phrase: str, body: str, *, joined: bool = False) -> list[str]:
    return [body[hit.start : hit.end] for hit in Lexicon([(phrase, "x", None)], joined=joined).find(body)]


@pytest.mark.parametrize(
    ("phrase", "body", "expected"),
    [
        ("at", "At that data centre", ["At"]),
        ("acquir*", "Acquired, acquires; reacquired", ["Acquired", "acquires"]),
        ("*vertrag", "Der Cloudvertrag, Verträge, vertraglich", ["Cloudvertrag"]),
        ("*vertrag*", "Rahmenvertrages", ["Rahmenvertrages"]),
        ("multi-year", "a multi year deal, a multi-year one", ["multi year", "multi-year"]),
        ("d'euros", "5 millions d’euros", ["d’euros"]),
        ("led by", "led, by", []),
    ],
)
def test_phrases_match_whole_words(phrase: str, body: str, expected: list[str]) -> None:
    assert _texts(phrase, body) == expected


def test_scripts_without_spaces_match_anywhere_but_cut_no_latin_word() -> None:
    assert _texts("買収", "同社買収額", joined=True) == ["買収"]
    assert _texts("AI", "生成AI半導体、AIM、MAI", joined=True) == ["AI"]


@pytest.mark.parametrize("phrase", ["", "*", "a* b", " - "])
def test_a_phrase_that_cannot_match_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="star inside"):
        Lexicon([(phrase, "x", None)], joined=False)


def _cues(text: str, code: str = "en") -> list[str]:
    return [cue.cue for cue in find_cues(text, load_language(code))]


def test_a_cue_inside_a_longer_one_does_not_count() -> None:
    assert "topic.market" not in _cues("Its market value fell")
    assert "topic.market" in _cues("The market fell")
    assert "topic.ipo" not in _cues("株式公開買い付けを始める", "ja")


def test_prepositions_count_inside_longer_cues() -> None:
    assert {"role.led_by", "role.by"} <= set(_cues("a round led by a fund"))


def test_a_longer_phrase_of_manner_leaves_its_subject() -> None:
    assert {"status.close", "deal.raise"} <= set(_cues("It has raised money"))
    assert "status.reject" not in _cues("It declined to comment")


def test_cues_come_in_order_and_of_known_classes() -> None:
    found = find_cues("Acme agreed to buy a stake in Beta, people familiar with the matter said.", load_language("en"))
    assert [cue.start for cue in found] == sorted(cue.start for cue in found)
    assert {cue.cue for cue in found} <= set(CUE_CLASSES)


def test_classes_are_dotted_and_unique() -> None:
    assert len(set(CUE_CLASSES)) == len(CUE_CLASSES)
    assert all(name.count(".") == 1 for name in CUE_CLASSES)
