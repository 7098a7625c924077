"""The fetch policy that the settings ask for, and what hosts asked of us, kept over runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from dealwire import __version__
from dealwire.context import Runtime
from dealwire.feed_model import Fetched
from dealwire.news.fetch import Fetcher
from dealwire.news.fetch_policy import FetchPolicy, user_agent
from dealwire.news.opt_outs import TDM_PATH, robots_opt_outs, tdm_opt_outs
from dealwire.news.robots import RobotsRules, host_key, kept_seconds, robots_url
from dealwire.news.urls import absolute_url
from dealwire.settings import Settings
from dealwire.store.hosts import HostRobots, HostTdm, hold_hosts_until, load_hosts, store_robots, store_tdm

TDM_KEPT = timedelta(days=7)


def fetch_policy(settings: Settings, allow_net: frozenset[str] | None = None) -> FetchPolicy:
    """How to fetch: polite by default, with exactly the exceptions that were named."""
    return FetchPolicy(
        user_agent=user_agent(__version__, settings.contact),
        allow_net=settings.allow_net if allow_net is None else allow_net,
        spacing_seconds=settings.host_spacing_seconds,
        parallel_per_host=settings.host_parallel,
    )


def hold_hosts(runtime: Runtime, fetcher: Fetcher, urls: Iterable[str]) -> None:
    """Ask nothing of hosts that told an earlier run to wait."""
    hosts = sorted({urlsplit(url).hostname or "" for url in urls})
    for host, state in load_hosts(runtime.connection, hosts).items():
        if state.not_before_at and state.not_before_at > runtime.now():
            fetcher.hold(host, (state.not_before_at - runtime.now()).total_seconds())


def remember_hosts(runtime: Runtime, fetched: Iterable[Fetched]) -> None:
    """Keep what hosts asked for with Retry-After."""
    until: dict[str, datetime] = {}
    for one in fetched:
        if one.retry_after and one.outcome != "held":
            host = urlsplit(one.final_url or one.url).hostname or ""
            until[host] = max(runtime.now() + timedelta(seconds=one.retry_after), until.get(host, runtime.now()))
    hold_hosts_until(runtime.connection, until)


def known_robots(runtime: Runtime, urls: Iterable[str]) -> dict[str, RobotsRules]:
    """The robots.txt of these addresses' hosts that earlier runs asked for and that still count, by its address."""
    places = {robots_url(found): host_key(found) for url in urls if (found := absolute_url(url))}
    states = load_hosts(runtime.connection, sorted(set(places.values())))
    known = {}
    for address, key in places.items():
        state = states.get(key)
        if state and state.robots_outcome and state.robots_expires_at and state.robots_expires_at > runtime.now():
            known[address] = RobotsRules(state.robots_outcome, state.robots_txt or "")
    return known


def remember_robots(runtime: Runtime, found: Mapping[str, RobotsRules], known: Mapping[str, RobotsRules]) -> None:
    """Keep the robots.txt that this run asked for."""
    now = runtime.now()
    answers = [
        HostRobots(
            host_key(address),
            rules.text,
            rules.outcome,
            now,
            now + timedelta(seconds=kept_seconds(rules)),
            robots_opt_outs(rules.text) if rules.text else (),
        )
        for address, rules in found.items()
        if address not in known
    ]
    store_robots(runtime.connection, answers)


def unknown_tdm(runtime: Runtime, urls: Iterable[str]) -> list[str]:
    """Addresses of the reservations of text and data mining that are to be asked for, one a host and week."""
    places = {host_key(found): found for url in urls if (found := absolute_url(url))}
    states = load_hosts(runtime.connection, sorted(places))
    addresses = []
    for key, url in sorted(places.items()):
        state = states.get(key)
        if state is None or state.tdm_expires_at is None or state.tdm_expires_at <= runtime.now():
            parts = urlsplit(url)
            addresses.append(f"{parts.scheme}://{parts.netloc}{TDM_PATH}")
    return addresses


def remember_tdm(runtime: Runtime, answers: Iterable[Fetched]) -> None:
    """Keep what hosts reserve; a host that was not asked after all is asked by the next run."""
    now = runtime.now()
    store_tdm(
        runtime.connection,
        [
            HostTdm(host_key(one.url), one.outcome, now, now + TDM_KEPT, tdm_opt_outs(one.body))
            for one in answers
            if one.outcome != "held"
        ],
    )
