"""docker-compose.yml as far as it can be checked without a Docker engine: shape, names, paths, variables, secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealwire.settings import KNOWN

ROOT = Path(__file__).resolve().parents[2]
AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_services_are_there_and_depend_on_services_that_are(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"postgres", "redis", "migrate", *AIRFLOW}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name


def test_every_service_is_confined(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "healthcheck" in service, name
        if name != "postgres":
            assert service["user"] == "50000"
            assert service["read_only"] is True


def test_only_the_page_is_published_and_only_on_loopback(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:8480:8480"]}
    assert compose["networks"]["inside"]["internal"] is True


def test_no_password_stands_in_the_file(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|CONN|BROKER_URL|BACKEND|DATABASE_URL|ALERT_URLS", variable):
                assert re.search("/run/secrets/|^/var/lib/dealwire/", value), f"{name}: {variable}"


def test_secrets_and_volumes_are_declared_and_explained(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])
    for secret in compose["secrets"].values():
        assert re.search(rf"^#.*(> |touch ){re.escape(secret['file'])}$", text, re.MULTILINE), secret


def test_settings_are_known_ones(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        ours = {name for name in service.get("environment", {}) if name.startswith(("DEALWIRE_", "DATABASE_"))}
        assert ours <= KNOWN


def test_the_image_copies_and_runs_what_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "bin/setup" in text
    assert "--require-hashes" in (ROOT / "bin" / "setup").read_text()
    assert text.index("USER dealwire") < text.index("ENV PATH")
    for copied in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split())
    assert (ROOT / "bin" / "setup").stat().st_mode & 0o100
