"""N15-N20, N23, N24, N26: what a polite reader does, poll after poll."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from faults.hostile_server import HostileServer, answer, rss, sequence, silence

from dealwire.feed_model import FeedState, FeedUpdate, Fetched
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.fetch import Fetcher
from dealwire.news.fetch_policy import FetchPolicy, user_agent
from dealwire.news.response_headers import MAX_RETRY_AFTER, max_age, retry_after
from dealwire.news.schedule import PollChanges, next_poll, notices, validators

NOW = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)
STATE = FeedState(
    feed_id=1, url="https://e.example.com/feed", title="T", publisher="P", language=None, official=False,
    expected_entries=None, etag='"a"', last_modified=None, body_sha256="h", identity_policy="guid",
    interval_seconds=3_600, next_poll_at=NOW, last_polled_at=NOW, last_ok_at=NOW, last_full_get_at=NOW,
    failure_count=0, empty_count=0, not_a_feed_count=0, moved_url=None, moved_seen_count=0, moved_seen_on=None,
    gone_at=None, created_at=NOW,
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as started:
        yield started


def policy(server: HostileServer, **changes: object) -> FetchPolicy:
    plain: dict[str, object] = {
        "allow_net": frozenset({server.address}),
        "total_seconds": 1.0,
        "spacing_seconds": 0.0,
        "user_agent": user_agent("1.0", "https://desk.example.org/contact"),
    }
    return FetchPolicy(**(plain | changes))  # type: ignore[arg-type]


def get_all(urls: list[str], limits: FetchPolicy, kind: str = "feed") -> list[Fetched]:
    async def run() -> list[Fetched]:
        async with Fetcher(limits) as fetcher:
            return [await fetcher.get(url, kind=kind) for url in urls]

    return asyncio.run(run())


def apply(state: FeedState, update: FeedUpdate, now: datetime) -> FeedState:
    names = FeedUpdate.__slots__  # type: ignore[attr-defined]
    return replace(state, last_polled_at=now, **{name: getattr(update, name) for name in names})


def poll(server: HostileServer, state: FeedState, now: datetime) -> FeedState:
    """One whole poll without a database: fetch, parse, decide."""

    async def run() -> Fetched:
        etag, last_modified = validators(state, now)
        async with Fetcher(policy(server)) as fetcher:
            return await fetcher.get(state.url, etag=etag, last_modified=last_modified)

    fetched = asyncio.run(run())
    parsed = parse_feed(fetched.body) if fetched.outcome == "ok" else None
    outcome = parsed.outcome if parsed else fetched.outcome
    changes = PollChanges(outcome, len(parsed.entries) if parsed else 0, body_sha256="h")
    return apply(state, next_poll(state, fetched, changes, now, 0.5), now)


@pytest.mark.fault("N15")
def test_a_permanent_move_is_believed_on_the_third_day(server: HostileServer) -> None:
    server.serve("/old", answer(status=301, headers={"Location": "/new"}))
    server.serve("/new", answer(rss("One")))
    state = replace(STATE, url=server.url("/old"))
    addresses = []
    for hours in (0, 1, 2, 24, 25, 48):
        state = poll(server, state, NOW + timedelta(hours=hours))
        addresses.append(state.url.rpartition("/")[2])
    assert addresses == ["old", "old", "old", "old", "old", "new"]
    assert state.moved_url is None


@pytest.mark.fault("N15")
@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_forgotten(server: HostileServer, status: int) -> None:
    server.serve("/old", answer(status=status, headers={"Location": "/new"}))
    server.serve("/new", answer(rss("One")))
    state = replace(STATE, url=server.url("/old"))
    for day in range(5):
        state = poll(server, state, NOW + timedelta(days=day))
    assert (state.url, state.moved_url, state.failure_count) == (server.url("/old"), None, 0)


@pytest.mark.fault("N15")
def test_a_move_to_a_broken_feed_is_not_learnt(server: HostileServer) -> None:
    server.serve("/old", answer(status=308, headers={"Location": "/new"}))
    server.serve("/new", answer("<html><body>Domain for sale</body></html>"))
    state = replace(STATE, url=server.url("/old"))
    for day in range(5):
        state = poll(server, state, NOW + timedelta(days=day))
    assert (state.url, state.moved_seen_count) == (server.url("/old"), 0)


@pytest.mark.fault("N16")
def test_not_modified_is_a_success() -> None:
    fetched = Fetched("not_modified", None, STATE.url, STATE.url, None, 304, {}, b"", 3, None)
    update = next_poll(replace(STATE, failure_count=5), fetched, PollChanges("not_modified"), NOW, 0.0)
    assert (update.failure_count, update.last_ok_at, update.etag, update.body_sha256) == (0, NOW, '"a"', "h")


@pytest.mark.fault("N17")
def test_once_a_day_the_feed_is_read_whole(server: HostileServer) -> None:
    """A server that answers 304 for ever although the feed changed is found out within a day."""
    server.serve("/", sequence(answer(rss("One"), headers={"ETag": '"same"'}), answer(status=304)))
    state = replace(STATE, url=server.url("/"), last_full_get_at=None)
    for hour in range(0, 50, 2):
        state = poll(server, state, NOW + timedelta(hours=hour))
    conditional = ["if-none-match" in request.headers for request in server.log]
    assert conditional.count(False) == 3, "the first poll and one a day"
    assert conditional[0] is False


@pytest.mark.fault("N18")
def test_a_gone_feed_is_probed_weekly_and_comes_back(server: HostileServer) -> None:
    server.serve("/", answer(status=410))
    state = poll(server, replace(STATE, url=server.url("/")), NOW)
    assert state.gone_at == NOW
    assert timedelta(days=6) < state.next_poll_at - NOW <= timedelta(days=7)
    later = NOW + timedelta(days=7)
    again = poll(server, state, later)
    assert again.gone_at == NOW
    fetched = Fetched("gone", None, state.url, None, None, 410, {}, b"", 1, None)
    assert notices(STATE, next_poll(STATE, fetched, PollChanges("gone"), NOW, 0)) == ("gone",)
    assert notices(state, next_poll(state, fetched, PollChanges("gone"), later, 0)) == ()
    server.serve("/", answer(rss("One")))
    assert poll(server, again, later + timedelta(days=7)).gone_at is None


@pytest.mark.fault("N19")
def test_a_thousand_failures_and_still_read_within_a_day(server: HostileServer) -> None:
    state = replace(STATE, url=server.url("/"))
    now = NOW
    fetched = Fetched("http_404", None, state.url, state.url, None, 404, {}, b"", 1, None)
    for number in range(1_000):
        state = apply(state, next_poll(state, fetched, PollChanges("http_404"), now, number % 10 / 10), now)
        assert state.next_poll_at - now <= timedelta(hours=24)
        now = state.next_poll_at
    assert state.failure_count == 1_000
    server.serve("/", answer(rss("One")))
    healed = poll(server, state, now)
    assert (healed.failure_count, healed.last_ok_at) == (0, now)
    assert healed.next_poll_at - now < timedelta(hours=7)


LATER, FAR, PAST = (format_datetime(NOW + timedelta(hours=hours), usegmt=True) for hours in (2, 24 * 3_650, -2))
RETRY_VALUES = [
    ("120", 120.0), ("0", 0.0), (LATER, 7_200.0), ("315360000", MAX_RETRY_AFTER), (FAR, MAX_RETRY_AFTER),
    ("-5", None), ("soon", None), ("", None), (PAST, None), ("1e9", None), ("9" * 300, None), ("12 apples", None),
]  # fmt: skip


@pytest.mark.fault("N20")
@pytest.mark.parametrize(("text", "expected"), RETRY_VALUES)
def test_retry_after_is_read_or_ignored(text: str, expected: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == expected
    assert retry_after({"retry-after": text, "date": format_datetime(NOW, usegmt=True)}, None) == expected


@pytest.mark.fault("N20")
@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_quiet_gets_it(server: HostileServer, status: int) -> None:
    url = server.serve("/a", answer(status=status, headers={"Retry-After": "3600"}))
    found = get_all([url, server.url("/a"), server.url("/b")], policy(server))
    assert [one.outcome for one in found] == [f"http_{status}", "held", "held"]
    assert len(server.log) == 1
    update = next_poll(STATE, found[0], PollChanges(found[0].outcome), NOW, 0.9)
    assert update.next_poll_at >= NOW + timedelta(hours=1)
    held = next_poll(STATE, found[1], PollChanges("held"), NOW, 0.9)
    assert held.next_poll_at >= NOW + timedelta(minutes=59)
    assert held.failure_count == 0


@pytest.mark.fault("N20")
def test_what_the_database_remembers_holds_too(server: HostileServer) -> None:
    async def run() -> Fetched:
        async with Fetcher(policy(server)) as fetcher:
            fetcher.hold("127.0.0.1", 600)
            return await fetcher.get(server.url("/"))

    assert asyncio.run(run()).outcome == "held"
    assert server.log == []


@pytest.mark.fault("N23")
@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answer("x", 404), "ok"),
        (answer("", 200), "ok"),
        (answer("User-agent: *\nDisallow: /private/\n"), "ok"),
        (answer("User-agent: *\nDisallow: /news/\n"), "robots_disallowed"),
        (answer("User-agent: Dealwire\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), "robots_disallowed"),
        (answer("User-agent: *\nDisallow: /\n\nUser-agent: dealwire\nAllow: /news/\n"), "ok"),
        (answer("oops", 500), "robots_unavailable"),
        (answer("User-agent: *\nDisallow: /news/\n#" + "#" * 600_000 + "\nAllow: /news/\n"), "robots_disallowed"),
        (silence(), "robots_unavailable"),
        (answer(b"\xff\xfe\x00junk" * 50), "ok"),
    ],
    ids=["none", "empty", "other", "us", "by name", "allowed by name", "broken", "600 KB", "hangs", "junk"],
)  # fmt: skip
def test_robots_rules_for_pages(server: HostileServer, robots: bytes, outcome: str) -> None:
    server.serve("/robots.txt", robots)
    page = server.serve("/news/1", answer("<html><body>Text</body></html>"))
    assert get_all([page], policy(server, total_seconds=0.5), kind="page")[0].outcome == outcome
    assert ("/news/1" in server.paths()) == (outcome == "ok")


@pytest.mark.fault("N23")
def test_robots_is_asked_once_and_not_for_feeds(server: HostileServer) -> None:
    server.serve("/robots.txt", answer("User-agent: *\nDisallow: /\n"))
    url = server.serve("/feed", answer(rss("One")))
    assert get_all([url], policy(server))[0].outcome == "ok"
    get_all([server.url(f"/{number}") for number in range(5)], policy(server), kind="page")
    assert server.paths() == ["/feed", "/robots.txt"]


@pytest.mark.fault("N23")
def test_robots_of_the_host_behind_a_redirect_counts(server: HostileServer) -> None:
    with HostileServer() as other:
        other.serve("/robots.txt", answer("User-agent: *\nDisallow: /private/\n"))
        other.serve("/open/1", answer("<p>Text</p>"))
        other.serve("/private/1", answer("<p>Text</p>"))
        target = f"http://localhost:{other.port}"
        server.serve("/open", answer(status=302, headers={"Location": f"{target}/open/1"}))
        server.serve("/private", answer(status=302, headers={"Location": f"{target}/private/1"}))
        limits = policy(server, allow_net=frozenset({server.address, f"localhost:{other.port}"}))
        found = get_all([server.url("/open"), server.url("/private")], limits, kind="page")
        assert [one.outcome for one in found] == ["ok", "robots_disallowed"]
        assert other.paths() == ["/robots.txt", "/open/1"]


@pytest.mark.fault("N24")
def test_one_host_is_asked_slowly_and_others_are_not_delayed(server: HostileServer) -> None:
    with HostileServer() as other:
        for started in (server, other):
            for number in range(6):
                started.serve(f"/{number}", answer(rss("One")))
        # Two names, so that the two servers count as two hosts.
        names = frozenset({f"localhost:{other.port}", server.address})
        limits = policy(server, allow_net=names, spacing_seconds=0.15)

        async def run() -> float:
            async with Fetcher(limits) as fetcher:
                slow = [asyncio.create_task(fetcher.get(server.url(f"/{number}"))) for number in range(6)]
                began = time.monotonic()
                found = await fetcher.get(f"http://localhost:{other.port}/0")
                quick = time.monotonic() - began
                assert [one.outcome for one in (found, *await asyncio.gather(*slow))] == ["ok"] * 7
                return quick

        assert asyncio.run(run()) < 0.6
    starts = sorted(request.at for request in server.log)
    assert starts[-1] - starts[0] > 0.65, "five spaces of 0.15 s lie between six starts"


@pytest.mark.fault("N24")
def test_at_most_two_at_once_on_a_host(server: HostileServer) -> None:
    at_once = 0
    most = 0

    async def slow(request: object, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        writer.write(answer(rss("One")))
        await writer.drain()

    server.serve("/", slow)

    async def run() -> None:
        async with Fetcher(policy(server)) as fetcher:
            await asyncio.gather(*(fetcher.get(server.url("/")) for _ in range(10)))

    asyncio.run(run())
    assert (most, len(server.log)) == (2, 10)


@pytest.mark.fault("N24")
def test_who_would_wait_too_long_is_put_off(server: HostileServer) -> None:
    server.serve("/", answer(rss("One")))
    limits = policy(server, spacing_seconds=0.2, max_wait_seconds=0.5)

    async def run() -> list[Fetched]:
        async with Fetcher(limits) as fetcher:
            return await asyncio.gather(*(fetcher.get(server.url("/")) for _ in range(6)))

    outcomes = [one.outcome for one in asyncio.run(run())]
    assert outcomes.count("ok") == 3
    assert outcomes.count("held") == 3


@pytest.mark.fault("N26")
def test_a_day_without_network_ends_in_a_bounded_wait(server: HostileServer) -> None:
    state, now = replace(STATE, url="http://127.0.0.1:1/"), NOW
    fetched = Fetched("connect_error", None, state.url, None, None, None, {}, b"", 1, None)
    polls = 0
    while now < NOW + timedelta(days=1):
        state = apply(state, next_poll(state, fetched, PollChanges("connect_error"), now, 0.5), now)
        now = state.next_poll_at
        polls += 1
    assert 3 <= polls <= 8, "neither given up nor hammering"
    assert state.next_poll_at <= NOW + timedelta(days=2)
    server.serve("/", answer(rss("One")))
    healed = poll(server, replace(state, url=server.url("/")), now)
    assert healed.failure_count == 0
    assert healed.next_poll_at - now <= timedelta(seconds=1.2 * STATE.interval_seconds)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600), ({"cache-control": "public, MAX-AGE = 600"}, 600), ({}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0), ({"cache-control": "max-age=99999999"}, 86_400),
        ({"cache-control": "max-age=-1"}, 0), ({"cache-control": "s-maxage=600"}, 0),
        ({"expires": "Mon, 03 Nov 2025 15:05:00 GMT", "date": "Mon, 03 Nov 2025 14:05:00 GMT"}, 3_600),
        ({"expires": "0"}, 0),
    ],
)  # fmt: skip
def test_freshness(headers: dict[str, str], seconds: int) -> None:
    assert max_age(headers) == seconds


def test_the_user_agent_names_the_project_and_a_contact(server: HostileServer) -> None:
    get_all([server.url("/")], policy(server))
    assert server.log[0].headers["user-agent"] == "Dealwire/1.0 (+https://desk.example.org/contact)"
