"""The fetch policy that the settings ask for, and what hosts asked of us, kept over runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from dealwire import __version__
from dealwire.context import Runtime
from dealwire.feed_model import Fetched
from dealwire.news.fetch import Fetcher
from dealwire.news.fetch_policy import FetchPolicy, user_agent
from dealwire.settings import Settings
from dealwire.store.feeds import HostState, load_hosts, store_hosts


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
    asked = [one for one in fetched if one.retry_after and one.outcome != "held"]
    known = load_hosts(runtime.connection, sorted({urlsplit(one.final_url or one.url).hostname or "" for one in asked}))
    states = []
    for one in asked:
        host = urlsplit(one.final_url or one.url).hostname or ""
        until = runtime.now() + timedelta(seconds=one.retry_after or 0)
        before = known.get(host)
        robots = (before.robots_txt, before.robots_outcome, before.robots_at) if before else (None, None, None)
        states.append(HostState(host, until, *robots))
    if states:
        store_hosts(runtime.connection, states)
