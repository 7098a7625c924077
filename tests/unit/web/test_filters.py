"""What may be asked, and what is refused before the database is asked."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dealwire.web.filters import MOST_ROWS, ROWS, Filters, StrictFilters, read_cursor, words_query


def test_an_empty_form_asks_for_everything() -> None:
    filters = Filters(text="", party=" ", kind="", status="", min_usd="", since="", sort="", limit="", after="")
    assert filters == Filters()
    assert filters.parameters()["limit"] == ROWS + 1
    assert filters.asked() == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", "-1"),
        ("limit", "0"),
        ("limit", str(MOST_ROWS + 1)),
        ("limit", "1e9"),
        ("sort", "amount_usd; DROP TABLE deal.deal"),
        ("kind", "' OR 1=1 --"),
        ("status", "announced,completed"),
        ("min_usd", "NaN"),
        ("min_usd", "-5"),
        ("min_usd", "1e400"),
        ("since", "yesterday"),
        ("since", "2026-13-01"),
        ("text", "x" * 201),
        ("after", "W10"),
        ("after", "x" * 301),
        ("after", "!!!"),
    ],
)
def test_nonsense_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Filters(**{field: value})


def test_the_api_refuses_a_filter_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        StrictFilters(minimum="1")
    assert Filters(minimum="1") == Filters()


def test_control_characters_never_reach_the_database() -> None:
    assert Filters(text="Open\0AI\u202e x\x1b").text == "Open AI x"


@pytest.mark.parametrize(
    ("sort", "row"),
    [
        ("newest", SimpleNamespace(deal_id=7, first_reported_at=datetime(2026, 11, 3, 9, 30, 1, 5, UTC))),
        ("newest", SimpleNamespace(deal_id=7, first_reported_at=None)),
        ("largest", SimpleNamespace(deal_id=8, amount_usd=Decimal("38000000000.25"))),
        ("largest", SimpleNamespace(deal_id=8, amount_usd=None)),
        ("sources", SimpleNamespace(deal_id=9, independent_source_count=4)),
    ],
)
def test_a_cursor_comes_back_as_the_row_it_names(sort: str, row: SimpleNamespace) -> None:
    filters = Filters(sort=sort)
    behind = Filters(sort=sort, after=filters.cursor(row)).parameters()
    values = [value for name, value in vars(row).items() if name != "deal_id"]
    assert behind["after_id"] == row.deal_id
    assert [behind["after_at"] or behind["after_number"]] == values


@given(st.text(max_size=60))
def test_a_cursor_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        value, deal_id = read_cursor(text)
    except ValueError:
        return
    assert value is None or isinstance(value, datetime | Decimal)
    assert 0 < deal_id < 2**63


@given(st.text(max_size=80))
def test_words_become_a_search_that_postgresql_can_read(text: str) -> None:
    assert "'" not in words_query(text).replace("':*", "").replace(" '", "").lstrip("'")


def test_every_word_is_searched_for() -> None:
    assert words_query("OpenAI & (Amazon)") == "'openai':* & 'amazon':*"
    assert words_query("&|!") == ""
