"""The walk through one deal's life in docs/resolution.md is what the command prints of the newsroom, day by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from newsroom.arrival import tell_newsroom
from psycopg2.extensions import parse_dsn

from dealwire.cli.main import main
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection
from dealwire.store.judgements import add_judgement, undo_judgement

ROOT = Path(__file__).resolve().parents[2]
START = date(2026, 6, 24)  # within the exchange rates that are shipped


def test_the_documented_life_is_what_the_command_prints(
    connection: Connection,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    runtime = tell_newsroom(connection, START, tmp_path / "home", party="Lumora Labs")
    at = runtime.now()
    number = add_judgement(
        connection, "override", made_by="ann", reason="six years, says the filing", now=at, deal_id=1,
        field="term_months", value="72",
    )  # fmt: skip
    resolve_mentions(runtime)
    undo_judgement(connection, number, "bob", "the filing is of another contract", at)
    resolve_mentions(runtime)
    parts = parse_dsn(database_url)
    monkeypatch.setenv("DATABASE_URL", "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts))
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
    assert main(["why", "1", "--life"]) == 0
    shown = capsys.readouterr().out
    page = (ROOT / "docs/resolution.md").read_text("utf-8")
    assert shown in page, f"docs/resolution.md needs this life:\n{shown}"
