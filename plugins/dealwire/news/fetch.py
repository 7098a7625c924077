"""Fetching over HTTP: one session, our own deadline, caps and redirects; every ending is an outcome, no exception.

docs/fetching.md lists the outcomes. A host is asked only in its turn (`fetch_pace`), only at checked addresses
(`fetch_guard`), and pages only where robots.txt allows (`robots`).
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import yarl

from dealwire.feed_model import Fetched
from dealwire.news.clean_text import clean_line
from dealwire.news.fetch_body import ACCEPT_ENCODING, BadEncoding, BodyDecoder, TooLarge
from dealwire.news.fetch_faults import outcome_of, status_outcome, url_fault
from dealwire.news.fetch_guard import AddressRules, GuardedConnector, GuardedResolver, Lookup
from dealwire.news.fetch_pace import Held, HostPace
from dealwire.news.fetch_policy import FetchPolicy
from dealwire.news.response_headers import kept_headers, retry_after
from dealwire.news.robots import MAX_ROBOTS, RobotsRules, page_fault, robots_url, rules_from_answer
from dealwire.news.urls import absolute_url, host_and_port

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "robots": "text/plain, */*;q=0.1",
    "tdm": "application/json, */*;q=0.1",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(slots=True)
class _Answer:
    """What is known of a fetch so far; filled in hop by hop."""

    url: str
    final_url: str | None = None
    permanent_url: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = ()  # type: ignore[assignment]
    body: bytes = b""
    outcome: str = ""
    detail: str | None = None

    def end(self, outcome: str, detail: str | None = None) -> None:
        self.outcome, self.detail = outcome, clean_line(detail, 300) if detail else None


class Fetcher:
    """One HTTP session for many fetches; an async context manager."""

    def __init__(
        self, policy: FetchPolicy, *, lookup: Lookup | None = None, robots: Mapping[str, RobotsRules] | None = None
    ) -> None:
        """`robots` are rules known already, by robots.txt address; what is fetched anew is added to `self.robots`."""
        self.policy = policy
        self.robots: dict[str, RobotsRules] = dict(robots or {})
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self._rules = AddressRules(policy.allow_net)
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None
        self._pace: HostPace | None = None

    async def __aenter__(self) -> Self:
        policy = self.policy
        resolver = GuardedResolver(self._rules, policy.dns_seconds, self._lookup)
        connector = GuardedConnector(self._rules, resolver, _verifying(policy.ca_file))
        self._pace = HostPace(
            policy.parallel, policy.parallel_per_host, policy.spacing_seconds, policy.max_wait_seconds
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=policy.connect_seconds),
            headers={"User-Agent": policy.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def hold(self, host: str, seconds: float) -> None:
        """Ask this host nothing for so many seconds; for what the database remembers of a Retry-After."""
        assert self._pace is not None
        self._pace.hold(host, seconds)

    def pause(self) -> None:
        """Begin no more fetches until `resume`; those under way go on."""
        assert self._pace is not None
        self._pace.open.clear()

    def resume(self) -> None:
        assert self._pace is not None
        self._pace.open.set()

    async def get(
        self, url: str, *, kind: str = "feed", etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Fetch a feed or a page. Pages are asked for only where the host's robots.txt allows."""
        answer = _Answer(url)
        started = asyncio.get_running_loop().time()
        fault = url_fault(url, self._rules, self.policy.allowed_ports)
        if fault:
            answer.end(*fault)
        elif kind == "page" and self.policy.obey_robots:
            refused = await self._robots_fault(absolute_url(url) or url)
            if refused:
                answer.end(refused, "robots.txt")
        waited = 0.0
        if not answer.outcome:
            waited = await self._in_turn(answer, kind, _validators(etag, last_modified))
        elapsed = asyncio.get_running_loop().time() - started - waited
        return self._fetched(answer, elapsed)

    async def _in_turn(self, answer: _Answer, kind: str, validators: Mapping[str, str]) -> float:
        """Wait for the host's turn, then fetch under the deadline; returns the seconds waited."""
        assert self._pace is not None
        clock = asyncio.get_running_loop().time
        asked = begun = clock()
        host = host_and_port(absolute_url(answer.url) or answer.url)[0]
        try:
            async with self._pace.turn(host):
                begun = clock()
                async with asyncio.timeout(self.policy.total_seconds):
                    await self._follow(answer, kind, validators)
        except Held as held:
            answer.headers = {"retry-after": str(int(held.seconds) + 1)}
            answer.end("held", str(held))
        except aiohttp.ClientError as error:  # its connection timeouts are TimeoutErrors too
            answer.end(*outcome_of(error))
        except TimeoutError:
            answer.end("deadline", f"not done within {self.policy.total_seconds:g} s")
        except (OSError, ValueError) as error:
            answer.end(*outcome_of(error))
        return begun - asked

    async def _follow(self, answer: _Answer, kind: str, validators: Mapping[str, str]) -> None:
        url, permanent = absolute_url(answer.url) or answer.url, True
        for _ in range(self.policy.max_redirects + 1):
            answer.final_url = url
            location = await self._hop(answer, url, kind, validators)
            if answer.outcome:
                return
            following = absolute_url(location, url) if location else None
            fault = url_fault(following or location, self._rules, self.policy.allowed_ports)
            if not location or fault:
                answer.end(*(fault if location and fault else ("redirect_loop", "a redirect without Location")))
                return
            assert following is not None and self._pace is not None
            permanent = permanent and answer.status in _PERMANENT
            if permanent:
                answer.permanent_url = following
            self._pace.check(host_and_port(following)[0])
            refused = await self._hop_refused(url, following, kind)
            if refused:
                answer.end(refused, "robots.txt")
                return
            url = following
        answer.end("redirect_loop", f"more than {self.policy.max_redirects} redirects")

    async def _hop(self, answer: _Answer, url: str, kind: str, validators: Mapping[str, str]) -> str:
        """One request. Sets the answer's outcome, or returns where the redirect leads ("" for nowhere)."""
        assert self._session is not None
        headers = {"Accept": _ACCEPT[kind], **validators}
        target = yarl.URL(url, encoded=True)
        response = await self._session.get(target, headers=headers, allow_redirects=False)
        try:
            answer.status = response.status
            answer.headers = kept_headers(list(response.headers.items()))
            if sum(len(name) + len(value) + 4 for name, value in response.raw_headers) > self.policy.max_header_bytes:
                answer.end("bad_headers", f"more than {self.policy.max_header_bytes} bytes of headers")
            elif response.status in _REDIRECTS:
                return response.headers.get("Location", "")
            elif response.status == 200:
                await self._read(answer, response, self._limit(kind))
            else:
                answer.end(*status_outcome(response.status))
                self._obey_retry_after(answer, url)
        finally:
            if answer.outcome == "ok":
                response.release()
            else:
                response.close()  # whatever else it sends is never read
        return ""

    def _limit(self, kind: str) -> int:
        return MAX_ROBOTS if kind in ("robots", "tdm") else self.policy.max_body(kind)

    async def _read(self, answer: _Answer, response: aiohttp.ClientResponse, limit: int) -> None:
        try:
            decoder = BodyDecoder(response.headers.get("Content-Encoding", ""), limit)
        except BadEncoding as error:
            answer.end("bad_encoding", str(error))
            return
        try:
            async for chunk in response.content.iter_any():
                decoder.feed(chunk)
            answer.body = decoder.finish()
        except BadEncoding as error:
            answer.end("bad_encoding", str(error))
        except TooLarge as error:
            answer.body = decoder.taken() if limit == MAX_ROBOTS else b""
            answer.end("too_large", str(error))
        except aiohttp.ClientPayloadError as error:
            answer.end("truncated", str(error))
        else:
            answer.end("ok" if answer.body.strip() else "empty")

    def _obey_retry_after(self, answer: _Answer, url: str) -> None:
        seconds = retry_after(answer.headers, None)
        if seconds is not None and answer.status in (429, 503):
            self.hold(host_and_port(url)[0], seconds)

    async def robots_of(self, url: str) -> RobotsRules | None:
        """What robots.txt of this address's host says, asked for once; None while the host is not to be asked."""
        address = robots_url(url)
        async with self._robots_locks.setdefault(address, asyncio.Lock()):
            if address not in self.robots:
                answer = _Answer(address)
                await self._in_turn(answer, "robots", {})
                if answer.outcome == "held":
                    return None
                self.robots[address] = rules_from_answer(answer.outcome, answer.status, answer.body)
        return self.robots[address]

    async def _robots_fault(self, url: str) -> str | None:
        rules = await self.robots_of(url)
        return "held" if rules is None else page_fault(rules, url)

    async def _hop_refused(self, url: str, following: str, kind: str) -> str | None:
        """Whether robots.txt of the host that a page redirects to forbids it; asked within the page's own turn."""
        address = robots_url(following)
        if kind != "page" or not self.policy.obey_robots or address == robots_url(url):
            return None
        if address not in self.robots:
            answer = _Answer(address)
            try:
                await self._follow(answer, "robots", {})
            except (aiohttp.ClientError, OSError, ValueError) as error:
                answer.end(*outcome_of(error))
            self.robots[address] = rules_from_answer(answer.outcome, answer.status, answer.body)
        return page_fault(self.robots[address], following)

    def _fetched(self, answer: _Answer, elapsed: float) -> Fetched:
        headers = dict(answer.headers or {})
        return Fetched(
            outcome=answer.outcome,
            detail=answer.detail,
            url=answer.url,
            final_url=answer.final_url,
            permanent_url=answer.permanent_url,
            status=answer.status,
            headers=headers,
            body=answer.body,
            elapsed_ms=max(0, int(elapsed * 1000)),
            retry_after=retry_after(headers, None),
        )


@functools.cache
def _verifying(ca_file: str | None) -> ssl.SSLContext:
    """A context that verifies; reading the system's certificates takes longer than a hundred polls."""
    return ssl.create_default_context(cafile=ca_file)


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    found = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in found.items() if value and value.isascii() and value.isprintable()}
