"""The API against its own schema: generated requests get an answer that says what is wrong, and never a crash."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from dealwire.store.database import connect, fetch_all
from dealwire.store.exports import exported_deals
from dealwire.takeaway.columns import Rows
from dealwire.web.app import create_app
from dealwire.web.reading import Ask

NOW = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
URL: list[str] = []


@contextmanager
def reading() -> Iterator[Ask]:
    opened = connect(URL[0], statement_timeout_ms=5_000)
    try:
        yield lambda name, parameters: fetch_all(opened, name, parameters)
    finally:
        opened.close()


@contextmanager
def exporting(filters: Mapping[str, Any]) -> Iterator[Rows]:
    opened = connect(URL[0], statement_timeout_ms=5_000)
    try:
        with exported_deals(opened, filters) as rows:
            yield rows
    finally:
        opened.close()


app = create_app(reading, lambda: "somebody", lambda: NOW, exporting=exporting)
document = app.openapi()
schema = schemathesis.openapi.from_dict(document)
schema.app = app


@pytest.fixture(scope="module", autouse=True)
def database(newsroom_database: str) -> Iterator[None]:
    URL[:] = [newsroom_database]
    yield


@pytest.mark.fault("Q6")
@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_requests_are_answered(case: schemathesis.Case) -> None:
    response = TestClient(app).request(
        case.method,
        case.formatted_path,
        params=case.query,
        headers={"accept": "application/json"},
        follow_redirects=False,
    )
    allowed = (200, 307, 404, 422) if case.method == "GET" else (404, 405, 422)
    assert response.status_code in allowed, response.text
    if response.status_code == 422:
        assert response.json()["detail"]
