"""Deal records survive their way through JSON, digit by digit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import a_record

from dealwire.deal_model import DealRecord
from dealwire.model import QUALIFIERS, ROLES, UNITS, Capacity, Party
from dealwire.store.records import record_from_json, record_to_json

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False, places=4)
TIMES = st.none() | st.datetimes(
    min_value=datetime(1990, 1, 1), timezones=st.integers(-12, 12).map(lambda h: timezone(timedelta(hours=h)))
)
RECORDS = st.builds(
    replace,
    st.just(a_record()),
    amount=AMOUNTS,
    amount_low=AMOUNTS,
    amount_usd=AMOUNTS,
    announced_on=st.none() | st.dates(),
    first_reported_at=TIMES,
    headline=st.text(max_size=40),
    confidence=st.floats(0, 1),
    parties=st.lists(st.builds(Party, st.text(max_size=9), st.sampled_from(ROLES)), max_size=3).map(tuple),
    capacity=st.lists(
        st.builds(Capacity, AMOUNTS, st.sampled_from(UNITS), st.sampled_from(QUALIFIERS)), max_size=3
    ).map(tuple),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was(record: DealRecord) -> None:
    assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record


def test_equal_amounts_are_written_alike() -> None:
    forms = [Decimal("38E9"), Decimal(38_000_000_000), Decimal("38000000000.00")]
    assert {record_to_json(replace(a_record(), amount=form))["amount"] for form in forms} == {"38000000000"}
    assert record_to_json(replace(a_record(), amount=Decimal("0.50")))["amount"] == "0.5"


def test_the_target_of_a_merge_is_no_field() -> None:
    assert record_from_json(record_to_json(a_record()) | {"merged_into": 3}) == a_record()


def test_a_lacking_field_is_an_error() -> None:
    values = record_to_json(a_record())
    del values["announced_on"]
    with pytest.raises(KeyError):
        record_from_json(values)


def test_days_are_days() -> None:
    assert record_from_json(record_to_json(a_record())).announced_on == date(2026, 3, 1)
