from __future__ import annotations

import json

import numpy as np
import pytest

from dealwire.extract.learning import Recipe, fit, fit_linear, fit_trees
from dealwire.extract.scorers import Scorer
from dealwire.extract.trees import from_json, to_json


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(600, 6))
    rows[:, 2] = rows[:, 2] > 0
    rows[:, 3] = 1.0
    return rows, ((rows[:, 0] * rows[:, 1] > 0) ^ (rows[:, 2] > 0)).astype(float)


def test_exported_trees_find_an_interaction(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    grown = fit_trees(rows, labels, np.ones(len(rows)), Recipe(rounds=60))
    assert ((grown.margin(rows) > 0) == (labels > 0)).mean() > 0.9


def test_json_keeps_every_digit(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    grown = fit_trees(rows, labels, np.ones(len(rows)), Recipe(rounds=10))
    again = from_json(json.loads(json.dumps(to_json(grown))))
    assert np.array_equal(again.margin(rows), grown.margin(rows))


def test_training_twice_gives_the_same_digits(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    names = [f"f{number}" for number in range(rows.shape[1])]
    once, twice = (fit(names, rows, labels, Recipe(rounds=10)) for _ in range(2))
    assert json.dumps(once.to_json()) == json.dumps(twice.to_json())


def test_contributions_of_a_row_add_up(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    grown = fit_trees(rows, labels, np.ones(len(rows)), Recipe(rounds=10))
    root = grown.base + grown.value[:, 0].sum()
    for row in rows[:5]:
        assert root + grown.contributions(row).sum() == pytest.approx(float(grown.margin(row[None, :])[0]))


def test_a_constant_column_never_decides(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    grown = fit_trees(rows, labels, np.ones(len(rows)), Recipe(rounds=20))
    assert all(grown.contributions(row)[3] == 0 for row in rows[:20])


def test_a_linear_model_of_one_class_gives_its_rate() -> None:
    flat = fit_linear(np.ones((10, 2)), np.zeros(10), np.ones(10), 1.0)
    assert float(flat.margin(np.ones((1, 2)))[0]) < -5


def test_no_rows_give_no_margins(sample: tuple[np.ndarray, np.ndarray]) -> None:
    rows, labels = sample
    scorer: Scorer = fit([f"f{number}" for number in range(6)], rows, labels, Recipe(rounds=5))
    assert scorer.margin(np.zeros((0, 6))).shape == (0,)
