"""Alert rules: TOML tables, validated whole before anything is sent."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from dealwire.alerts.rule_fields import FIELDS, read_field
from dealwire.errors import SettingsError

DEFAULT_RULES = Path(__file__).with_name("default_rules.toml")
DEFAULT_EVENTS = ("new", "value_changed", "status_changed", "disputed", "correction")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which deals and which changes of them are told, to whom. Empty means any; docs/alerts.md explains each field."""

    id: str
    minimum_usd: Decimal = Decimal(0)
    events: tuple[str, ...] = DEFAULT_EVENTS
    value_change_percent: Decimal = Decimal(10)
    unalerted_changes: bool = False
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    source_languages: tuple[str, ...] = ()
    minimum_capacity: Mapping[str, Decimal] | None = None
    minimum_confidence: float = 0.0
    minimum_independent_sources: int = 1
    officially_confirmed: bool = False
    maximum_age_hours: int = 24
    language: str = "en"
    channels: tuple[str, ...] = ()

    def definition(self) -> dict[str, Any]:
        """The rule as JSON, for alert.rule and `dealwire alerts list`."""
        values = {name: getattr(self, name) for name in FIELDS}
        return {name: _plain(value) for name, value in values.items()}


def load_rules(
    path: Path | None,
    default_min_usd: Decimal,
    channels: Sequence[str] | None = None,
    *,
    language: str = "en",
    minimum_confidence: float = 0.0,
) -> list[Rule]:
    """The rules of a file, or the default ones from `default_min_usd`. Every mistake names file, rule and key.

    `channels` are the names a rule may send to, where the caller knows them; `language` and `minimum_confidence`
    hold for rules that do not say theirs.
    """
    source = path or DEFAULT_RULES
    defaults = {"language": language, "minimum_confidence": minimum_confidence}
    rules = parse_rules(_read(source), str(source.name if path is None else path), defaults)
    if path is None:
        rules = [replace(rule, minimum_usd=default_min_usd) for rule in rules]
    if channels is not None:
        _check_channels(rules, channels, source)
    return rules


def _check_channels(rules: Sequence[Rule], channels: Sequence[str], source: Path) -> None:
    for rule in rules:
        unknown = sorted(set(rule.channels) - set(channels))
        if unknown:
            raise SettingsError(
                f"{source}: rule {rule.id}: channels: no channel is named {unknown[0]!r}; "
                f"there is {', '.join(channels)}"
            )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{path}: the alert rules cannot be read: {reason}") from error


def parse_rules(text: str, source: str, defaults: Mapping[str, Any] | None = None) -> list[Rule]:
    """Rules from TOML text; `source` names it in errors, `defaults` fill fields that a rule leaves out."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source}: not TOML: {error}") from error
    for key in document:
        if key not in ("rule", "party_list"):
            raise SettingsError(f"{source}: unknown key {key!r}; allowed are [[rule]] and [party_list]")
    lists = _party_lists(document.get("party_list", {}), source)
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{source}: at least one [[rule]] table is needed")
    rules: list[Rule] = []
    for number, table in enumerate(tables, 1):
        rule = _rule(table, f"{source}: rule {table.get('id', f'number {number}')}", lists, defaults or {})
        if any(other.id == rule.id for other in rules):
            raise SettingsError(f"{source}: rule {rule.id}: id: two rules have it")
        rules.append(rule)
    return rules


def _party_lists(table: Any, source: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise SettingsError(f'{source}: party_list: must be a table of name = ["party", …]')
    return {name: read_field("parties", value, f"{source}: party_list: {name}") for name, value in table.items()}


def _rule(
    table: Mapping[str, Any], where: str, lists: Mapping[str, tuple[str, ...]], defaults: Mapping[str, Any]
) -> Rule:
    if "id" not in table:
        raise SettingsError(f'{where}: id: is missing; it must be a short name such as "mega-deals"')
    values: dict[str, Any] = dict(defaults)
    for key, value in table.items():
        if key not in FIELDS:
            raise SettingsError(f"{where}: unknown key {key!r}; allowed are {', '.join(FIELDS)}")
        values[key] = read_field(key, value, f"{where}: {key}")
    values["parties"] = _expand(values.get("parties", ()), lists, where)
    return Rule(**values)


def _expand(parties: Sequence[str], lists: Mapping[str, tuple[str, ...]], where: str) -> tuple[str, ...]:
    expanded: list[str] = []
    for party in parties:
        if party.startswith("@") and party[1:] not in lists:
            raise SettingsError(f"{where}: parties: no [party_list] is named {party[1:]!r}")
        expanded.extend(lists[party[1:]] if party.startswith("@") else [party])
    return tuple(expanded)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value
