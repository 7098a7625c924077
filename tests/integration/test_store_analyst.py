"""Queries as the analyst: what they give back, and how their faults are told."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from store_samples import new_deal

from dealwire.errors import StoreError
from dealwire.store.analyst import read_rows, role_url, run_as_analyst
from dealwire.store.database import connect
from dealwire.store.failures import Refused, TimedOut


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_a_query_gives_its_rows(database_url: str, home: Path) -> None:
    owner = connect(database_url)
    new_deal(owner, "1")
    query = "-- the deals\nSELECT deal_id, headline FROM deal; "
    assert run_as_analyst(owner, home, query) == [{"deal_id": 1, "headline": "Blue Cloud sells computing to Red Lab"}]
    assert stat.S_IMODE((home / "dealwire_analyst.password").stat().st_mode) == 0o600
    owner.close()


def test_odd_queries_are_answered_too(database_url: str, home: Path) -> None:
    owner = connect(database_url)
    reader = connect(role_url(owner, home))
    assert read_rows(reader, "SELECT 1, 2 -- two") == [{"?column?": 1, "?column?_2": 2}]
    assert read_rows(reader, "/* none */ WITH x AS (SELECT 1 AS a) SELECT a FROM x WHERE a > 1") == []
    assert read_rows(reader, "VALUES (1), (2)", 1) == [{"column1": 1}]
    assert list(read_rows(reader, "EXPLAIN SELECT * FROM analytics.deal")[0]) == ["QUERY PLAN"]
    assert read_rows(reader, "SET work_mem = '8MB'") == []
    assert len(read_rows(reader, "SELECT generate_series(1, 100000000000)", 10)) == 10
    reader.close()
    owner.close()


@pytest.mark.parametrize(
    ("query", "failure", "words"),
    [
        ("SELECT * FROM news.feed", Refused, "permission denied for schema news"),
        ("SELEC 1", StoreError, "syntax error"),
        ("SELECT nothing FROM analytics.deal", StoreError, 'column "nothing" does not exist'),
        ("SELECT headlin FROM analytics.deal", StoreError, "Hint: Perhaps you meant"),
        ("SELECT 1; DROP SCHEMA deal", StoreError, "syntax error"),
        ("SET statement_timeout = 10; SELECT pg_sleep(9)", TimedOut, "statement timeout"),
        ("", StoreError, "empty"),
    ],
)
def test_a_wrong_query_is_refused_in_plain_words(
    database_url: str, home: Path, query: str, failure: type[StoreError], words: str
) -> None:
    owner = connect(database_url)
    with pytest.raises(failure, match=words):
        run_as_analyst(owner, home, query)
    owner.close()


def test_a_lost_password_is_set_again(database_url: str, tmp_path: Path) -> None:
    owner = connect(database_url)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        connect(role_url(owner, tmp_path / name)).close()
    owner.close()
