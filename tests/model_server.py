"""A language model's server on loopback that speaks the chat-completions protocol and behaves as a test tells it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "careful-1"


@dataclass(frozen=True)
class Asked:
    """A request for a completion."""

    headers: Mapping[str, str]
    document: Mapping[str, Any]

    @property
    def article(self) -> str:
        """What stands between the markers of the last message: title, blank line, text."""
        said = self.document["messages"][-1]["content"]
        found = re.search(r"<article (\w+)>\nTitle: (.*)\n</article \1>", said, re.S)
        return found.group(2) if found else ""


@dataclass(frozen=True)
class Said:
    """What comes back: a completion with this content, or any other status and body."""

    content: str = '{"notes": "", "deals": []}'
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    slow: float = 0.0
    finish: str = "stop"

    def encoded(self) -> bytes:
        if self.body is not None:
            return self.body
        message = {"role": "assistant", "content": self.content}
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        usage = {"prompt_tokens": 4321, "completion_tokens": 123, "total_tokens": 4444}
        return json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode()


def refusal(status: int, message: str, **headers: str) -> Said:
    """An error in the shape that OpenAI's API gives it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status=status, headers=named, body=json.dumps({"error": {"message": message}}).encode())


def deals(*found: Mapping[str, Any]) -> Said:
    """A completion with these deals."""
    return Said(json.dumps({"notes": "told by a test", "deals": list(found)}, ensure_ascii=False))


@dataclass
class ModelServer:
    """`answer` decides by request; `asked` are the requests in order of arrival."""

    url: str = ""
    answer: Callable[[Asked], Said] = lambda asked: Said()
    asked: list[Asked] = field(default_factory=list)
    models: Said = field(default_factory=lambda: Said(body=json.dumps({"data": [{"id": MODEL}]}).encode()))


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server for the length of a test."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the base class looks for these names
            document = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            asked = Asked(dict(self.headers.items()), document)
            state.asked.append(asked)
            self._say(state.answer(asked) if self.path == "/v1/chat/completions" else refusal(404, "no such path"))

        def do_GET(self) -> None:
            self._say(state.models if self.path == "/v1/models" else refusal(404, "no such path"))

        def _say(self, said: Said) -> None:
            time.sleep(said.slow)
            body = said.encoded()
            try:
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # the client did not wait

        def log_message(self, *_: object) -> None:
            """Tests read `asked` instead."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that goes away is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
