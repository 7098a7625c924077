"""Every `dealwire` command in the documentation, run as it stands there on the newsroom's deals."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path

import pytest
from newsroom.server import serving
from newsroom.stored import store_newsroom
from psycopg2.extensions import parse_dsn

from dealwire.cli.main import build_parser, main
from dealwire.store.database import connect

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?:\.venv/bin/)?dealwire [a-z][^`|\n]*")
CONTINUED = re.compile(r" \\\n +")  # a command over several lines
START = date(2026, 11, 24)
PLACEHOLDERS = {
    "URL": "http://127.0.0.1:9/feed.xml",
    "URL`": "http://127.0.0.1:9/feed.xml",
    "CHANNEL": "log",
    "DEAL": "1",
    "FILE": "more.opml",
    "OLD": "articles.jsonl",
    "NEW": "articles.jsonl",
    "MENTION": "1",
    "JUDGEMENT": "999999",
    "https://example.org/feed.xml": "http://127.0.0.1:9/feed.xml",
    "https://paper.example.com/rss.xml": "http://127.0.0.1:9/feed.xml",
}
# what other tests run, and what would reach for the internet or needs minutes
ELSEWHERE = ("service", "train", "mcp", "reextract", "restore")


def documented() -> list[str]:
    found = set()
    for path in DOCUMENTS:
        joined = CONTINUED.sub(" ", path.read_text("utf-8"))
        for text in COMMAND.findall(joined):
            inside_substitution = re.split(r'\)"', text)[0]
            bare = re.split(r" [<>] ", inside_substitution)[0].rstrip(" .,;:)")
            found.add(bare.removeprefix(".venv/bin/"))
    return sorted(found)


def words_of(command: str) -> list[str]:
    if command.count('"') % 2:
        command += '"'
    words = [word for word in shlex.split(command)[1:] if not word.startswith("[")]
    return [PLACEHOLDERS.get(word, word) for word in words]


@pytest.fixture(scope="module")
def folder(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the documents name, beside a database with the newsroom's deals."""
    connection = connect(module_database_url)
    store_newsroom(connection, START)
    connection.close()
    folder = tmp_path_factory.mktemp("documents")
    with serving(START) as server:
        page = next(p for p, one in server.table.items() if one.status == 200 and p.startswith("/cloud-ledger/o"))
        for path, file in (("/cloud-ledger/feed.xml", "feed.xml"), ("/feeds.opml", "more.opml"), (page, "story.html")):
            with urllib.request.urlopen(server.url + path) as answer:
                (folder / file).write_bytes(answer.read())
    (folder / "articles.jsonl").write_text((ROOT / "tests/gold/newsroom.jsonl").read_text("utf-8"))
    (folder / "sql").symlink_to(ROOT / "sql")
    (folder / "tests").symlink_to(ROOT / "tests")
    (folder / "rules.toml").write_text('[[rule]]\nid = "all"\nminimum_usd = 1\n')
    (folder / "empty.opml").write_text('<?xml version="1.0"?><opml version="2.0"><head/><body/></opml>')
    return folder


@pytest.fixture
def installation(folder: Path, module_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder as the current one, with settings that lead to its database and to no outside site."""
    for name in [name for name in os.environ if name.startswith(("DEALWIRE_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    parts = parse_dsn(module_database_url)
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DEALWIRE_HOME", str(folder / "home"))
    monkeypatch.setenv("DEALWIRE_FEEDS", str(folder / "empty.opml"))
    monkeypatch.chdir(folder)
    return folder


def test_there_are_commands_to_test() -> None:
    assert len(documented()) > 12


@pytest.mark.parametrize("command", documented())
def test_every_command_is_understood(command: str) -> None:
    build_parser().parse_args(words_of(command))


def test_every_command_runs(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = []
    for command in documented():
        words = words_of(command)
        if words[0] in ELSEWHERE or "--cross-validate" in words or "--reader" in words:
            continue
        monkeypatch.setattr("sys.stdin", io.StringIO((installation / "articles.jsonl").read_text("utf-8")))
        status = main(words)
        shown = capsys.readouterr()
        if status not in (0, 1) or "Traceback" in shown.err:
            failed.append((command, status, shown.err[-300:]))
    assert failed == []


def test_deals_come_in_every_format(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deals", "--min-usd", "1e9", "--format", "json"]) == 0
    deals = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(deals) > 5
    assert all(deal["amount_usd"] >= 10**9 for deal in deals)
    assert main(["deals", "--party", "aws", "--format", "csv"]) == 0
    assert "Amazon Web Services" in capsys.readouterr().out
    assert main(["deals", "--format", "parquet", "--output", "deals.parquet"]) == 0
    import pyarrow.parquet

    assert pyarrow.parquet.read_table(installation / "deals.parquet").num_rows > 20
    assert main(["deals", "--format", "table"]) == 0
    assert "$38bn" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["why", "999999"], "no deal has the number 999999"),
        (["sql", "DELETE FROM deal.deal"], "permission denied"),
        (["sql", "SELECT nonsense"], "nonsense"),
        (["feeds", "add", "ftp://example.org/feed"], "not an http or https address"),
        (["feeds", "remove", "http://example.org/nothing"], "no feed has the address"),
        (["deals", "--format", "parquet"], "--output"),
        (["check", "http://example.org/feed", "--allow-net", "nohost"], "HOST:PORT"),
        (["merge", "1", "1", "--reason", "x"], "itself"),
    ],
)
def test_mistakes_get_a_sentence(
    installation: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) in (1, 2)
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_missing_database_is_said_in_one_line(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:canary@127.0.0.1:9/none")
    monkeypatch.setattr("dealwire.runtime.WAIT_SECONDS", 0.0)
    assert main(["deals"]) == 2
    error = capsys.readouterr().err
    assert "127.0.0.1:9" in error
    assert "canary" not in error


def test_bad_lines_cost_only_themselves(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "not json",
        '{"id": "a", "title": "t"}',
        '{"id": "b", "title": "t", "text": "x", "published": "2026-13-45"}',
    ]
    lines += ['{"id": "c", "title": "Nothing", "text": "Nothing happened.", "published": null}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["extract"]) == 1
    shown = capsys.readouterr()
    assert [json.loads(line) for line in shown.out.splitlines()] == [{"id": "c", "deals": []}]
    assert [f"line {n}" in shown.err for n in (1, 2, 3)] == [True, True, True]


def test_a_bad_file_costs_only_itself(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installation / "page.html").write_text("<!DOCTYPE html><title>no feed</title>")
    assert main(["parse-feed", "missing.xml", "page.html", "feed.xml"]) == 1
    outcomes = [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()]
    assert outcomes == ["unreadable_file", "not_a_feed", "ok"]


def test_articles_of_one_event_share_a_deal_id(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO((installation / "articles.jsonl").read_text("utf-8")))
    assert main(["extract", "--resolve"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ids = [deal["deal_id"] for article in found for deal in article["deals"]]
    assert len(set(ids)) < len(ids)
    for article, line in zip(found, (installation / "articles.jsonl").read_text("utf-8").splitlines(), strict=True):
        given = json.loads(line)
        body = f"{given['title']}\n\n{given['text']}"
        for deal in article["deals"]:
            for evidence in deal["evidence"]:
                assert body[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_a_closed_pipe_is_no_trace(installation: Path) -> None:
    script = "from dealwire.cli.main import main; import sys; sys.exit(main(['feeds', 'list']))"
    done = subprocess.run(
        f'{sys.executable} -c "{script}" | head -0', shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr


@pytest.mark.fault("L8")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEALWIRE_ALERT_URLS", "dealwire+https://:canary@hooks.example.org/deals", "16 characters"),
        ("DEALWIRE_ALERT_URLS", "nonsense://canary", "nonsense-1"),
        ("DEALWIRE_PORT", "http", "DEALWIRE_PORT"),
    ],
)
def test_a_wrong_setting_stops_the_service_at_start(
    installation: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["service", "up"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "canary" not in error
    assert not (installation / "home" / "scheduler.pid").exists()
