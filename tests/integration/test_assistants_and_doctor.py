"""`dealwire mcp` through a real MCP client, `dealwire doctor` on good and broken installations, `dealwire label`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from newsroom.stored import store_newsroom
from psycopg2.extensions import parse_dsn

from dealwire.cli.main import main
from dealwire.store.database import connect
from dealwire.store.judgements import add_judgement

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(module_database_url: str) -> Iterator[str]:
    """The address of a database with the newsroom's deals."""
    connection = connect(module_database_url)
    store_newsroom(connection, date(2026, 11, 24))
    connection.close()
    yield "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parse_dsn(module_database_url))


@pytest.fixture
def installation(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("DEALWIRE_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
    return tmp_path


async def ask(environment: dict[str, str], calls: list[tuple[str, dict[str, Any]]]) -> tuple[set[str], list[Any]]:
    """The names of the server's tools, and what each call answered."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    command = str(Path(sys.executable).with_name("dealwire"))
    server = StdioServerParameters(command=command, args=["mcp"], env=environment)
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = {tool.name for tool in (await session.list_tools()).tools}
        return tools, [await session.call_tool(name, arguments) for name, arguments in calls]


def text_of(answer: Any) -> str:
    return "\n".join(part.text for part in answer.content)


def as_the_page_gives_it(installation: Path, deal_id: int) -> Any:
    """The page's API on the same database."""
    from contextlib import contextmanager

    from starlette.testclient import TestClient

    from dealwire.store.database import fetch_all
    from dealwire.web.app import create_app
    from dealwire.web.reading import Ask

    @contextmanager
    def reading() -> Iterator[Ask]:
        opened = connect(os.environ["DATABASE_URL"])
        try:
            yield lambda name, parameters: fetch_all(opened, name, parameters)
        finally:
            opened.close()

    page = TestClient(create_app(reading, lambda: "somebody", lambda: NOW))
    return page.get(f"/api/deals/{deal_id}").json()


def test_an_assistant_can_search_prove_and_query_but_not_write(installation: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search_deals", {"party": "Amazon Web Services", "min_usd": 1e9}),
        ("query_sql", {"query": "SELECT count(*) AS deals FROM analytics.deal"}),
        ("query_sql", {"query": "DELETE FROM deal.deal"}),
        ("get_evidence", {"deal_id": 1, "field": "amount"}),
        ("get_deal", {"deal_id": 1}),
        ("get_deal", {"deal_id": 999999}),
    ]
    tools, answers = asyncio.run(ask(dict(os.environ), calls))
    assert tools == {"search_deals", "get_deal", "get_evidence", "query_sql"}
    found, counted, refused, proof, deal, missing = map(text_of, answers)
    assert "38000000000" in found
    assert json.loads(counted)["deals"] > 20 if counted.startswith("{") else "deals" in counted
    assert "permission denied" in refused or "error" in refused.lower()
    assert "quote" in proof
    assert json.loads(deal) == as_the_page_gives_it(installation, 1)
    assert "999999" in missing


def test_doctor_finds_a_stopped_airflow_and_nothing_else(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["check"] for one in found if one["state"] == "problem"} == {"airflow"}
    assert {one["check"] for one in found} >= {"python", "disk", "feeds", "extractor", "alerts", "database", "schema"}


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("DEALWIRE_FEEDS", "/no/such/feeds.opml", "feeds"),
        ("DEALWIRE_ALERT_URLS", "nonsense://somewhere", "alerts"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none", "database"),
    ],
)
def test_doctor_names_what_is_broken(
    installation: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    check: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert check in {one["check"] for one in found if one["state"] == "problem"}


@pytest.mark.parametrize(
    ("damage", "check", "told"),
    [
        (
            "INSERT INTO ops.run (stage, started_at, ended_at, counts) VALUES ('poll', now() - interval '1 day', "
            "now() - interval '1 day', '{}')",
            "ingestion",
            "is the DAG ingest_news paused or red?",
        ),
        ("UPDATE news.feed SET failure_count = 3", "answers", "our network or proxy"),
        (
            "INSERT INTO ops.check_result VALUES ('claim_quotes_its_article', now(), 4, '[]')",
            "data",
            "claim_quotes_its_article (4)",
        ),
        (
            "WITH a AS (INSERT INTO alert.alert (event, event_key, payload, created_at) VALUES ('notice', 'x', '{}', "
            "now()) RETURNING alert_id), c AS (INSERT INTO alert.channel (channel) VALUES ('mail') RETURNING channel) "
            "INSERT INTO alert.delivery (alert_id, channel, state, queued_at, next_attempt_at) "
            "SELECT a.alert_id, c.channel, 'dead', now(), now() FROM a, c",
            "deliveries",
            "alerts for mail were given up",
        ),
        ("DELETE FROM ops.migration WHERE number = 0", "database", "run `dealwire db migrate`"),
        (
            "INSERT INTO ops.migration (number, name, checksum) VALUES (900, '0900_later.sql', 'x')",
            "database",
            "it was used with a newer Dealwire",
        ),
    ],
)
def test_doctor_says_what_ails_the_work(
    newsroom_url: str,
    installation: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
    check: str,
    told: str,
) -> None:
    parts = parse_dsn(newsroom_url)
    monkeypatch.setenv("DATABASE_URL", "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts))
    connection = connect(newsroom_url)
    with connection.cursor() as cursor:
        cursor.execute(damage)
    connection.close()
    assert main(["doctor"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (problem,) = [one for one in found if one["state"] == "problem" and one["check"] != "airflow"]
    assert problem["check"] == check
    assert told in problem["detail"]


def test_doctor_goes_on_where_the_installation_itself_is_broken(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dealwire.extract.local", None)  # as a file that is missing
    assert main(["doctor"]) == 1
    found = {(one := json.loads(line))["check"]: one for line in capsys.readouterr().out.splitlines()}
    assert found["extractor"]["state"] == "problem"
    assert "`make setup` installs anew" in found["extractor"]["detail"]
    assert found["schema"]["state"] == "ok"


def test_what_people_judged_becomes_labels(
    installation: Path, module_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["label"]) == 0
    assert capsys.readouterr().out == ""
    connection = connect(module_database_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(mention_id) FROM deal.mention WHERE resolution IN ('new', 'match')")
        (mention,) = cursor.fetchone() or (0,)
    add_judgement(connection, "accept", made_by="tester", reason="it is one", now=NOW, mention_id=mention)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deal.mention SET resolution = 'match' WHERE mention_id = %s AND deal_id IS NOT NULL", [mention]
        )
    connection.close()
    assert main(["label", "--weight", "0.7"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    label = json.loads(line)
    assert label["weight"] == 0.7
    assert {"id", "title", "text", "deals", "event"} <= label.keys()
