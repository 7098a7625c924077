"""The guarded connector: an address is checked when it is resolved, when its socket is made, and once connected.

The checked address is the one that is connected to, so a name that resolves differently a moment later gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from dealwire.news.addresses import is_blocked, is_canonical_address, is_disguised_address

Lookup = Callable[..., list[tuple[Any, ...]]]


class BlockedAddress(OSError):
    """The address is not one we connect to."""


def net_name(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class AddressRules:
    """Which (address, port) pairs may be connected to: public ones, and those named in `allow_net`."""

    def __init__(self, allow_net: frozenset[str]) -> None:
        self._allow_net = allow_net
        self._granted: set[tuple[str, int]] = set()

    def is_named(self, host: str, port: int) -> bool:
        return net_name(host, port) in self._allow_net

    def literal_fault(self, host: str, port: int) -> str | None:
        """Why a host written as an address is refused; None for names and good addresses."""
        if self.is_named(host, port):
            return None
        if is_disguised_address(host):
            return f"{host} is an address in disguise"
        if is_canonical_address(host) and is_blocked(host):
            return f"{host} is not a public address"
        return None

    def admit(self, host: str, addresses: list[str], port: int) -> None:
        """Refuse the whole name if any of its addresses is blocked; remember those that `allow_net` opens by name."""
        if self.is_named(host, port):
            self._granted.update((address, port) for address in addresses)
            return
        for address in addresses:
            self.check(address, port, host)

    def check(self, address: str, port: int, host: str = "") -> None:
        if (address, port) in self._granted or self.is_named(address, port):
            return
        if is_blocked(address):
            raise BlockedAddress(f"{host or address} leads to {address}, which is not a public address")


class GuardedResolver(AbstractResolver):
    """Names to addresses in threads of its own, with a deadline; every address is checked before it is handed on."""

    def __init__(self, rules: AddressRules, seconds: float, lookup: Lookup | None = None) -> None:
        self._rules = rules
        self._seconds = seconds
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        lookup = self._lookup or socket.getaddrinfo
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(self._threads, lambda: lookup(host, port, 0, socket.SOCK_STREAM))
        try:
            async with asyncio.timeout(self._seconds):
                found = await call
        except TimeoutError as error:
            raise OSError(f"{host}: no answer from DNS within {self._seconds:g} s") from error
        except UnicodeError as error:
            raise OSError(f"{host}: not a host name") from error
        found = [info for info in found if info[0] in (socket.AF_INET, socket.AF_INET6)]
        self._rules.admit(host, [str(info[4][0]) for info in found], port)
        return [
            ResolveResult(
                hostname=host,
                host=str(info[4][0]),
                port=port,
                family=int(info[0]),
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for info in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedConnector(aiohttp.TCPConnector):
    """A connector that makes no socket to, and keeps no connection with, an address that the rules refuse."""

    def __init__(self, rules: AddressRules, resolver: GuardedResolver, tls: ssl.SSLContext) -> None:
        super().__init__(resolver=resolver, use_dns_cache=False, ssl=tls, limit=0, socket_factory=self._make_socket)
        self._rules = rules

    def _make_socket(self, info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        self._rules.check(str(address[0]), int(address[1]))
        made = socket.socket(family=family, type=kind, proto=proto)
        made.setblocking(False)
        return made

    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        connection = await super().connect(req, traces, timeout)
        peer = connection.transport.get_extra_info("peername") if connection.transport else None
        try:
            if peer is None:
                raise BlockedAddress("connected to nobody")
            self._rules.check(str(peer[0]), int(peer[1]))
        except BlockedAddress:
            connection.close()
            raise
        return connection
