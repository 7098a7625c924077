"""The client of a language model against a real server on loopback: protocol, refusals, patience, silence."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import trustme
from model_server import MODEL, ModelServer, Said, model_server, refusal
from receivers import Answer as Reply
from receivers import Request, receiver

from dealwire.chat.client import ChatClient
from dealwire.chat.protocol import Answer, Endpoint, Failure, Manners, Question, retry_after

KEY = "sk-canary-0123456789"
QUESTION = Question([{"role": "user", "content": "Which deals?"}], {"type": "object"})


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def client_of(server: ModelServer, seconds: float = 5.0, key: str | None = KEY) -> ChatClient:
    return ChatClient(Endpoint(server.url, MODEL, key, seconds))


def ask(client: ChatClient) -> Answer | Failure:
    (found,) = client.ask([QUESTION])
    return found


def test_a_question_is_a_chat_completion_with_a_schema_and_the_key(server: ModelServer) -> None:
    server.answer = lambda asked: Said('{"deals": []}')
    assert ask(client_of(server)) == Answer('{"deals": []}', (4321, 123))
    (asked,) = server.asked
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.document["model"] == MODEL
    assert asked.document["temperature"] == 0
    form = asked.document["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)


def test_without_a_key_none_is_sent(server: ModelServer) -> None:
    assert isinstance(ask(client_of(server, key=None)), Answer)
    assert "Authorization" not in server.asked[0].headers


def test_questions_are_asked_at_once_and_answered_in_order(server: ModelServer) -> None:
    server.answer = lambda asked: Said(asked.document["messages"][0]["content"], slow=0.3)
    client = client_of(server)
    began = time.monotonic()
    found = client.ask([Question([{"role": "user", "content": str(n)}], {}) for n in range(6)])
    assert [answer.content for answer in found if isinstance(answer, Answer)] == list("012345")
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("knows", ["json_object", "none"])
def test_a_server_that_knows_no_schema_is_asked_more_simply_and_only_once_refused(
    server: ModelServer, knows: str
) -> None:
    def answer(asked: object) -> Said:
        form = server.asked[-1].document.get("response_format", {"type": "none"})["type"]
        return Said() if form in (knows, "none") else refusal(400, f"'response_format.type' {form} is not supported")

    server.answer = answer
    client = client_of(server)
    assert isinstance(ask(client), Answer)
    refused = len(server.asked) - 1
    assert isinstance(ask(client), Answer)
    assert len(server.asked) == refused + 2


def test_parameters_that_a_model_refuses_are_left_out(server: ModelServer) -> None:
    def answer(asked: object) -> Said:
        document = server.asked[-1].document
        if "max_tokens" in document:
            return refusal(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        if "temperature" in document:
            return refusal(400, "Unsupported value: 'temperature' does not support 0 with this model.")
        return Said()

    server.answer = answer
    assert isinstance(ask(client_of(server)), Answer)
    document = server.asked[-1].document
    assert "max_completion_tokens" in document
    assert document["response_format"]["type"] == "json_schema"


def test_one_long_article_does_not_make_the_others_be_asked_badly(server: ModelServer) -> None:
    server.answer = lambda asked: refusal(400, "this is longer than the model's context")
    client = client_of(server)
    found = ask(client)
    assert isinstance(found, Failure)
    assert found.reason == "refused"
    assert "context" in found.detail
    server.answer = lambda asked: Said()
    ask(client)
    assert server.asked[-1].document["response_format"]["type"] == "json_schema"


def test_patience_that_fits_is_had(server: ModelServer) -> None:
    server.answer = lambda asked: refusal(429, "slow down", Retry_After="1") if len(server.asked) == 1 else Said()
    began = time.monotonic()
    assert isinstance(ask(client_of(server)), Answer)
    assert time.monotonic() - began >= 1


def test_patience_that_does_not_fit_is_told(server: ModelServer) -> None:
    server.answer = lambda asked: refusal(429, "daily limit", Retry_After="3600")
    found = ask(client_of(server, seconds=2))
    assert found == Failure("rate_limited", "HTTP 429: daily limit", 3600.0)
    assert len(server.asked) == 1


def test_a_date_to_wait_for_is_counted_by_the_servers_clock() -> None:
    headers = {"Retry-After": "Wed, 25 Nov 2026 10:00:30 GMT", "Date": "Wed, 25 Nov 2026 10:00:00 GMT"}
    assert retry_after(headers) == 30
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after({"Retry-After": "Wed, 25 Nov 2026 10:00:30 GMT"}) is None


def test_a_server_that_stumbles_once_is_asked_again(server: ModelServer) -> None:
    server.answer = lambda asked: refusal(500, "oops") if len(server.asked) == 1 else Said()
    assert isinstance(ask(client_of(server)), Answer)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (refusal(500, "out of memory"), "server_error"),
        (refusal(401, f"Incorrect API key provided: {KEY}"), "key_refused"),
        (refusal(403, "sk-canary*****6789 may not"), "key_refused"),
        (refusal(404, "the model does not exist"), "refused"),
        (Said(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}, body=b""), "refused"),
        (Said(body=b"<html>Bad gateway</html>"), "broken_answer"),
        (Said(body=b'{"choices": []}'), "broken_answer"),
        (Said(body=b'{"choices": [{"message": {"content": null, "refusal": "no"}}]}'), "broken_answer"),
        (Said(body=b"[" * 200_000), "broken_answer"),
        (Said(content='{"deals": [', finish="length"), "broken_answer"),
        (Said(body=b" " * (3 * 2**20)), "too_large"),
        (Said(headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8b"), "too_large"),
        (Said(slow=3), "timeout"),
    ],
)
def test_every_refusal_has_a_reason_and_none_tells_the_key(
    server: ModelServer, caplog: pytest.LogCaptureFixture, said: Said, reason: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answer = lambda asked: said
    found = ask(client_of(server, seconds=1.5))
    assert isinstance(found, Failure)
    assert found.reason == reason
    assert "canary" not in found.detail + caplog.text + repr(client_of(server).endpoint)


def test_nobody_there_is_a_reason_too() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = ask(ChatClient(Endpoint(f"http://127.0.0.1:{port}/v1", MODEL, KEY, 1.5)))
    assert isinstance(found, Failure)
    assert found.reason == "unreachable"


def test_a_server_that_breaks_off_is_a_reason_too() -> None:
    with receiver() as server:
        server.answer = lambda request: Reply(reset=True)
        found = ask(ChatClient(Endpoint(f"http://{server.address}/v1", MODEL, KEY, 1.5)))
    assert isinstance(found, Failure)
    assert found.reason == "unreachable"


def test_a_certificate_that_nobody_vouches_for_gets_no_key() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with receiver(context) as server:
        found = ask(ChatClient(Endpoint(f"https://{server.address}/v1", MODEL, KEY, 1.5)))
        assert server.requests == []
    assert isinstance(found, Failure)
    assert found.reason == "unreachable"
    assert "ertificate" in found.detail


def test_a_redirect_does_not_carry_the_key_away(server: ModelServer) -> None:
    seen: list[Request] = []

    def note(request: Request) -> Reply:
        seen.append(request)
        return Reply()

    with receiver() as elsewhere:
        elsewhere.answer = note
        moved = {"Location": f"http://{elsewhere.address}/v1/chat/completions"}
        server.answer = lambda asked: Said(status=307, headers=moved, body=b"")
        ask(client_of(server))
    assert seen == []


def test_the_list_of_models(server: ModelServer) -> None:
    assert client_of(server).known_models() == [MODEL]
    server.models = refusal(404, "no list")
    assert client_of(server).known_models() == []
    server.models = Said(body=json.dumps({"models": 3}).encode())
    assert client_of(server).known_models() == []
    server.models = refusal(401, f"bad key {KEY}")
    found = client_of(server).known_models()
    assert isinstance(found, Failure)
    assert found.reason == "key_refused"
    assert "canary" not in found.detail


def test_manners_end() -> None:
    manners: Manners | None = Manners()
    tried = set()
    while manners is not None:
        tried.add(manners)
        manners = manners.after_refusal("temperature and max_tokens and everything else")
    assert len(tried) == 5
