"""N11-N14 and N21: nobody makes us connect where we must not, and nobody reads our secrets on the way."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from faults.hostile_server import HostileServer, answer, rss
from faults.ssrf_forms import ssrf_forms

from dealwire.feed_model import Fetched
from dealwire.news.addresses import is_blocked
from dealwire.news.fetch import Fetcher
from dealwire.news.fetch_policy import FetchPolicy

BLOCKED = {"blocked_address", "blocked_scheme", "blocked_port", "bad_url"}
PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as started:
        started.serve("/", answer(rss("One")))
        yield started


def fetch_all(urls: list[str], policy: FetchPolicy, lookup: Any = None) -> list[Fetched]:
    async def run() -> list[Fetched]:
        async with Fetcher(policy, lookup=lookup) as fetcher:
            return await asyncio.gather(*(fetcher.get(url) for url in urls))

    return asyncio.run(run())


def policy(port: int, **changes: object) -> FetchPolicy:
    """The production guard, with the test server's port allowed so that only the address can be the reason."""
    plain: dict[str, object] = {
        "allowed_ports": frozenset({80, 443, 8080, 8443, port}),
        "total_seconds": 2.0,
        "connect_seconds": 0.5,
        "spacing_seconds": 0.0,
        "parallel_per_host": 50,
    }
    return FetchPolicy(**(plain | changes))  # type: ignore[arg-type]


def records(*addresses: str) -> Any:
    """A lookup that answers every name with these addresses."""

    def lookup(host: str, port: int, *rest: object) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return lookup


@pytest.mark.fault("N11")
def test_no_form_of_a_forbidden_address_gets_one_byte(server: HostileServer) -> None:
    forms = ssrf_forms(server.port)
    assert len(forms) >= 200
    assert len(set(forms)) == len(forms)
    found = fetch_all(forms, policy(server.port), lookup=records("127.0.0.1"))
    passed = [(one.url, one.outcome, one.detail) for one in found if one.outcome not in BLOCKED]
    assert passed == []
    assert server.connections == 0


@pytest.mark.fault("N11")
def test_every_address_of_the_forbidden_ranges_is_told(server: HostileServer) -> None:
    outside = "9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0 198.17.255.255 198.20.0.0"
    assert [address for address in outside.split() if is_blocked(address)] == []
    inside = "10.0.0.0 172.16.0.0 172.31.255.255 100.64.0.0 100.127.255.255 198.18.0.0 198.19.255.255 224.0.0.0"
    assert [address for address in inside.split() if not is_blocked(address)] == []
    assert not is_blocked("2606:4700:4700::1111")
    assert is_blocked("not an address")


@pytest.mark.fault("N11")
def test_the_exception_opens_exactly_one_address(server: HostileServer) -> None:
    allowed = policy(server.port, allow_net=frozenset({server.address}))
    assert fetch_all([server.url("/")], allowed)[0].outcome == "ok"
    others = [
        f"http://127.0.0.1:{server.port + 1}/",
        f"http://127.0.0.2:{server.port}/",
        f"http://[::1]:{server.port}/",
    ]
    assert {one.outcome for one in fetch_all(others, allowed)} <= {"blocked_address", "blocked_port"}
    assert fetch_all([server.url("/")], FetchPolicy(spacing_seconds=0))[0].outcome == "blocked_address"


@pytest.mark.fault("N12")
@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("10.0.0.1", PUBLIC), (PUBLIC, "::1"), (PUBLIC, "::ffff:7f00:1")],
)
def test_one_forbidden_record_refuses_the_name(server: HostileServer, addresses: tuple[str, ...]) -> None:
    url = f"http://paper.example:{server.port}/"
    (found,) = fetch_all([url], policy(server.port), lookup=records(*addresses))
    assert found.outcome == "blocked_address"
    assert "paper.example leads to" in (found.detail or "")
    assert server.connections == 0


@pytest.mark.fault("N12")
def test_a_name_that_changes_its_mind_gains_nothing(server: HostileServer) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, *rest: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        return list(records(PUBLIC if len(asked) == 1 else "127.0.0.1")(host, port))

    url = f"http://rebinding.example:{server.port}/"
    found = fetch_all([url], policy(server.port, connect_seconds=0.2), lookup=rebinding)
    again = fetch_all([url], policy(server.port, connect_seconds=0.2), lookup=rebinding)
    assert asked == ["rebinding.example"] * 2, "a name is resolved once for each connection"
    assert found[0].outcome == "connect_error", "the public address was the one connected to"
    assert again[0].outcome == "blocked_address"
    assert server.connections == 0


@pytest.mark.fault("N12")
def test_the_peer_is_checked_once_connected(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from dealwire.news import fetch_guard

    monkeypatch.setattr(fetch_guard.AddressRules, "admit", lambda *arguments: None)
    monkeypatch.setattr(fetch_guard.GuardedConnector, "_make_socket", lambda self, info: socket.socket(*info[:3]))
    (found,) = fetch_all([f"http://paper.example:{server.port}/"], policy(server.port), lookup=records("127.0.0.1"))
    assert found.outcome == "blocked_address"
    assert server.log == [], "the connection was closed before a byte of a request was written"


@pytest.mark.fault("N13")
@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:PORT/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:PORT/", "//127.0.0.1:PORT/",
     "http://0x7f.1:PORT/", "http://inner.example:PORT/"],
)  # fmt: skip
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_hop_is_checked(server: HostileServer, target: str, status: int) -> None:
    with HostileServer() as inner:
        inner.serve("/", answer(rss("Secret")))
        location = target.replace("PORT", str(inner.port))
        server.serve("/go", answer(status=status, headers={"Location": location}))
        name = f"paper.example:{server.port}"
        limits = policy(inner.port, allow_net=frozenset({name}))
        (found,) = fetch_all([f"http://{name}/go"], limits, lookup=records("127.0.0.1"))
        assert found.outcome == "blocked_address"
        assert found.body == b""
        assert inner.connections == 0


@pytest.mark.fault("N13")
def test_a_meta_refresh_is_not_followed(server: HostileServer) -> None:
    with HostileServer() as inner:
        target = inner.url("/")
        page = f'<meta http-equiv="refresh" content="0;url={target}"><link rel="canonical" href="{target}"><p>Text'
        server.serve("/page", answer(page, headers={"Refresh": f"0;url={inner.url('/')}"}))
        limits = policy(inner.port, allow_net=frozenset({server.address, inner.address}))
        assert fetch_all([server.url("/page")], limits)[0].final_url == server.url("/page")
        assert inner.connections == 0


@pytest.mark.fault("N14")
def test_proxies_and_netrc_of_the_environment_are_ignored(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login somebody password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with HostileServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url(""))
        (found,) = fetch_all([server.url("/")], policy(0, allow_net=frozenset({server.address, proxy.address})))
        assert found.outcome == "ok"
        assert proxy.connections == 0
    assert "authorization" not in server.log[0].headers
    assert "cookie" not in server.log[0].headers


@pytest.mark.fault("N14")
def test_cookies_are_not_kept(server: HostileServer) -> None:
    server.serve("/set", answer(rss("One"), headers={"Set-Cookie": "a=b; Path=/"}))

    async def run() -> None:
        async with Fetcher(policy(0, allow_net=frozenset({server.address}))) as fetcher:
            for _ in range(2):
                await fetcher.get(server.url("/set"))

    asyncio.run(run())
    assert [request.headers.get("cookie") for request in server.log] == [None, None]
    assert all(request.headers["user-agent"].startswith("Dealwire") for request in server.log)


def tls_server(certificate: trustme.LeafCert) -> HostileServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return HostileServer(tls=context)


@pytest.mark.fault("N21")
@pytest.mark.parametrize("flaw", ["none", "unknown authority", "wrong host", "expired"])
def test_certificates(flaw: str, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    trusted, stranger = trustme.CA(), trustme.CA()
    issuer = stranger if flaw == "unknown authority" else trusted
    names = ["other.example"] if flaw == "wrong host" else ["127.0.0.1"]
    expiry = datetime(2020, 1, 2, tzinfo=UTC) if flaw == "expired" else None
    certificate = issuer.issue_cert(
        *names, not_before=datetime(2020, 1, 1, tzinfo=UTC) if expiry else None, not_after=expiry
    )
    trusted.cert_pem.write_to_path(tmp_path / "ca.pem")
    with tls_server(certificate) as server:
        server.serve("/", answer(rss("One")))
        limits = policy(0, allow_net=frozenset({server.address}), ca_file=str(tmp_path / "ca.pem"))
        (found,) = fetch_all([server.url("/")], limits)
        assert found.outcome == ("ok" if flaw == "none" else "tls_error")
        assert len(server.log) == (1 if flaw == "none" else 0), "nothing is asked without verification"
