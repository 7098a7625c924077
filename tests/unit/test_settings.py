"""Settings: sane defaults, and a clear stop on anything wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dealwire.errors import SettingsError
from dealwire.settings import KNOWN, load_settings

ROOT = Path(__file__).resolve().parents[2]


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings.database_url is None
    assert settings.home == tmp_path / ".dealwire"
    assert settings.alert_min_usd == Decimal(10**9)
    assert settings.page_url == "http://127.0.0.1:8480"


@pytest.mark.fault("S5")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://here", "postgresql://"),
        ("DEALWIRE_PORT", "70000", "from 1 to 65535"),
        ("DEALWIRE_PORT", "many", "DEALWIRE_PORT"),
        ("DEALWIRE_HOST_SPACING_SECONDS", "-1", "from 0"),
        ("DEALWIRE_ALERT_MIN_USD", "-5", "0 or more"),
        ("DEALWIRE_ALERT_MIN_USD", "NaN", "0 or more"),
        ("DEALWIRE_ALERT_MIN_USD", "a lot", "DEALWIRE_ALERT_MIN_USD"),
        ("DEALWIRE_ALERT_LANGUAGE", "xx", "one of en, fr"),
        ("DEALWIRE_ALLOW_NET", "127.0.0.1", "host:port"),
        ("DEALWIRE_SCHEDULE", "hourly", "five fields"),
        ("DEALWIRE_ALERT_RULES", "/no/such/file.toml", "no such file"),
        ("DEALWIRE_POSTGRES_BIN", "/no/such/folder", "no such folder"),
        ("DEALWIRE_PAGE_URL", "airflow.example.org", "http or https"),
        ("DEALWIRE_ALERT_URL", "json://x", "unknown setting DEALWIRE_ALERT_URL"),
        ("DEALWIRE_READER", "best", "one of local, assisted, model"),
        ("DEALWIRE_READER_URL", "api.example.com/v1", "http or https"),
        ("DEALWIRE_READER_URL", "https://user:canary@api.example.com/v1", "without user"),
        ("DEALWIRE_READER_MODEL", "large model", "one word"),
        ("DEALWIRE_READER_TIMEOUT", "0", "from 1 to 3600"),
        ("DEALWIRE_READER_DAILY_BUDGET", "-1", "from 0"),
        ("DEALWIRE_READER_CONCURRENCY", "0", "from 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, tmp_path)
    assert name in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.fault("L9")
def test_a_wrong_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"DATABASE_URL": "mysql://user:canary@host/db"}, tmp_path)
    assert "canary" not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nDEALWIRE_PORT=9001\nDEALWIRE_ALERT_LANGUAGE='fr'\n")
    settings = load_settings({"DEALWIRE_PORT": "9002"}, tmp_path)
    assert (settings.port, settings.alert_language) == (9002, "fr")


@pytest.mark.fault("S5")
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEALWIRE_PORT=9001\nnot a setting\n")
    with pytest.raises(SettingsError, match=r"\.env, line 2"):
        load_settings({}, tmp_path)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://user:word@host/db\n")
    assert load_settings({"DATABASE_URL_FILE": str(tmp_path / "url")}, tmp_path).database_url == (
        "postgresql://user:word@host/db"
    )
    with pytest.raises(SettingsError, match="DATABASE_URL_FILE"):
        load_settings({"DATABASE_URL_FILE": str(tmp_path / "none")}, tmp_path)


READER = {
    "DEALWIRE_READER": "assisted",
    "DEALWIRE_READER_URL": "https://api.example.com/v1/chat/completions",
    "DEALWIRE_READER_MODEL": "vendor/large-model:2",
}


def test_a_model_reader_needs_its_endpoint(tmp_path: Path) -> None:
    settings = load_settings(READER, tmp_path)
    assert (settings.reader, settings.reader_url) == ("assisted", "https://api.example.com/v1")
    for name in ("DEALWIRE_READER_URL", "DEALWIRE_READER_MODEL"):
        with pytest.raises(SettingsError, match=f"{name} is missing"):
            load_settings({**READER, name: ""}, tmp_path)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://api.example.com/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://10.0.0.7:8000/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://models.internal/v1", True),
        ("http://api.example.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_the_key_never_crosses_the_net_in_the_clear(tmp_path: Path, url: str, good: bool) -> None:
    given = {**READER, "DEALWIRE_READER_URL": url, "DEALWIRE_READER_KEY": "canary"}
    if good:
        settings = load_settings(given, tmp_path)
        assert settings.reader_key == "canary"
        assert "canary" not in repr(settings)
        return
    with pytest.raises(SettingsError, match="https") as caught:
        load_settings(given, tmp_path)
    assert "canary" not in str(caught.value)


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("canary\n")
    assert load_settings({"DEALWIRE_READER_KEY_FILE": str(tmp_path / "key")}, tmp_path).reader_key == "canary"


def test_every_setting_is_documented() -> None:
    named = set(re.findall(r"`(DATABASE_URL(?:_FILE)?|DEALWIRE_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert named == KNOWN


def test_the_example_file_is_valid(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z])", "", text, flags=re.MULTILINE))
    assert load_settings({}, tmp_path).alert_urls
