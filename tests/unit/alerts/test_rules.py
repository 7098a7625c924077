"""Rules are checked whole at start, and every mistake says where and what is allowed (S5)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from dealwire.alerts.rules import load_rules, parse_rules
from dealwire.errors import SettingsError

WHOLE = """
[party_list]
clouds = ["Amazon Web Services", "microsoft"]

[[rule]]
id = "gigawatts"
minimum_usd = 2.5e9
events = ["new", "status_changed"]
value_change_percent = 12.5
unalerted_changes = true
kinds = ["power", "datacenter"]
statuses = ["announced"]
parties = ["@clouds", "OpenAI"]
roles = ["customer"]
countries = ["US", "FR"]
source_languages = ["fr"]
minimum_capacity = { GW = 1, GPU = 100_000 }
minimum_confidence = 0.8
minimum_independent_sources = 2
officially_confirmed = true
maximum_age_hours = 48
language = "fr"
channels = ["slack-1"]
"""


def test_every_field_is_read() -> None:
    (rule,) = parse_rules(WHOLE, "rules.toml")
    assert rule.parties == ("Amazon Web Services", "microsoft", "OpenAI")
    assert (rule.minimum_usd, rule.value_change_percent) == (Decimal("2.5e9"), Decimal("12.5"))
    assert rule.minimum_capacity == {"GW": Decimal(1), "GPU": Decimal(100_000)}
    assert rule.definition()["minimum_usd"] == 2_500_000_000


def test_the_default_rule_takes_the_setting() -> None:
    (rule,) = load_rules(None, Decimal(5), ["log"], language="fr", minimum_confidence=0.7)
    assert (rule.id, rule.minimum_usd, rule.value_change_percent) == ("mega-deals", 5, 10)
    assert (rule.language, rule.minimum_confidence) == ("fr", 0.7)


@pytest.mark.fault("S5")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("minimum_use = 1", "unknown key 'minimum_use'; allowed are id, minimum_usd"),
        ("minimum_usd = -1", "minimum_usd: must be an amount of US dollars, 0 or more, not -1"),
        ("minimum_usd = nan", "minimum_usd: must be an amount"),
        ("minimum_usd = true", "minimum_usd: must be an amount"),
        ('minimum_usd = "1bn"', "minimum_usd: must be an amount"),
        ('kinds = ["deal"]', "kinds: must be a list of compute_contract"),
        ('kinds = "power"', "kinds: must be a list of"),
        ("kinds = []", "kinds: must be a list of"),
        ('events = ["notice"]', "events: must be a list of new, value_changed"),
        ("value_change_percent = -5", "value_change_percent: must be a percentage"),
        ("unalerted_changes = 1", "unalerted_changes: must be true or false"),
        ('parties = ["@nobody"]', "parties: no [party_list] is named 'nobody'"),
        ('parties = [" x"]', "parties: must be a list of names"),
        ("parties = [1]", "parties: must be a list of names"),
        ('roles = ["buyer"]', "roles: must be a list of provider"),
        ('countries = ["usa"]', "countries: must be a list of two-letter"),
        ('source_languages = ["xx"]', "source_languages: must be a list of en"),
        ("minimum_capacity = { kW = 1 }", "minimum_capacity: must be a table such as { GW = 1 }"),
        ("minimum_capacity = { GW = -1 }", "minimum_capacity: must be a table"),
        ("minimum_confidence = 1.1", "minimum_confidence: must be a probability from 0 to 1"),
        ("minimum_independent_sources = 0", "minimum_independent_sources: must be a number of sources from 1"),
        ("maximum_age_hours = 0", "maximum_age_hours: must be a number of hours"),
        ('language = "de"', "language: must be one of en, fr"),
        ('channels = ["Slack 1"]', "channels: must be a list of channel names"),
    ],
)
def test_a_wrong_field_stops_the_start(lines: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_rules(f'[[rule]]\nid = "mine"\n{lines}\n', "rules.toml")
    assert str(caught.value).startswith(f"rules.toml: rule mine: {said}")


@pytest.mark.fault("S5")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one [[rule]] table is needed"),
        ("rule = 1", "at least one [[rule]] table is needed"),
        ("[[rules]]\nid = 'a'", "unknown key 'rules'"),
        ("[[rule]]\nid = 'a'\n[[rule]]\nid = 'a'", "rule a: id: two rules have it"),
        ("[[rule]]\nminimum_usd = 1", "rule number 1: id: is missing"),
        ("[[rule]]\nid = 'A b'", "rule A b: id: must be a short name"),
        ("[[rule]\n", "not TOML: "),
        ("party_list = 1\n", "party_list: must be a table"),
    ],
)
def test_a_wrong_file_stops_the_start(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_rules(text, "rules.toml")
    assert str(caught.value).startswith(f"rules.toml: {said}")


@pytest.mark.fault("S5")
def test_a_channel_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nid = 'a'\nchannels = ['slack-2']\n", "utf-8")
    with pytest.raises(SettingsError, match="no channel is named 'slack-2'; there is slack-1, log"):
        load_rules(path, Decimal(1), ["slack-1", "log"])
    assert load_rules(path, Decimal(1))[0].channels == ("slack-2",)


@pytest.mark.fault("S5")
def test_a_missing_or_unreadable_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: the alert rules cannot be read: No such file"):
        load_rules(tmp_path / "none.toml", Decimal(1))
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(SettingsError, match="it is not UTF-8"):
        load_rules(tmp_path / "latin.toml", Decimal(1))
