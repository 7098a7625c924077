"""Every entry's fate is accounted for, and the checks fail loudly where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from killing.campaign import campaign

from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.settings import PROJECT_ROOT, load_settings
from dealwire.stages.maintenance import check_data
from dealwire.store.database import Connection, connect

NOW = datetime.now(UTC)
KINDS = ("read_from_page", "read_from_feed", "headline_only", "duplicates", "waiting", "held", "failed", "unaccounted")


@pytest.fixture(scope="module")
def lived(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with campaign(tmp_path_factory.mktemp("lived"), NOW) as opened:
        opened.run_day(module_database_url, 1, NOW - timedelta(minutes=5))
    connection = connect(module_database_url)
    yield connection
    connection.close()


def totals(connection: Connection) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'sum({k})::int AS {k}' for k in ('entries', *KINDS))} FROM analytics.entry_fate"
        )
        found: dict[str, int] = cursor.fetchone()._asdict()
        return found


def test_the_fates_add_up_to_what_was_polled(lived: Connection) -> None:
    found = totals(lived)
    assert found["entries"] == sum(found[kind] for kind in KINDS) > 20
    assert found["read_from_page"] > 10
    assert found["read_from_feed"] + found["headline_only"] > 0  # a paywall and a consent wall are among them
    assert found["unaccounted"] == found["waiting"] == 0
    with lived.cursor() as cursor:
        cursor.execute("SELECT sum(entries_new)::int AS polled FROM news.feed_fetch")
        assert cursor.fetchone().polled == found["entries"]


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE news.entry SET article_id = NULL WHERE entry_id = 1", "entry_has_a_fate"),
        ("UPDATE news.entry SET state = 'failed', read_detail = NULL WHERE entry_id = 1", "entry_has_a_fate"),
        ("UPDATE news.feed_fetch SET entries_new = entries_new + 1 WHERE entries_new > 0", "fetched_entry_is_stored"),
        ("UPDATE news.article_version SET extracted_at = NULL WHERE article_id = 1", "extracted_text_has_a_result"),
        ("UPDATE news.article_version SET superseded_at = now() WHERE article_id = 1", "entry_has_a_fate"),
    ],
)
def test_an_entry_without_a_fate_turns_the_daily_run_red(
    lived: Connection, tmp_path: Path, damage: str, check: str
) -> None:
    settings = load_settings({"DEALWIRE_HOME": str(tmp_path)}, PROJECT_ROOT)
    runtime = Runtime(settings, lived, lambda: NOW)
    lived.autocommit = False
    try:
        with lived.cursor() as cursor:
            cursor.execute(damage)
            assert cursor.rowcount >= 1
        with pytest.raises(DealwireError, match=check):
            check_data(runtime)
    finally:
        lived.rollback()
        lived.autocommit = True
    assert check_data(runtime)["checks"] > 15
