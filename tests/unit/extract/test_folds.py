from __future__ import annotations

from collections import Counter

from dealwire.extract.folds import bootstrap, fold_of_group, split
from dealwire.extract.score import Figures

GROUPS = [f"event-{number % 17}" for number in range(60)]


def test_an_event_stays_on_one_side() -> None:
    for train, held_out in split(GROUPS, 4):
        assert not {GROUPS[row] for row in train} & {GROUPS[row] for row in held_out}


def test_every_row_is_held_out_once() -> None:
    held = [row for _, rows in split(GROUPS, 4) for row in rows]
    assert sorted(held) == list(range(60))


def test_folds_do_not_depend_on_the_order_of_rows() -> None:
    assert fold_of_group(GROUPS, 5) == fold_of_group(GROUPS[::-1], 5)


def test_an_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    counts = [Counter(tp=1, fp=int(number % 3 == 0), fn=int(number % 4 == 0)) for number in range(60)]
    wanted = {"deal F1": deal_f1}
    low, high = bootstrap(counts, GROUPS, wanted, repeats=200)["deal F1"]
    assert low < 2 * 60 / (2 * 60 + 20 + 15) < high
    assert bootstrap(counts, GROUPS, wanted, repeats=200)["deal F1"] == (low, high)


def deal_f1(result: Figures) -> float:
    return result.deal.f1
