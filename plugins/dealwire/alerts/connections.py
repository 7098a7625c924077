"""Channels whose address Airflow keeps: `airflow://CONNECTION` stands for the password of that connection. Pure."""

from __future__ import annotations

import re

from dealwire.alerts.delivery import Channel, Outcome, Outgoing
from dealwire.errors import SettingsError

PREFIX = "airflow://"
_ID = re.compile(r"[A-Za-z0-9_.-]{1,200}")


def connection_of(url: str) -> str | None:
    """The connection that an address names, or None where it is an address itself."""
    if not url.startswith(PREFIX):
        return None
    named = url.removeprefix(PREFIX)
    if not _ID.fullmatch(named):
        raise SettingsError(f"alert channels: {PREFIX} is followed by a connection's id: letters, digits, _ . -")
    return named


def name_of(connection: str) -> str:
    """The public name of a channel that was given none."""
    return re.sub(r"[^a-z0-9]+", "-", connection.lower()).strip("-") or "airflow"


def broken_channel(name: str, problem: str) -> Channel:
    """A channel that cannot be opened now: its alerts wait and are tried again, and the others go on."""

    def deliver(message: Outgoing) -> Outcome:
        return Outcome("unreachable", problem)

    return Channel(name, f"{PREFIX}***", deliver)
