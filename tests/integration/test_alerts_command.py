"""`dealwire alerts …` as people type it, on a real database."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from alert_database import queue_alerts
from alert_samples import COMPUTE, deal
from psycopg2.extensions import parse_dsn
from receivers import Answer, receiver

from dealwire.store.database import Connection
from dealwire.store.deals import write_deal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stored(connection: Connection) -> datetime:
    """A deal that was told, then completed; it was first reported now."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    fresh = deal(first_reported_at=now, last_reported_at=now)
    done = deal(first_reported_at=now, last_reported_at=now, status="completed")
    first = write_deal(connection, None, fresh, "reported", [], [], now, now)
    assert first is not None
    queue_alerts(connection, first, now)
    second = write_deal(connection, first.deal_id, done, "amended", [], [], now, now + timedelta(minutes=1))
    assert second is not None
    queue_alerts(connection, second, now + timedelta(minutes=1))
    return now


def alerts(database_url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    parts = parse_dsn(database_url)
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from dealwire.cli.main import main; sys.exit(main())",
            "alerts",
            *arguments,
        ],
        env={"DATABASE_URL": url, "PYTHONPATH": str(ROOT / "plugins"), "PATH": "/usr/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_backtest_says_what_a_file_would_have_sent(database_url: str, stored: datetime, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nid = "largest"\nminimum_usd = 30_000_000_000\n', "utf-8")
    done = alerts(database_url, "backtest", str(rules), "--since", f"{stored:%Y-%m-%d}")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(event["rule_id"], event["event"]) for event in events] == [
        ("largest", "new"),
        ("largest", "status_changed"),
    ]
    assert "2 alerts since" in done.stderr
    rules.write_text('[[rule]]\nid = "largest"\nminimum_usd = "much"\n', "utf-8")
    wrong = alerts(database_url, "backtest", str(rules), "--since", "2026-01-01")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "rule largest: minimum_usd: must be an amount of US dollars" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_atom_prints_the_alerts(database_url: str, stored: datetime) -> None:
    done = alerts(database_url, "atom")
    assert done.returncode == 0, done.stderr
    parsed = feedparser.parse(done.stdout.encode())
    assert not parsed.bozo
    assert [entry.title.partition(":")[0] for entry in parsed.entries] == [
        "$38bn over 7 years (completed)",
        "$38bn over 7 years",
    ]
    assert COMPUTE.parties[0].name in parsed.entries[0].title


def test_test_tries_every_channel_without_showing_its_address(database_url: str) -> None:
    with receiver() as up, receiver() as down:
        down.answer = lambda request: Answer(500)
        urls = f"{up.webhook('s3cret-s3cret-s3cret')} desk=json://{down.address}/s3cret"
        done = alerts(database_url, "test", DEALWIRE_ALERT_URLS=urls, DEALWIRE_ALLOW_NET=f"{up.address},{down.address}")
        assert done.returncode == 1
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(outcome["channel"], outcome["outcome"]) for outcome in outcomes] == [
            ("webhook-1", "sent"),
            ("desk", "unreachable"),
        ]
        assert len(up.requests) == 1
        assert "s3cret" not in done.stdout + done.stderr
