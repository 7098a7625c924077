"""The Atom feed of alerts: on the page, behind its login, with what the outbox holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from alert_database import put_deal, queue_alerts
from alert_samples import change, deal
from fastapi import HTTPException
from starlette.testclient import TestClient

from dealwire.alerts.atom import NAMESPACE
from dealwire.context import Runtime
from dealwire.model import Party
from dealwire.settings import load_settings
from dealwire.stages.alerting import alert_feed
from dealwire.store.database import Connection
from dealwire.web.app import create_app

NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)


@pytest.fixture
def told(connection: Connection, tmp_path: Path) -> Runtime:
    """Two alerts that were queued: one of today, one of six weeks ago."""
    put_deal(connection, 1, 2)
    for number, at in ((1, NOW), (2, NOW - timedelta(days=42))):
        parties = (Party("A <b>& Sons", "provider", None), Party("OpenAI", "customer", "openai"))
        fresh = deal(first_reported_at=at, last_reported_at=at, parties=parties)
        assert queue_alerts(connection, change(fresh, deal_id=number), at) == 1
    settings = load_settings({"DEALWIRE_PAGE_URL": "https://desk.example"}, tmp_path)
    return Runtime(dataclasses.replace(settings), connection, lambda: NOW)


def client_of(runtime: Runtime, user: Callable[[], object] = lambda: "somebody") -> TestClient:
    def unread() -> None:
        raise AssertionError("the feed needs no page's queries")

    return TestClient(
        create_app(unread, user, lambda: NOW, alert_feed=lambda url: alert_feed(runtime, url))  # type: ignore[arg-type]
    )


def test_feed_readers_get_the_alerts_of_the_last_days(told: Runtime) -> None:
    answer = client_of(told).get("/alerts.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)
    (entry,) = feed.findall(f"{{{NAMESPACE}}}entry")
    assert "OpenAI buys compute from A <b>& Sons" in str(entry.findtext(f"{{{NAMESPACE}}}title"))
    content = entry.find(f"{{{NAMESPACE}}}content")
    assert content is not None and content.get("type") == "html"
    assert "<b>& Sons" not in str(content.text)
    assert "&lt;b&gt;&amp; Sons" in str(content.text)
    links = [link.get("href") for link in entry.findall(f"{{{NAMESPACE}}}link")]
    assert links == ["https://desk.example/deals/deal/1"]
    assert feed.findtext(f"{{{NAMESPACE}}}id") == "http://testserver/alerts.atom"


def test_the_feed_is_behind_the_login(told: Runtime) -> None:
    def nobody() -> None:
        raise HTTPException(401, "log in")

    for method in ("GET", "HEAD"):
        assert client_of(told, nobody).request(method, "/alerts.atom").status_code == 401


def test_a_page_without_alerts_has_no_feed() -> None:
    page = TestClient(create_app(lambda: None, lambda: "x", lambda: NOW))  # type: ignore[arg-type, return-value]
    assert page.get("/alerts.atom").status_code == 404
