"""The fields of an alert rule: what each may hold, and the sentence that says so when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from dealwire.deal_model import Event
from dealwire.errors import SettingsError
from dealwire.model import KINDS, LANGUAGES, ROLES, STATUSES, UNITS

TEXT_LANGUAGES = ("en", "fr")


class _Wrong(Exception):
    """What would have been right, for the error message."""


def read_field(name: str, value: Any, where: str) -> Any:
    """A field's value in the form the rule keeps, or SettingsError with what is allowed."""
    try:
        return FIELDS[name](value)
    except _Wrong as wrong:
        raise SettingsError(f"{where}: must be {wrong}, not {value!r}") from None


def _number(what: str, most: int | None = None) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise _Wrong(what)
        number = Decimal(value)
        if not number.is_finite() or number < 0 or (most is not None and number > most):
            raise _Wrong(what)
        return number

    return read


def _whole(least: int, most: int, what: str) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _Wrong(what)
        return value

    return read


def _fraction(value: Any) -> float:
    return float(_number("a probability from 0 to 1", 1)(value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise _Wrong(f"one of {', '.join(allowed)}")
        return str(value)

    return read


def _some_of(allowed: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or any(item not in allowed for item in value):
            raise _Wrong(f"a list of {', '.join(allowed)}")
        return tuple(value)

    return read


def _words(pattern: str, what: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise _Wrong(what)
        if not all(isinstance(item, str) and re.fullmatch(pattern, item) for item in value):
            raise _Wrong(what)
        return tuple(value)

    return read


def _identity(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value):
        raise _Wrong("a short name of small letters, digits and hyphens")
    return value


def _capacity(value: Any) -> Mapping[str, Decimal]:
    what = f"a table such as {{ GW = 1 }} with positive numbers for {', '.join(UNITS)}"
    if not isinstance(value, dict) or not value or any(unit not in UNITS for unit in value):
        raise _Wrong(what)
    return {unit: _number(what)(least) for unit, least in value.items()}


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "id": _identity,
    "minimum_usd": _number("an amount of US dollars, 0 or more"),
    "events": _some_of(get_args(Event)),
    "value_change_percent": _number("a percentage, 0 or more"),
    "unalerted_changes": _flag,
    "kinds": _some_of(KINDS),
    "statuses": _some_of(STATUSES),
    "parties": _words(r"\S(.*\S)?", 'a list of names of organisations, their ids, or "@name" of a [party_list]'),
    "roles": _some_of(ROLES),
    "countries": _words(r"[A-Z]{2}", 'a list of two-letter country codes such as "US"'),
    "source_languages": _some_of(LANGUAGES),
    "minimum_capacity": _capacity,
    "minimum_confidence": _fraction,
    "minimum_independent_sources": _whole(1, 1000, "a number of sources from 1"),
    "officially_confirmed": _flag,
    "maximum_age_hours": _whole(1, 8760, "a number of hours from 1 to 8760"),
    "language": _one_of(TEXT_LANGUAGES),
    "channels": _words(r"[a-z0-9][a-z0-9-]*", 'a list of channel names such as "slack-1"'),
}
