"""Batches are few, small and complete, however much there is to do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.stages.batches import MOST_BATCHES, batches, within

ids = st.lists(st.integers(min_value=1, max_value=10**7), unique=True, max_size=500)


@pytest.mark.fault("A6", "A7")
@given(ids, st.integers(min_value=1, max_value=60))
def test_batches_hold_every_id_once(given_ids: list[int], smallest: int) -> None:
    made = batches(given_ids, smallest)
    assert len(made) <= MOST_BATCHES
    found = [one for batch in made for one in within(given_ids, batch)]
    assert sorted(found) == sorted(given_ids)


@pytest.mark.fault("A6", "A7")
def test_ten_thousand_entries_make_twenty_batches_and_a_small_xcom() -> None:
    made = batches(range(1, 10_001), 50)
    assert len(made) == 20
    assert len(json.dumps(made)) < 8 * 1024


def test_nothing_to_do_is_no_batch() -> None:
    assert batches([], 25) == []


def test_few_ids_make_one_batch() -> None:
    assert batches([9, 3, 7], 25) == [[3, 9]]
