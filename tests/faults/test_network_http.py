"""N1-N10, N16, N19, N22, N25: servers that are dead, slow, endless, lying or speak something else."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
import time
from collections.abc import Iterator

import pytest
from faults.hostile_server import HostileServer, answer, bomb, drip, flood, rss, sequence, silence

from dealwire.feed_model import Fetched
from dealwire.news.feed_parsing import parse_feed
from dealwire.news.fetch import Fetcher
from dealwire.news.fetch_policy import FetchPolicy


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as started:
        yield started


def policy(*addresses: str, **changes: object) -> FetchPolicy:
    plain: dict[str, object] = {
        "allow_net": frozenset(addresses),
        "total_seconds": 1.0,
        "connect_seconds": 0.4,
        "spacing_seconds": 0.0,
        "max_feed_bytes": 200_000,
    }
    return FetchPolicy(**(plain | changes))  # type: ignore[arg-type]


def get(url: str, limits: FetchPolicy, **options: str) -> Fetched:
    async def run() -> Fetched:
        async with Fetcher(limits) as fetcher:
            return await fetcher.get(url, **options)

    return asyncio.run(run())


@pytest.mark.fault("N1")
def test_refused_and_never_answered() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert get(f"http://{address}/", policy(address)).outcome == "connect_error"


@pytest.mark.fault("N1")
def test_full_backlog_is_a_connect_error_within_its_limit() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        address = f"127.0.0.1:{busy.getsockname()[1]}"
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(busy.getsockname())
            waiting.append(client)
        time.sleep(0.05)
        began = time.monotonic()
        found = get(f"http://{address}/", policy(address))
        for client in waiting:
            client.close()
    assert found.outcome == "connect_error"
    assert time.monotonic() - began < 1.0


@pytest.mark.fault("N1")
def test_a_dead_feed_delays_no_other(server: HostileServer) -> None:
    good = server.serve("/good", answer(rss("One")))
    dead = server.serve("/dead", silence())

    async def run() -> tuple[float, list[Fetched]]:
        async with Fetcher(policy(server.address, parallel_per_host=50, total_seconds=2.0)) as fetcher:
            began = time.monotonic()
            slow = asyncio.create_task(fetcher.get(dead))
            found = await asyncio.gather(*(fetcher.get(good) for _ in range(20)))
            return time.monotonic() - began, [*found, await slow]

    seconds, found = asyncio.run(run())
    assert [one.outcome for one in found] == ["ok"] * 20 + ["deadline"]
    assert seconds < 1.9


@pytest.mark.fault("N2")
def test_a_dripping_body_is_cut_at_the_deadline(server: HostileServer) -> None:
    url = server.serve("/drip", drip(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b"x", 0.05))
    began = time.monotonic()
    found = get(url, policy(server.address, total_seconds=0.5))
    assert (found.outcome, found.body) == ("deadline", b"")
    assert time.monotonic() - began < 1.5


@pytest.mark.fault("N3")
@pytest.mark.parametrize(
    ("name", "outcome"),
    [("slow", "deadline"), ("endless", "bad_headers"), ("many", "bad_headers"), ("long", "bad_headers")],
)
def test_headers_without_measure(server: HostileServer, name: str, outcome: str) -> None:
    scenarios = {
        "slow": drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.1),
        "endless": flood(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"y" * 500 + b"\r\n"),
        "many": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n",
        "long": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
    }
    assert get(server.serve("/", scenarios[name]), policy(server.address)).outcome == outcome


@pytest.mark.fault("N3")
def test_headers_together_are_limited(server: HostileServer) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 4_000) for n in range(30))
    url = server.serve("/", b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")
    assert get(url, policy(server.address)).outcome == "bad_headers"


@pytest.mark.fault("N4")
@pytest.mark.parametrize("chunked", [True, False])
def test_an_endless_body_is_cut_and_takes_no_memory(server: HostileServer, chunked: bool) -> None:
    start = b"HTTP/1.1 200 OK\r\n" + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"\r\n")
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n" if chunked else b"x" * 65_536
    url = server.serve("/", flood(start, piece))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = get(url, policy(server.address, total_seconds=10, max_feed_bytes=10 * 1024 * 1024))
    assert (found.outcome, found.body) == ("too_large", b"")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.fault("N5")
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_cut_at_the_decoded_size(server: HostileServer, coding: str) -> None:
    url = server.serve("/", answer(bomb(coding, 100 * 1024 * 1024), headers={"Content-Encoding": coding}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = get(url, policy(server.address, total_seconds=10, max_feed_bytes=10 * 1024 * 1024))
    assert (found.outcome, found.body) == ("too_large", b"")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.fault("N5")
def test_chained_unknown_and_redirected_bombs(server: HostileServer) -> None:
    twice = gzip.compress(bomb("gzip", 50 * 1024 * 1024))
    chained = server.serve("/twice", answer(twice, headers={"Content-Encoding": "gzip, gzip"}))
    dozen = server.serve("/dozen", answer(b"x", headers={"Content-Encoding": ", ".join(["gzip"] * 12)}))
    brotli = server.serve("/br", answer(b"x", headers={"Content-Encoding": "br"}))
    good = server.serve("/good", answer(rss("One")))
    redirect = answer(bomb("gzip", 10**8), 302, {"Location": good, "Content-Encoding": "gzip"})
    limits = policy(server.address, total_seconds=10)
    assert get(chained, limits).outcome == "too_large"
    assert get(dozen, limits).outcome == "bad_encoding"
    assert get(brotli, limits).outcome == "bad_encoding"
    assert get(server.serve("/bomb302", redirect), limits).outcome == "ok"


@pytest.mark.fault("N6")
@pytest.mark.parametrize(
    "body",
    [b"<rss>not packed</rss>", gzip.compress(rss("One"))[:-12], gzip.compress(rss("One"))[:-8] + b"\0" * 8],
    ids=["plain", "cut", "wrong checksum"],
)
def test_what_is_not_gzip(server: HostileServer, body: bytes) -> None:
    found = get(server.serve("/", answer(body, headers={"Content-Encoding": "gzip"})), policy(server.address))
    assert (found.outcome, found.body) == ("bad_encoding", b"")


@pytest.mark.fault("N6")
@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "two members", "gzip, deflate"])
def test_what_is_packed_well_is_unpacked(server: HostileServer, coding: str) -> None:
    import zlib

    plain = rss(*(f"Item {number}" for number in range(400)))
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(plain),
        "deflate": zlib.compress(plain),
        "raw deflate": raw.compress(plain) + raw.flush(),
        "two members": gzip.compress(plain[:999]) + gzip.compress(plain[999:]),
        "gzip, deflate": zlib.compress(gzip.compress(plain)),
    }[coding]
    header = {"raw deflate": "deflate", "two members": "gzip"}.get(coding, coding)
    found = get(server.serve("/", answer(packed, headers={"Content-Encoding": header})), policy(server.address))
    assert (found.outcome, found.body) == ("ok", plain)


@pytest.mark.fault("N7")
@pytest.mark.parametrize(
    "response",
    [
        answer(rss("One"), length=len(rss("One")) + 50),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n<rss><channel>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n0\r\n\r\n",
    ],
    ids=["short", "broken chunk", "no chunk"],
)
def test_a_body_that_is_shorter_than_it_says(server: HostileServer, response: bytes) -> None:
    found = get(server.serve("/", response), policy(server.address))
    assert (found.outcome, found.body) in (("truncated", b""), ("protocol_error", b""))
    assert found.outcome == "truncated" or b"zz" in response


@pytest.mark.fault("N8")
def test_an_early_end_without_length_gives_the_complete_entries(server: HostileServer) -> None:
    whole = rss("One", "Two", "Three")
    cut = whole[: whole.rindex(b"<guid>")]  # inside the third item, before its guid
    found = get(server.serve("/", answer(cut, length=None)), policy(server.address))
    parsed = parse_feed(found.body)
    assert (found.outcome, parsed.outcome) == ("ok", "truncated")
    assert [entry.title for entry in parsed.entries] == ["One", "Two"]


@pytest.mark.fault("N9")
def test_redirects_end(server: HostileServer) -> None:
    limits = policy(server.address)
    loop = server.serve("/loop", answer(status=302, headers={"Location": "/loop"}))
    assert get(loop, limits).outcome == "redirect_loop"
    assert server.paths().count("/loop") == 6
    for hop in range(7):
        server.serve(f"/hop{hop}", answer(status=301, headers={"Location": f"/hop{hop + 1}"}))
    server.serve("/hop7", answer(rss("One")))
    assert get(server.url("/hop1"), limits).outcome == "redirect_loop"
    assert get(server.url("/hop2"), limits).outcome == "ok"
    assert get(server.serve("/nowhere", answer(status=302)), limits).outcome == "redirect_loop"


@pytest.mark.fault("N10")
@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("file:///etc/passwd", "blocked_scheme"), ("gopher://127.0.0.1/x", "blocked_scheme"),
        ("ftp://example.com/", "blocked_scheme"), ("data:text/plain,x", "blocked_scheme"),
        ("javascript:alert(1)", "blocked_scheme"), ("http://93.184.216.34:22/", "blocked_port"),
        ("http://93.184.216.34:25/", "blocked_port"), ("http://93.184.216.34:5432/", "blocked_port"),
        ("https://93.184.216.34:6379/", "blocked_port"), ("dict://127.0.0.1:11211/", "blocked_scheme"),
    ],
)  # fmt: skip
def test_schemes_and_ports_that_are_not_opened(server: HostileServer, target: str, outcome: str) -> None:
    limits = policy(server.address)
    assert get(target, limits).outcome == outcome
    redirected = get(server.serve("/", answer(status=302, headers={"Location": target})), limits)
    assert redirected.outcome == outcome


@pytest.mark.fault("N16")
@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n",
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    ],
)
def test_not_modified(server: HostileServer, response: bytes) -> None:
    found = get(
        server.serve("/", response), policy(server.address), etag='W/"odd, but ours"', last_modified="yesterday"
    )
    assert (found.outcome, found.status) == ("not_modified", 304)
    assert server.log[0].headers["if-none-match"] == 'W/"odd, but ours"'
    assert server.log[0].headers["if-modified-since"] == "yesterday"


@pytest.mark.fault("N19")
@pytest.mark.parametrize("status", [401, 403, 404, 451, 500, 502])
def test_a_soft_fault_heals_by_itself(server: HostileServer, status: int) -> None:
    url = server.serve("/", sequence(answer(status=status), answer(rss("One"))))
    assert get(url, policy(server.address)).outcome == f"http_{status}"
    assert get(url, policy(server.address)).outcome == "ok"


@pytest.mark.fault("N22")
@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "HTML page"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG image"),
        (b"<opml><body/></opml>", "OPML"),
        (b"Not found, sorry.", "plain text"),
    ],
)
def test_what_is_not_a_feed_is_named(server: HostileServer, body: bytes, what: str) -> None:
    found = get(server.serve("/", answer(body)), policy(server.address))
    parsed = parse_feed(found.body, content_type="application/rss+xml")
    assert (parsed.outcome, parsed.detail, parsed.entries) == ("not_a_feed", what, ())


@pytest.mark.fault("N25")
@pytest.mark.parametrize(
    "response",
    [
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x10\x00\x00",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
    ids=["http2", "upgrade", "ssh", "nothing"],
)
def test_another_protocol(server: HostileServer, response: bytes) -> None:
    assert get(server.serve("/", response), policy(server.address)).outcome == "protocol_error"


@pytest.mark.fault("N25")
def test_a_flood_of_interim_answers_ends(server: HostileServer) -> None:
    url = server.serve("/", flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50))
    assert get(url, policy(server.address, total_seconds=0.6)).outcome in ("deadline", "protocol_error")
