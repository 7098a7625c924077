"""Manners towards one host: how many requests at once, how far apart, and not before a stated time.

Time is the event loop's own clock, so nothing here reads the wall clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Held(Exception):
    """The host is not to be asked yet; `seconds` until it may be."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} is not to be asked for another {seconds:.0f} s")
        self.seconds = seconds


class HostPace:
    def __init__(self, parallel: int, parallel_per_host: int, spacing_seconds: float, max_wait_seconds: float) -> None:
        self._all = asyncio.Semaphore(parallel)
        self._parallel_per_host = parallel_per_host
        self._spacing = spacing_seconds
        self._max_wait = max_wait_seconds
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self.open = asyncio.Event()  # cleared while whoever asked has enough to do
        self.open.set()

    def hold(self, host: str, seconds: float) -> None:
        """Ask this host nothing for so many seconds, as its Retry-After said."""
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[host] = max(until, self._not_before.get(host, 0.0))

    def check(self, host: str) -> None:
        left = self._not_before.get(host, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise Held(host, left)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn, then for a free place among all; raises Held where the wait would be too long."""
        self.check(host)
        now = asyncio.get_running_loop().time()
        start = max(now, self._next_start.get(host, 0.0))
        if start - now > self._max_wait:
            raise Held(host, start - now)
        self._next_start[host] = start + self._spacing
        if start > now:
            await asyncio.sleep(start - now)
        slots = self._hosts.setdefault(host, asyncio.Semaphore(self._parallel_per_host))
        async with slots, self._all:
            await self.open.wait()
            self.check(host)  # the host may have asked for quiet while we waited
            yield
