"""docker-compose.yml and docs/kubernetes-values.yaml as far as they can be checked without an engine or a cluster."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealwire.settings import KNOWN

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-celery.lock")
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


def test_the_file_follows_the_compose_specification() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_variables_have_defaults_and_are_explained(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert "DEALWIRE_WORKER_CONCURRENCY" in asked
    assert all(re.search(rf"\$\{{{name}:-", text) for name in asked)
    explained = (ROOT / "docs" / "operating.md").read_text() + (ROOT / "docs" / "settings.md").read_text()
    assert all(f"`{name}`" in explained for name in asked)


def test_images_are_of_one_version(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        image = service["image"]
        assert image.startswith("dealwire:") or re.search(r":\d+\.\d+(\.\d+)?-", image), name
    assert re.search(r"^FROM python:3\.11\.\d+-", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_commands_of_the_services_are_installed(compose: dict[str, Any]) -> None:
    locked = (ROOT / "requirements-celery.lock").read_text()
    for package in ("apache-airflow-providers-celery", "redis", "psycopg2-binary", "statsd"):
        assert re.search(rf"^{package}==", locked, re.MULTILINE), package
    for name in AIRFLOW:
        assert compose["services"][name]["command"][0] == "airflow"
    assert compose["services"]["worker"]["command"][1:3] == ["celery", "worker"]
    assert "ports" not in compose["services"]["worker"], "a published port would keep it from scaling"
    assert "container_name" not in compose["services"]["worker"]


def test_both_locks_hold_the_same_versions() -> None:
    pinned = [dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS]
    assert {name: version for name, version in pinned[1].items() if pinned[0].get(name, version) != version} == {}


def test_values_for_kubernetes_name_secrets_and_hold_none(compose: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "kubernetes-values.yaml").read_text()
    values = yaml.safe_load(text)
    assert values["executor"] == "CeleryExecutor"
    locked = (ROOT / "requirements-celery.lock").read_text()
    assert f"apache-airflow=={values['airflowVersion']} " in locked
    assert {item["envName"] for item in values["secret"]} | {item["name"] for item in values["env"]} - KNOWN == {
        "DATABASE_URL", "DEALWIRE_ALERT_URLS", "PYTHONPATH",
    }  # fmt: skip
    assert all(set(item) == {"envName", "secretName", "secretKey"} for item in values["secret"])
    server = compose["services"]["worker"]["environment"]
    for section, options in values["config"].items():
        for option, value in options.items():
            name = f"AIRFLOW__{section.upper()}__{option.upper()}"
            if name in server:
                assert str(server[name]) == value, name
    assert not re.search(r"(?m)^\s*(password|.*[Kk]ey|.*[Ss]ecret): *\S*[A-Za-z0-9]{20}", text)
