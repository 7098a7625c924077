"""All settings, read once from the environment and the project's .env file. The only module that reads os.environ.

A wrong or unknown setting stops the start: the error names the setting, where it was found, and what is allowed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from dealwire.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
RATES_URL: str | None = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
T = TypeVar("T")
Reader = Literal["local", "assisted", "model"]
READERS: tuple[Reader, ...] = ("local", "assisted", "model")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its value; docs/settings.md describes each. Paths are absolute."""

    project_root: Path
    home: Path
    database_url: str | None = field(repr=False)
    postgres_bin: Path | None
    feeds: Path
    schedule: str
    contact: str | None
    allow_net: frozenset[str]
    host_spacing_seconds: float
    host_parallel: int
    alert_urls: tuple[str, ...] = field(repr=False)
    alert_rules: Path | None
    alert_min_usd: Decimal
    alert_language: str
    webhook_secret: str | None = field(repr=False)
    page_url: str
    port: int
    database_confidence: float
    alert_confidence: float
    retention_days: int
    keep_raw_days: int
    rates_url: str | None
    reader: Reader
    reader_url: str | None
    reader_model: str | None
    reader_key: str | None = field(repr=False)
    reader_timeout: float
    reader_daily_budget: int
    reader_concurrency: int

    @property
    def sql(self) -> Path:
        """The folder of migrations, named queries, views and checks."""
        return self.project_root / "sql"

    @property
    def alert_connections(self) -> tuple[str, ...]:
        """Connections of Airflow that hold the addresses of channels."""
        found = (re.fullmatch(r"(?:[a-z0-9][a-z0-9-]*=)?airflow://(.+)", address) for address in self.alert_urls)
        return tuple(match[1] for match in found if match)


def from_environment() -> Settings:
    """The settings of this process: its environment, and below it the project's .env file."""
    return load_settings(os.environ, PROJECT_ROOT)


def process_environment() -> dict[str, str]:
    """A copy of this process's environment, for child processes."""
    return dict(os.environ)


def load_settings(environment: Mapping[str, str], project_root: Path) -> Settings:
    """Read and check all settings. Raises SettingsError on the first wrong or unknown one."""
    env_file = project_root / ".env"
    given = _Given(_with_secret_files({**_read_env_file(env_file), **environment}), env_file)
    given.refuse_unknown()
    home = given.path("DEALWIRE_HOME", project_root / ".dealwire")
    port = given.number("DEALWIRE_PORT", 8480, int, 1, 65535)
    settings = Settings(
        project_root=project_root,
        home=home,
        database_url=given.get("DATABASE_URL", None, _postgres_url),
        postgres_bin=given.get("DEALWIRE_POSTGRES_BIN", None, _existing_folder),
        feeds=given.path("DEALWIRE_FEEDS", project_root / "feeds.opml"),
        schedule=given.get("DEALWIRE_SCHEDULE", "7 * * * *", _cron),
        contact=given.get("DEALWIRE_CONTACT", None, str),
        allow_net=given.get("DEALWIRE_ALLOW_NET", frozenset(), _host_ports),
        host_spacing_seconds=given.number("DEALWIRE_HOST_SPACING_SECONDS", 5.0, float, 0, 3600),
        host_parallel=given.number("DEALWIRE_HOST_PARALLEL", 2, int, 1, 64),
        alert_urls=given.get("DEALWIRE_ALERT_URLS", (), _words),
        alert_rules=given.get("DEALWIRE_ALERT_RULES", None, _existing_file),
        alert_min_usd=given.get("DEALWIRE_ALERT_MIN_USD", Decimal(10**9), _amount),
        alert_language=given.choice("DEALWIRE_ALERT_LANGUAGE", "en", ("en", "fr")),
        webhook_secret=given.get("DEALWIRE_WEBHOOK_SECRET", None, str),
        page_url=given.get("DEALWIRE_PAGE_URL", f"http://127.0.0.1:{port}", _web_url),
        port=port,
        database_confidence=given.number("DEALWIRE_DATABASE_CONFIDENCE", 0.25, float, 0, 1),
        alert_confidence=given.number("DEALWIRE_ALERT_CONFIDENCE", 0.5, float, 0, 1),
        retention_days=given.number("DEALWIRE_RETENTION_DAYS", 365, int, 1, 36500),
        keep_raw_days=given.number("DEALWIRE_KEEP_RAW_DAYS", 30, int, 0, 36500),
        rates_url=given.get("DEALWIRE_RATES_URL", RATES_URL, _web_url_or_none),
        reader=given.choice("DEALWIRE_READER", "local", READERS),
        reader_url=given.get("DEALWIRE_READER_URL", None, _endpoint),
        reader_model=given.get("DEALWIRE_READER_MODEL", None, _one_word),
        reader_key=given.get("DEALWIRE_READER_KEY", None, _one_word),
        reader_timeout=given.number("DEALWIRE_READER_TIMEOUT", 60.0, float, 1, 3600),
        reader_daily_budget=given.number("DEALWIRE_READER_DAILY_BUDGET", 500, int, 0, 10**7),
        reader_concurrency=given.number("DEALWIRE_READER_CONCURRENCY", 4, int, 1, 64),
    )
    check_reader(settings)
    return settings


def check_reader(settings: Settings) -> None:
    """Raises SettingsError where the chosen reader lacks its endpoint, or would send the key in the clear."""
    if settings.reader != "local":
        for name, value in (
            ("DEALWIRE_READER_URL", settings.reader_url),
            ("DEALWIRE_READER_MODEL", settings.reader_model),
        ):
            if not value:
                raise SettingsError(f"setting {name} is missing: the reader {settings.reader!r} asks a model there")
    if settings.reader_key and settings.reader_url and not _is_private(settings.reader_url):
        raise SettingsError(
            "setting DEALWIRE_READER_URL must be an https address: DEALWIRE_READER_KEY would cross the net in the clear"
        )


SECRETS = ("DATABASE_URL", "DEALWIRE_ALERT_URLS", "DEALWIRE_WEBHOOK_SECRET", "DEALWIRE_READER_KEY")
KNOWN = frozenset(
    {
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DEALWIRE_HOME",
        "DEALWIRE_POSTGRES_BIN",
        "DEALWIRE_FEEDS",
        "DEALWIRE_SCHEDULE",
        "DEALWIRE_CONTACT",
        "DEALWIRE_ALLOW_NET",
        "DEALWIRE_HOST_SPACING_SECONDS",
        "DEALWIRE_HOST_PARALLEL",
        "DEALWIRE_ALERT_URLS",
        "DEALWIRE_ALERT_URLS_FILE",
        "DEALWIRE_ALERT_RULES",
        "DEALWIRE_ALERT_MIN_USD",
        "DEALWIRE_ALERT_LANGUAGE",
        "DEALWIRE_PAGE_URL",
        "DEALWIRE_WEBHOOK_SECRET",
        "DEALWIRE_WEBHOOK_SECRET_FILE",
        "DEALWIRE_PORT",
        "DEALWIRE_DATABASE_CONFIDENCE",
        "DEALWIRE_ALERT_CONFIDENCE",
        "DEALWIRE_RETENTION_DAYS",
        "DEALWIRE_KEEP_RAW_DAYS",
        "DEALWIRE_RATES_URL",
        "DEALWIRE_READER",
        "DEALWIRE_READER_URL",
        "DEALWIRE_READER_MODEL",
        "DEALWIRE_READER_KEY",
        "DEALWIRE_READER_KEY_FILE",
        "DEALWIRE_READER_TIMEOUT",
        "DEALWIRE_READER_DAILY_BUDGET",
        "DEALWIRE_READER_CONCURRENCY",
        "DEALWIRE_TEST_DATABASE_URL",
    }
)


@dataclass(frozen=True, slots=True)
class _Given:
    """The settings as text, with helpers that turn one into its value or say what is wrong with it."""

    values: Mapping[str, str]
    env_file: Path

    def refuse_unknown(self) -> None:
        for name in sorted(self.values):
            if name.startswith("DEALWIRE_") and name not in KNOWN:
                raise SettingsError(f"unknown setting {name}; known ones: {', '.join(sorted(KNOWN))}")

    def get(self, name: str, default: T, read: Callable[[str], T]) -> T:
        text = self.values.get(name, "").strip()
        if not text:
            return default
        try:
            return read(text)
        except (ValueError, InvalidOperation) as problem:
            shown = "(hidden)" if re.search("URL|KEY|SECRET", name) else repr(text)
            raise SettingsError(f"setting {name} is {shown}: {problem} (environment or {self.env_file.name})") from None

    def path(self, name: str, default: Path) -> Path:
        return self.get(name, default, lambda text: Path(text).expanduser().resolve())

    def number(self, name: str, default: T, kind: Callable[[str], T], low: float, high: float) -> T:
        def read(text: str) -> T:
            value = kind(text)
            if not low <= float(text) <= high:
                raise ValueError(f"must be from {low:g} to {high:g}")
            return value

        return self.get(name, default, read)

    def choice(self, name: str, default: T, allowed: tuple[T, ...]) -> T:
        def read(text: str) -> T:
            for value in allowed:
                if value == text:
                    return value
            raise ValueError(f"must be one of {', '.join(map(str, allowed))}")

        return self.get(name, default, read)


def _with_secret_files(values: dict[str, str]) -> dict[str, str]:
    """NAME_FILE names a file that holds the secret NAME, as container platforms hand secrets over."""
    for name in SECRETS:
        path = values.get(f"{name}_FILE", "").strip()
        if path and not values.get(name):
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"setting {name}_FILE: {path}: {error.strerror}") from None
    return values


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name.strip()):
            raise SettingsError(f"{path.name}, line {number}: expected NAME=value")
        values[name.strip()] = value.strip().strip("'\"")
    return values


def _postgres_url(text: str) -> str:
    if urlsplit(text).scheme not in ("postgresql", "postgres"):
        raise ValueError("must start with postgresql://")
    return text


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https address")
    return text.rstrip("/")


def _endpoint(text: str) -> str:
    """The base of an OpenAI-compatible API, such as https://api.example.com/v1; the key does not belong in it."""
    address = _web_url(text)
    parts = urlsplit(address)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be the API's base address alone, without user, query or fragment")
    return address.removesuffix("/chat/completions")


def _is_private(address: str) -> bool:
    """Encrypted, or a host of this machine or network."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" or "." not in host or host.endswith((".local", ".internal", ".localhost")):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def _one_word(text: str) -> str:
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("must be one word")
    return text


def _web_url_or_none(text: str) -> str | None:
    return None if text == "none" else _web_url(text)


def _existing_folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_dir():
        raise ValueError("no such folder")
    return path


def _existing_file(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise ValueError("no such file")
    return path


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _host_ports(text: str) -> frozenset[str]:
    entries = frozenset(re.split(r"[\s,]+", text))
    for entry in entries:
        host, _, port = entry.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"{entry!r} is not host:port")
    return entries


def _amount(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or value < 0:
        raise ValueError("must be an amount of USD, 0 or more")
    return value


def _cron(text: str) -> str:
    if len(text.split()) != 5:
        raise ValueError("must be a cron expression of five fields, such as '7 * * * *'")
    return text
