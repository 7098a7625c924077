"""`dealwire feeds …` as a person uses it: on the newsroom, with mistakes, and with a feed that waits for a decision."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from newsroom.server import serving
from psycopg2.extensions import parse_dsn

from dealwire.cli.main import main
from dealwire.feed_model import Feed
from dealwire.store.database import Connection
from dealwire.store.feeds import add_feed

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture
def newsroom(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The newsroom's address, with settings that reach it; its OPML is the registry."""
    for name in [name for name in os.environ if name.startswith(("DEALWIRE_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    with serving(date(2026, 11, 24), drip_seconds=0.2) as server:
        with urllib.request.urlopen(server.url + "/feeds.opml") as found:
            (tmp_path / "feeds.opml").write_bytes(found.read())
        parts = parse_dsn(database_url)
        monkeypatch.setenv("DATABASE_URL", "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts))
        monkeypatch.setenv("DEALWIRE_FEEDS", str(tmp_path / "feeds.opml"))
        monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("DEALWIRE_ALLOW_NET", server.url.removeprefix("http://"))
        monkeypatch.setenv("DEALWIRE_HOST_SPACING_SECONDS", "0")
        yield server.url


def test_check_says_which_feeds_work_and_what_is_not_as_expected(
    newsroom: str, tmp_path: Path, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = tmp_path / "feeds.opml"
    text = registry.read_text("utf-8").replace('language="fr"', 'language="de" expectedEntries="40"', 1)
    registry.write_text(text, "utf-8")
    held = f"{newsroom}/rechenwerk/feed.xml"
    add_feed(connection, Feed(held, "Rechenwerk", "Rechenwerk"), NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news.feed SET held_at = now(), held_reason = 'entries lead to casino.example'")
    assert main(["feeds", "check"]) == 1
    shown = capsys.readouterr()
    found = {line["url"].removeprefix(newsroom): line for line in map(json.loads, shown.out.splitlines())}
    assert "15 of 17 feeds work; 2 are not as the registry expects" in shown.err
    assert found["/dead-letters/feed.xml"]["outcome"] == "http_404"
    assert found["/de-serverkrant/rss"]["moved_to"] == f"{newsroom}/de-serverkrant/feed.xml"
    assert found["/courrier-du-nuage/feed.xml"]["unexpected"] == [
        "says its language is fr, the registry says de",
        "lists 7 entries, 40 are expected",
    ]
    assert found["/rechenwerk/feed.xml"]["held"] == "entries lead to casino.example"
    assert main(["feeds", "release", held]) == 0
    assert "is held no more; 0 entries are read at the next run" in capsys.readouterr().err
    assert main(["feeds", "release", held]) == 1
    assert "is held: `dealwire feeds list`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "nonsense"], "nonsense is not an http or https address"),
        (["add", "https://a.example/f", "--language", "french"], "no ISO 639-1 code"),
        (["check", "nowhere.opml"], "nowhere.opml: No such file"),
        (["import", "nowhere.opml"], "nowhere.opml: No such file"),
    ],
)
def test_mistakes_are_named(newsroom: str, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('<outline text="x" xmlUrl="ftp://a.example/f"/>', ":3: xmlUrl='ftp://a.example/f' is not an http(s) address"),
        ('<outline text="x" xmlUrl="https://a.example/f" language="french!"/>', ":3: language='french!'"),
        ('<outline text="x" xmlUrl="https://a.example/f" expectedPerDay="many"/>', ":3: expectedPerDay='many'"),
        ('<outline text="x" xmlUrl="https://a.example/f" official="perhaps"/>', ":3: official='perhaps'"),
        ('<outline text="x" xmlUrl="https://a.example/f">', ":4: not well-formed XML"),
    ],
)
def test_a_wrong_line_of_a_registry_is_named(
    newsroom: str, tmp_path: Path, line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.opml").write_text(f'<opml version="2.0">\n<body>\n{line}\n</body>\n</opml>')
    assert main(["feeds", "check", str(tmp_path / "wrong.opml")]) == 2
    assert f"wrong.opml{said}" in capsys.readouterr().err


def test_what_is_expected_survives_export_and_import(
    newsroom: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://a.example/f"
    assert main(["feeds", "add", address, "--language", "fr", "--expect", "20", "--expect-per-day", "5"]) == 0
    assert main(["feeds", "export"]) == 0
    (tmp_path / "out.opml").write_text(capsys.readouterr().out)
    assert 'expectedEntries="20" expectedPerDay="5"' in (tmp_path / "out.opml").read_text()
    assert main(["feeds", "import", str(tmp_path / "out.opml")]) == 0
