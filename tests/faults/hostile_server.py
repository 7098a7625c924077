"""A server on loopback that does everything wrong, one scenario a path, and remembers what it was asked.

It writes raw bytes, so it can break off, drip, lie about lengths and flood. `HostileServer.log` holds a Request per
request with its time; `connections` counts accepted connections, which is how "not one byte was sent" is proven.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

Handler = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    at: float


def answer(
    body: bytes | str = b"", status: int = 200, headers: dict[str, str] | None = None, length: int | None = -1
) -> bytes:
    """A complete response; `length` -1 is the true one, None leaves the header out."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {len(data) if length == -1 else length}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


def bomb(coding: str, size: int) -> bytes:
    """`size` zero bytes, packed."""
    if coding == "gzip":
        return gzip.compress(b"\0" * size, 9)
    return zlib.compress(b"\0" * size, 9)


@dataclass
class HostileServer:
    """Use as a context manager; `serve` adds a scenario, `url` names it."""

    tls: ssl.SSLContext | None = None
    scenarios: dict[str, Handler | bytes] = field(default_factory=dict)
    log: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        async def start() -> None:
            self._server = await asyncio.start_server(self._client, "127.0.0.1", 0, ssl=self.tls)
            self.port = self._server.sockets[0].getsockname()[1]
            started.set()

        def run() -> None:
            self._loop.create_task(start())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async def stop() -> None:
            self._server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(stop(), self._loop)
        self._thread.join(5)
        self._loop.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http{'s' if self.tls else ''}://{self.address}{path}"

    def serve(self, path: str, scenario: Handler | bytes) -> str:
        self.scenarios[path] = scenario
        return self.url(path)

    def paths(self) -> list[str]:
        return [request.path for request in self.log]

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            raw = await reader.readuntil(b"\r\n\r\n")
            first, *lines = raw.decode("latin-1").split("\r\n")
            method, path, _ = first.split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            request = Request(method, path, headers, raw, time.monotonic())
            self.log.append(request)
            scenario = self.scenarios.get(path, answer(b"nothing here", 404))
            if isinstance(scenario, bytes):
                writer.write(scenario)
                await writer.drain()
            else:
                await scenario(request, writer)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()


def drip(start: bytes, piece: bytes, pause: float) -> Handler:
    """Sends the start, then a piece every so often without end."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


def flood(start: bytes, piece: bytes) -> Handler:
    """Sends the start, then the piece as fast as it is taken, without end."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()

    return handle


def silence() -> Handler:
    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    return handle


def sequence(*answers: bytes) -> Handler:
    """One answer after the other; the last one for ever."""
    left = list(answers)

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return handle


def rss(*titles: str, site: str = "https://paper.example.com") -> bytes:
    """A small proper feed of made-up items."""
    items = "".join(
        f"<item><title>{title}</title><link>{site}/news/{number}</link><guid>{site}/?p={number}</guid>"
        f"<pubDate>Mon, 03 Nov 2025 {number % 24:02}:05:00 GMT</pubDate><description>On {title}.</description></item>"
        for number, title in enumerate(titles, 1)
    )
    head = f"<channel><title>Paper</title><link>{site}/</link>"
    return f'<?xml version="1.0"?><rss version="2.0">{head}{items}</channel></rss>'.encode()
