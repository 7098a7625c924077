"""Training on a few labels: repeatable to the digit, readable again, and honest about what it has seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dealwire.errors import SettingsError, UsageError
from dealwire.extract.evaluate import report, without_language
from dealwire.extract.gold import Labelled, read_gold
from dealwire.extract.learning import Recipe
from dealwire.extract.local import extract_with
from dealwire.extract.train import learn, read_cases
from dealwire.extract.train_stages import Recipes
from dealwire.extract.truth import Case
from dealwire.extract.weights import Weights, load, save

GOLD = Path(__file__).parents[2] / "gold" / "dev.jsonl"
QUICK = Recipe(strength=0.02, rounds=3, leaves=4)
RECIPES = Recipes(
    kind=QUICK,
    gate=QUICK,
    party=QUICK,
    amount=QUICK,
    claim=QUICK,
    record=QUICK,
    emit=QUICK,
    status=QUICK,
    detail=QUICK,
)


@pytest.fixture(scope="module")
def labelled() -> list[Labelled]:
    return read_gold(GOLD)[::3]


@pytest.fixture(scope="module")
def cases(labelled: list[Labelled]) -> list[Case]:
    return read_cases(labelled)


@pytest.fixture(scope="module")
def weights(cases: list[Case]) -> Weights:
    return learn(cases, RECIPES)


def test_the_same_labels_give_the_same_digits(cases: list[Case], weights: Weights) -> None:
    again = learn(cases, RECIPES)
    assert json.dumps(again.to_json(), sort_keys=True) == json.dumps(weights.to_json(), sort_keys=True)


def test_saved_weights_decide_alike(weights: Weights, labelled: list[Labelled], tmp_path: Path) -> None:
    save(weights, tmp_path)
    again = load(tmp_path)
    for one in labelled[:12]:
        assert extract_with(one.article, again) == extract_with(one.article, weights)


def test_missing_weights_say_what_helps(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="dealwire train"):
        load(tmp_path / "nowhere")


def test_weights_for_other_features_are_refused(weights: Weights, tmp_path: Path) -> None:
    save(weights, tmp_path)
    path = tmp_path / "kind.json"
    path.write_text(path.read_text(encoding="utf-8").replace("own:title", "own:headline"), encoding="utf-8")
    with pytest.raises(SettingsError, match="another version"):
        load(tmp_path)


def test_a_bad_label_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('\n{"id": "a", "title": "", "text": "", "deals": [{"kind": 3}]}\n{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"labels\.jsonl:3"):
        read_gold(path)


def test_a_language_left_out_takes_its_events_along(cases: list[Case]) -> None:
    train, held_out = without_language(cases, "fr")
    assert held_out
    assert {cases[row].article.lang for row in held_out} == {"fr"}
    assert not {cases[row].group for row in train} & {cases[row].group for row in held_out}


def test_a_report_of_the_labels_themselves_is_perfect(labelled: list[Labelled]) -> None:
    simple = [one for one in labelled if len(one.deals) < 2]
    perfect = report("labels", simple, {one.article.id: one.deals for one in simple})
    assert perfect.overall.record.f1 == 1.0
    assert perfect.overall.false_alarms == 0.0
    assert perfect.intervals["deal F1"] == (1.0, 1.0)
    assert any(line.startswith("all") for line in perfect.lines())
