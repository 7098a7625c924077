"""Posts questions to the model's endpoint: a total time each, repeats within it, TLS checked, the key kept quiet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import aiohttp

from dealwire.chat.protocol import (
    Answer,
    Endpoint,
    Failure,
    Manners,
    Question,
    failure_of,
    read_completion,
    request_body,
)

LARGEST_ANSWER = 2 * 2**20
TRIES = 3
FIRST_PAUSE = 1.0
WORTH_REPEATING = ("rate_limited", "server_error", "unreachable")
NOT_UNDERSTOOD = (400, 415, 422, 501)  # what servers say to a parameter that they do not know
Reply = tuple[int, dict[str, str], bytes]


class ChatClient:
    """Remembers, from question to question, what the server takes."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._manners = Manners()

    def ask(self, questions: Sequence[Question]) -> list[Answer | Failure]:
        """All at once, in their order. Never raises for what a server does."""
        return asyncio.run(self._ask_all(questions)) if questions else []

    def known_models(self) -> list[str] | Failure:
        """The models that the server names; an empty list where it keeps no list."""
        return asyncio.run(self._list_models())

    def _session(self) -> aiohttp.ClientSession:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Dealwire"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        timeout = aiohttp.ClientTimeout(total=self.endpoint.seconds, connect=min(self.endpoint.seconds, 15))
        return aiohttp.ClientSession(headers=headers, timeout=timeout, auto_decompress=False)

    async def _ask_all(self, questions: Sequence[Question]) -> list[Answer | Failure]:
        async with self._session() as session:
            return list(await asyncio.gather(*(self._ask(session, question) for question in questions)))

    async def _ask(self, session: aiohttp.ClientSession, question: Question) -> Answer | Failure:
        """Within the total time, again where the server asks for patience or broke off."""
        clock = asyncio.get_running_loop().time
        until = clock() + self.endpoint.seconds
        pause = FIRST_PAUSE
        last = Failure("timeout", f"no answer within {self.endpoint.seconds:g} s")
        try:
            async with asyncio.timeout_at(until):
                for _ in range(TRIES):
                    found = await self._try(session, question)
                    if isinstance(found, Answer) or found.reason not in WORTH_REPEATING:
                        return found
                    last = found
                    wait = found.retry_after if found.retry_after is not None else pause
                    if clock() + wait >= until:
                        return last
                    await asyncio.sleep(wait)
                    pause *= 2
        except TimeoutError:
            return last
        return last

    async def _try(self, session: aiohttp.ClientSession, question: Question) -> Answer | Failure:
        """One request; more only while the server refuses parameters that it may do without."""
        manners: Manners | None = self._manners
        while True:
            assert manners is not None
            got = await self._post(session, request_body(question, self.endpoint.model, manners))
            if isinstance(got, Failure):
                return got
            status, headers, body = got
            if status == 200:
                self._manners = manners
                return self._completion(body)
            said = _said(body)
            manners = manners.after_refusal(said) if status in NOT_UNDERSTOOD else None
            if manners is None:
                return failure_of(status, headers, self.endpoint.masked(said))

    def _completion(self, body: bytes) -> Answer | Failure:
        try:
            return read_completion(body)
        except (ValueError, RecursionError) as error:
            return self._failure("broken_answer", str(error))

    def _failure(self, reason: Any, detail: str) -> Failure:
        return Failure(reason, self.endpoint.masked(detail))

    async def _post(self, session: aiohttp.ClientSession, document: dict[str, Any]) -> Reply | Failure:
        address = f"{self.endpoint.url}/chat/completions"
        try:
            async with session.post(address, json=document, allow_redirects=False) as response:
                return response.status, _headers(response), await _body(response)
        except TimeoutError:
            raise
        except aiohttp.ClientConnectorError as error:
            return self._failure("unreachable", f"no connection ({type(error).__name__}): {error}")
        except (aiohttp.ClientError, OSError) as error:
            return self._failure("unreachable", f"the server broke off ({type(error).__name__})")
        except ValueError as error:
            return self._failure("too_large", str(error))

    async def _list_models(self) -> list[str] | Failure:
        try:
            async with (
                self._session() as session,
                session.get(f"{self.endpoint.url}/models", allow_redirects=False) as response,
            ):
                status, headers, body = response.status, _headers(response), await _body(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return self._failure("unreachable", f"{type(error).__name__}: {error}")
        if status in (404, 405, 501):
            return []
        if status != 200:
            return failure_of(status, headers, self.endpoint.masked(_said(body)))
        try:
            return [str(one["id"]) for one in json.loads(body)["data"]]
        except (ValueError, KeyError, TypeError):
            return []


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name: response.headers.get(name, "") for name in ("Retry-After", "Date")}


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Raises ValueError where it is larger than any honest answer, or packed although we asked for plain bytes."""
    if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise ValueError("the answer is compressed although that was not asked for")
    found = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        found += chunk
        if len(found) > LARGEST_ANSWER:
            raise ValueError(f"the answer is larger than {LARGEST_ANSWER} bytes")
    return bytes(found)


def _said(body: bytes) -> str:
    """The message of an error, in any of the shapes that servers give it."""
    text = body[:4000].decode("utf-8", "replace")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return text
    error = document.get("error", document) if isinstance(document, dict) else document
    message = error.get("message") or error.get("detail") if isinstance(error, dict) else error
    return str(message or text)
