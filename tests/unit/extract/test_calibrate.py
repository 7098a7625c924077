from __future__ import annotations

import numpy as np

from dealwire.extract.calibrate import platts, table


def samples(count: int = 400) -> dict[str, list[tuple[float, bool]]]:
    """Log-odds that claim three times too much."""
    draw = np.random.default_rng(5)
    true = draw.normal(size=count)
    right = draw.random(count) < 1 / (1 + np.exp(-true))
    return {"kind": [(float(3 * margin), bool(hit)) for margin, hit in zip(true, right, strict=True)]}


def test_boastful_log_odds_are_brought_down() -> None:
    fitted = platts(samples())["kind"]
    assert 0.2 < fitted.slope < 0.5
    assert fitted.chance(3.0) < 0.85


def test_too_few_samples_are_left_alone() -> None:
    assert platts({"valuation": [(1.0, True)] * 10}) == {}


def test_the_table_shows_said_and_true() -> None:
    told = samples()
    (line,) = table(told, platts(told))
    assert line.startswith("| kind |")
    assert float(line.split("|")[-2]) < 0.05
