"""Calls to an API server that is too busy to answer."""

from __future__ import annotations

import socket

import pytest

from dealwire.service import airflow_api
from dealwire.service.airflow_api import AirflowApi, NoAnswer


def test_a_server_that_does_not_answer_is_asked_again_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(airflow_api.time, "sleep", waits.append)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        api = AirflowApi(f"http://127.0.0.1:{nobody.getsockname()[1]}", "admin", "word")
        with pytest.raises(NoAnswer, match="Airflow gave no answer to POST /auth/token"):
            api.get("/api/v2/dags")
    assert waits == [1.0] * 3
