"""What hosts asked of us, kept over runs: times of quiet, robots.txt, reservations of text and data mining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealwire.store.database import Connection, execute_values, fetch_all


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of a host: no request before a time; its robots.txt and until when that is taken as known."""

    host: str
    not_before_at: datetime | None = None
    robots_txt: str | None = None
    robots_outcome: str | None = None
    robots_at: datetime | None = None
    robots_expires_at: datetime | None = None
    tdm_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostRobots:
    """A robots.txt as it was answered; `opt_outs` are the readers for machine learning that it shuts out."""

    host: str
    text: str
    outcome: str
    at: datetime
    expires_at: datetime
    opt_outs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostTdm:
    """A /.well-known/tdmrep.json as it was answered."""

    host: str
    outcome: str
    at: datetime
    expires_at: datetime
    opt_outs: tuple[str, ...]


def load_hosts(connection: Connection, hosts: Sequence[str]) -> Mapping[str, HostState]:
    """What is known of these hosts; those without an entry never asked for anything."""
    rows = fetch_all(connection, "host_load", {"hosts": list(hosts)})
    return {row.host: HostState(**row._asdict()) for row in rows}


def hold_hosts_until(connection: Connection, until: Mapping[str, datetime]) -> None:
    """Remember that these hosts want no request before a time."""
    execute_values(connection, "host_hold", sorted(until.items()))


def store_robots(connection: Connection, answers: Sequence[HostRobots]) -> None:
    unique = {answer.host: answer for answer in answers}
    rows = [(a.host, a.text, a.outcome, a.at, a.expires_at, list(a.opt_outs)) for _, a in sorted(unique.items())]
    execute_values(connection, "host_robots", rows)


def store_tdm(connection: Connection, answers: Sequence[HostTdm]) -> None:
    unique = {answer.host: answer for answer in answers}
    rows = [(a.host, a.outcome, a.at, a.expires_at, list(a.opt_outs)) for _, a in sorted(unique.items())]
    execute_values(connection, "host_tdm", rows)
