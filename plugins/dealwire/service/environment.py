"""The environment in which the Airflow processes run: everything by variables, no edited airflow.cfg."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dealwire.settings import Settings

ADMIN = "admin"
VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys that all Airflow processes of one installation share, and the passwords of its two users."""

    jwt: str
    api: str
    fernet: str
    passwords: Path
    admin_password: str
    viewer_password: str


def load_secrets(home: Path) -> Secrets:
    """Read the installation's keys, made on first use and readable by their owner only."""
    keys = _kept(home / "airflow-keys.json", {"jwt": _word(32), "api": _word(32), "fernet": _fernet_key()})
    passwords = home / "airflow-passwords.json"
    users = _kept(passwords, {ADMIN: _word(12), VIEWER: _word(12)})
    return Secrets(keys["jwt"], keys["api"], keys["fernet"], passwords, users[ADMIN], users[VIEWER])


def airflow_environment(
    settings: Settings, inherited: Mapping[str, str], keys: Secrets, metadata_url: str, port: int
) -> dict[str, str]:
    """What the scheduler, DAG processor, API server and triggerer need; `inherited` settings of a user win."""
    root = settings.project_root
    ours = {
        "AIRFLOW_HOME": str(settings.home / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin,{VIEWER}:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(keys.passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url.replace("postgresql://", "postgresql+psycopg2://", 1),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": keys.api,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONPATH": str(root / "plugins"),
        "PYTHONUNBUFFERED": "1",
    }
    environment = dict(inherited)
    for name, value in ours.items():
        environment.setdefault(name, value)
    for name in ("AIRFLOW_HOME", "AIRFLOW__API__PORT", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"):
        environment[name] = ours[name]  # these describe the processes that we start, not a user's other Airflow
    environment["DEALWIRE_HOME"] = str(settings.home)
    environment["DEALWIRE_FEEDS"] = str(settings.feeds)
    environment["DEALWIRE_PAGE_URL"] = settings.page_url
    return environment


def _kept(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        half = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(fresh, file)
        half.replace(path)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _word(length: int) -> str:
    return secrets.token_urlsafe(length)


def _fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")
