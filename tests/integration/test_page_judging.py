"""Decisions made on the page: by those who may, from the page itself, recorded with name and reason."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import HTTPException
from psycopg2.extensions import make_dsn, parse_dsn
from starlette.testclient import TestClient

from dealwire.store.database import connect, fetch_all
from dealwire.store.judgements import add_judgement
from dealwire.web.app import create_app
from dealwire.web.reading import Ask

NOW = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
OURS = {"origin": "http://testserver", "content-type": "application/json"}
MERGE = {"action": "merge", "deal_id": 1, "other_deal_id": 2, "reason": "the same contract"}


class User:
    def get_name(self) -> str:
        return "Ada"


def refuse() -> None:
    raise HTTPException(403, "viewers only look")


def client(url: str, editor: Any = User) -> TestClient:
    @contextmanager
    def reading() -> Iterator[Ask]:
        opened = connect(url)
        try:
            yield lambda name, parameters: fetch_all(opened, name, parameters)
        finally:
            opened.close()

    def judge(action: Any, made_by: str, reason: str, about: Mapping[str, int]) -> int:
        opened = connect(url)
        try:
            return add_judgement(opened, action, made_by=made_by, reason=reason, now=NOW, **about)
        finally:
            opened.close()

    return TestClient(create_app(reading, User, lambda: NOW, judge=judge, editor=editor))


@pytest.fixture(scope="module")
def judged_url(database_server: str, newsroom_database: str) -> Iterator[str]:
    """A copy for tests that are refused and change nothing."""
    administrator = connect(database_server)
    administrator.cursor().execute(
        "CREATE DATABASE dealwire_test_judging TEMPLATE " + parse_dsn(newsroom_database)["dbname"]
    )
    yield make_dsn(database_server, dbname="dealwire_test_judging")
    administrator.cursor().execute("DROP DATABASE dealwire_test_judging WITH (FORCE)")
    administrator.close()


def made(url: str) -> list[tuple[Any, ...]]:
    connection = connect(url)
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT action, made_by, reason FROM deal.judgement")
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        connection.close()


def test_a_merge_is_recorded_with_name_and_reason_and_carried_out(newsroom_url: str) -> None:
    url = newsroom_url
    page = client(url)
    answer = page.post("/api/judgements", json=MERGE, headers=OURS)
    assert (answer.status_code, answer.json()) == (201, {"judgement_id": 1})
    assert made(url) == [("merge", "Ada", "the same contract")]
    assert page.get("/deal/1", follow_redirects=False).headers["location"] == "2"
    assert "the same contract" in page.get("/review").text
    again = page.post("/api/judgements", json=MERGE, headers=OURS)
    assert again.status_code == 409
    assert "merged" in again.json()["detail"]


@pytest.mark.fault("Q10")
@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "application/json", "origin": "http://evil.example"},
        {"content-type": "application/json", "origin": "null"},
        {"content-type": "application/json", "origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"content-type": "application/json", "origin": "http://testserver.evil.example"},
    ],
)
def test_another_site_decides_nothing(judged_url: str, headers: dict[str, str]) -> None:
    url = judged_url
    assert client(url).post("/api/judgements", json=MERGE, headers=headers).status_code == 403
    assert made(url) == []


@pytest.mark.fault("Q10")
def test_a_form_of_another_site_decides_nothing(judged_url: str) -> None:
    url = judged_url
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        answer = client(url).post("/api/judgements", content="x=1", headers=OURS | {"content-type": kind})
        assert answer.status_code == 415
    assert made(url) == []


@pytest.mark.fault("Q9")
def test_a_viewer_may_not_decide_even_with_nonsense(judged_url: str) -> None:
    url = judged_url
    page = client(url, refuse)
    for body in ('{"action": "merge"}', "{", ""):
        assert page.post("/api/judgements", content=body, headers=OURS).status_code == 403
    assert page.post("/api/judgements", json=MERGE, headers=OURS).status_code == 403
    assert made(url) == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"action": "drop"}, 422),
        ({"deal_id": "1"}, 422),
        ({"deal_id": -1}, 422),
        ({"deal_id": 2**63}, 422),
        ({"reason": ""}, 422),
        ({"reason": "\0\0\0\0"}, 422),
        ({"reason": "x" * 501}, 422),
        ({"reason": "x" * 20_000}, 413),
        ({"surprise": 1}, 422),
        ({"mention_id": 1}, 422),
        ({"deal_id": 99_999}, 404),
        ({"other_deal_id": 1}, 409),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(judged_url: str, change: dict[str, Any], status: int) -> None:
    url = judged_url
    answer = client(url).post("/api/judgements", json=MERGE | change, headers=OURS)
    assert answer.status_code == status, answer.text
    assert made(url) == []


def test_a_program_with_a_token_needs_no_origin(newsroom_url: str) -> None:
    url = newsroom_url
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    assert client(url).post("/api/judgements", json=MERGE, headers=headers).status_code == 201


def test_looking_changes_nothing(judged_url: str) -> None:
    url = judged_url
    page = client(url)
    assert page.get("/api/judgements?action=merge&deal_id=1&other_deal_id=2&reason=xxx").status_code in (404, 405)
    assert made(url) == []
