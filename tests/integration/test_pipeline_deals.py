"""Extraction, resolution and alerts on a real PostgreSQL: from the newsroom's articles to deals, once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom.server import feeds_opml, serving

from dealwire import pipeline
from dealwire.context import Runtime
from dealwire.errors import DealwireError
from dealwire.extract.local import Examined
from dealwire.model import Article
from dealwire.settings import load_settings
from dealwire.store.database import Connection, connect
from dealwire.store.deals import list_deals, why
from dealwire.store.judgements import add_judgement, mark_stale, undo_judgement

ROOT = Path(__file__).resolve().parents[2]
START = date(2026, 11, 24)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture(scope="module")
def runtime(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """All stages, run once on the newsroom."""
    folder = tmp_path_factory.mktemp("pipeline")
    with serving(START, drip_seconds=0.2) as server:
        (folder / "feeds.opml").write_text(feeds_opml(server.url))
        settings = load_settings(
            {
                "DEALWIRE_HOME": str(folder / "home"),
                "DEALWIRE_FEEDS": str(folder / "feeds.opml"),
                "DEALWIRE_ALLOW_NET": server.url.removeprefix("http://"),
                "DEALWIRE_HOST_SPACING_SECONDS": "0",
                "DEALWIRE_HOST_PARALLEL": "8",
                "DEALWIRE_ALERT_RULES": str(ROOT / "tests/newsroom/alert_rules.toml"),
            },
            folder,
        )
        connection = connect(module_database_url)
        made = Runtime(dataclasses.replace(settings, project_root=ROOT), connection, Clock(), chance=lambda: 0.5)
        pipeline.run(made)
        yield made
        connection.close()


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


def deals_without_times(connection: Connection) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in deal.items() if not name.endswith("_at") and name != "version"}
        for deal in list_deals(connection)
    ]


def openai_aws(connection: Connection) -> dict[str, Any]:
    found = [d for d in list_deals(connection) if d["amount"] == 38 * 10**9 and "Amazon Web Services" in d["headline"]]
    assert len(found) == 1
    return found[0]


@pytest.mark.fault("D1")
def test_many_outlets_make_one_deal_with_proof(runtime: Runtime) -> None:
    deal = openai_aws(runtime.connection)
    assert deal["source_count"] >= 4
    assert deal["independent_source_count"] < deal["source_count"]
    claims = why(runtime.connection, deal["deal_id"], "amount")
    assert len({claim.article_id for claim in claims}) >= 3
    for claim in claims:
        ((body,),) = rows(
            runtime.connection,
            "SELECT v.title || E'\\n\\n' || v.text FROM news.article a JOIN news.article_version v ON "
            f"v.article_id = a.article_id AND v.version = a.current_version WHERE a.article_id = {claim.article_id}",
        )
        assert body[claim.start : claim.end] == claim.quote


def test_articles_without_a_deal_make_none(runtime: Runtime) -> None:
    ((negatives, found),) = rows(
        runtime.connection,
        "SELECT count(DISTINCT article_id) AS articles, (SELECT count(*) FROM deal.deal) AS deals "
        "FROM news.article WHERE article_id NOT IN "
        "(SELECT article_id FROM deal.mention WHERE deal_id IS NOT NULL)",
    )
    assert negatives >= 6
    assert 12 <= found <= 45


@pytest.mark.fault("A1", "D2")
def test_running_everything_again_changes_nothing(runtime: Runtime) -> None:
    before = deals_without_times(runtime.connection)
    versions = rows(runtime.connection, "SELECT count(*) FROM deal.deal_version")
    alerts = rows(runtime.connection, "SELECT count(*) AS alerts, max(created_at) AS newest FROM alert.alert")
    assert alerts[0][0] > 0
    counts = pipeline.run(runtime)
    assert counts["resolve"]["new_deals"] == counts["resolve"]["changed_deals"] == counts["send"]["messages"] == 0
    assert deals_without_times(runtime.connection) == before
    assert rows(runtime.connection, "SELECT count(*) FROM deal.deal_version") == versions
    assert rows(runtime.connection, "SELECT count(*) AS alerts, max(created_at) AS newest FROM alert.alert") == alerts


def test_reading_stored_articles_again_keeps_deals_and_their_numbers(runtime: Runtime) -> None:
    before = deals_without_times(runtime.connection)
    pipeline.extract_all(runtime, "2026-01-01")
    pipeline.resolve_mentions(runtime)
    assert deals_without_times(runtime.connection) == before


@pytest.mark.fault("A3")
def test_only_articles_of_the_named_days_are_read_again_and_nobody_is_told(runtime: Runtime) -> None:
    connection, day = runtime.connection, runtime.now().date()
    alerts = rows(connection, "SELECT count(*) AS alerts FROM alert.alert")
    before = deals_without_times(connection)
    earlier = (day - timedelta(days=1)).isoformat()
    assert pipeline.find_unextracted_articles(runtime, earlier, earlier) == []
    batches = pipeline.find_unextracted_articles(runtime, day.isoformat(), day.isoformat())
    read = [pipeline.extract_articles(runtime, batch)["articles"] for batch in batches]
    assert [(sum(read),)] == rows(
        connection, "SELECT count(*) AS articles FROM news.article WHERE retracted_at IS NULL"
    )
    pipeline.resolve_mentions(runtime)
    assert deals_without_times(connection) == before
    assert rows(connection, "SELECT count(*) AS alerts FROM alert.alert") == alerts


def test_a_rebuild_gives_the_same_rows(runtime: Runtime) -> None:
    before = deals_without_times(runtime.connection)
    assert mark_stale(runtime.connection) == len(before)
    pipeline.resolve_mentions(runtime)
    assert deals_without_times(runtime.connection) == before


@pytest.mark.fault("D6")
def test_judgements_hold_and_can_be_taken_back(runtime: Runtime) -> None:
    connection, deal = runtime.connection, openai_aws(runtime.connection)
    before = deals_without_times(connection)
    number = add_judgement(
        connection, "override", made_by="tester", reason="the filing says so", now=runtime.now(),
        deal_id=deal["deal_id"], field="term_months", value="96",
    )  # fmt: skip
    pipeline.resolve_mentions(runtime)
    assert openai_aws(connection)["term_months"] == 96
    mark_stale(connection)
    pipeline.resolve_mentions(runtime)
    assert openai_aws(connection)["term_months"] == 96
    undo_judgement(connection, number, "tester", "it was an older filing", runtime.now())
    pipeline.resolve_mentions(runtime)
    assert deals_without_times(connection) == before


def test_one_article_that_breaks_the_extractor_costs_only_itself(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dealwire.stages import article_reader

    whole = article_reader.examine
    broken = rows(runtime.connection, "SELECT min(article_id) FROM news.article")[0][0]

    def one_breaks(article: Article, thresholds: Any) -> Examined:
        if article.id == str(broken):
            raise ValueError("a text that nobody expected")
        return whole(article, thresholds)

    monkeypatch.setattr(article_reader, "examine", one_breaks)
    counts = pipeline.extract_all(runtime, "2026-01-01")
    assert counts["failed"] == 1
    assert rows(
        runtime.connection, "SELECT article_id FROM news.article_version WHERE extract_error LIKE '%nobody%'"
    ) == [(broken,)]

    def all_break(article: Article, thresholds: Any) -> Examined:
        raise ValueError("weights of another shape")

    monkeypatch.setattr(article_reader, "examine", all_break)
    with pytest.raises(DealwireError, match="weights of another shape"):
        pipeline.extract_all(runtime, "2026-01-01")
