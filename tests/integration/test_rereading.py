"""`dealwire reextract --diff`: what it announces is what happens, and until then nothing does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealwire.cli.main import main
from dealwire.context import Runtime
from dealwire.settings import load_settings
from dealwire.store.database import Connection, connect

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
STATE = {
    "deals": "SELECT deal_id, version, amount, status, source_count, merged_into, stale FROM deal.deal ORDER BY 1",
    "mentions": "SELECT mention_id, deal_id, resolution, superseded_at FROM deal.mention ORDER BY 1",
    "claims": "SELECT count(*) FROM deal.claim",
    "texts": "SELECT article_id, version, extracted_by, extracted_at FROM news.article_version ORDER BY 1, 2",
    "alerts": "SELECT count(*) FROM alert.alert",
    "runs": "SELECT count(*) FROM ops.run",
}


def rows(connection: Connection, query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def state_of(connection: Connection) -> dict[str, list[Any]]:
    return {name: rows(connection, query) for name, query in STATE.items()}


@pytest.fixture
def runtime(newsroom_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """The newsroom's deals, read by an older reader; the commands work on them."""
    connection = connect(newsroom_url)
    settings = dataclasses.replace(load_settings({"DEALWIRE_HOME": str(tmp_path)}, tmp_path), project_root=ROOT)
    runtime = Runtime(settings, connection, lambda: NOW, chance=lambda: 0.5)

    @contextmanager
    def database() -> Iterator[Runtime]:
        yield runtime

    monkeypatch.setattr("dealwire.cli.rereading.database", database)
    yield runtime
    connection.close()


def test_the_difference_is_told_before_anything_is_replaced_and_then_comes_true(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(runtime.connection)
    assert main(["reextract", "--diff"]) == 0
    shown = capsys.readouterr()
    assert state_of(runtime.connection) == before
    told = {one["deal_id"]: one for one in map(json.loads, shown.out.splitlines())}
    assert "nothing was changed" in shown.err
    assert {one["change"] for one in told.values()} >= {"added", "changed", "lost"}
    for one in told.values():
        assert one["headline"]
        assert one["fields"]
        assert all(field["before"] != field["after"] for field in one["fields"].values())

    assert main(["reextract"]) == 0
    after = state_of(runtime.connection)
    old = {deal.deal_id: deal.version for deal in before["deals"]}
    new = {deal.deal_id: deal.version for deal in after["deals"]}
    really = {deal_id for deal_id in old if new[deal_id] != old[deal_id]}
    assert {deal_id for deal_id, one in told.items() if one["change"] != "added"} >= really
    added = [one for one in told.values() if one["change"] == "added"]
    assert len(added) == len(new.keys() - old.keys())
    amounts = {deal.deal_id: deal.amount for deal in after["deals"]}
    for one in told.values():
        if one["deal_id"] in old and "amount" in one["fields"]:
            expected = one["fields"]["amount"]["after"]
            assert amounts[one["deal_id"]] == (None if expected is None else int(float(expected)))
    capsys.readouterr()
    assert main(["reextract", "--diff", "--since", "2020-01-01", "--limit", "20"]) == 0  # the same reader once more
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "of 20 articles" in shown.err


def test_a_day_must_be_one(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["reextract", "--since", "yesterday"])
    assert "is not a day" in capsys.readouterr().err
