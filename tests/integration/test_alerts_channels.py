"""The same alert as Slack, Teams, Discord, Telegram, a mail program and our webhook receive it."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import trustme
from alert_samples import NOW, change
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from receivers import Answer, Receiver, mailbox, receiver

from dealwire.alerts.channels import open_channels
from dealwire.alerts.delivery import Outcome, Outgoing
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.rules import Rule

TITLE = "$38bn over 7 years: OpenAI buys compute from Amazon Web Services"
QUOTE = "OpenAI versera 38 milliards de dollars à Amazon Web Services en sept ans."
PAGE = "https://dealwire.example/deals/deal/1"
ID = UUID("6f1d0a52-5c4e-4b58-9a5e-0d5c3d0f7a11")


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def deliver(address: str, possible_repeat: bool = False) -> Outcome:
    payload = json.loads(json.dumps(alert_payload(change(), "new", Rule("mega-deals"), None)))
    (channel,) = open_channels([address], now=lambda: NOW, page_url="https://dealwire.example/deals", seconds=5)
    return channel.deliver(Outgoing(ID, (ID,), (payload,), digest=False, possible_repeat=possible_repeat))


def test_slack(hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{hook.address}/services")
    assert deliver("slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX/#deals") == Outcome("sent")
    (request,) = hook.requests
    (attachment,) = request.document["attachments"]
    assert request.document["mrkdwn"] is True
    assert attachment["title"] == TITLE
    lines = attachment["text"].split("\n\n")
    assert lines[1] == "*Parties* Amazon Web Services (provider), OpenAI (customer)"
    assert lines[5] == "*Confidence* 97%"
    assert lines[7] == f"*Evidence* “{QUOTE}” (Le Quotidien du Nuage, in French)"
    assert lines[8] == f"*More* <{PAGE}|More>"


def test_discord(hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://{hook.address}/api/webhooks")
    assert deliver("discord://123456789012345678/abcdefghijklmnop", possible_repeat=True) == Outcome("sent")
    told = json.dumps(hook.requests[0].document, ensure_ascii=False)
    assert f"[Possible repeat] {TITLE}" in told
    assert QUOTE in told
    assert f"[More](<{PAGE}>)" in told


def test_telegram(hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://{hook.address}/bot")
    hook.answer = lambda request: Answer(body=b'{"ok": true, "result": {}}')
    assert deliver("tgram://123456789:abcdefg_hijklmnop-qrstuvw/12315544/") == Outcome("sent")
    (request,) = hook.requests
    assert request.path.endswith("/sendMessage")
    assert TITLE in request.document["text"]
    assert PAGE in request.document["text"]


def test_teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with receiver(tls) as hook:
        assert deliver(f"workflows://{hook.address}/643d00000000000000000000000000a1/SIGSIGSIGSIG/") == Outcome("sent")
        (request,) = hook.requests
        (attachment,) = request.document["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        told = json.dumps(attachment, ensure_ascii=False)
        assert TITLE in told
        assert QUOTE in told


def test_a_receiver_with_a_certificate_of_nobody_gets_nothing() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with receiver(tls) as hook:
        teams = deliver(f"workflows://{hook.address}/643d00000000000000000000000000a1/SIGSIGSIGSIG/")
        ours = deliver(f"dealwire+https://:0123456789abcdef@{hook.address}/")
        assert (teams.ending, ours.ending, hook.requests) == ("unreachable", "unreachable", [])


def test_mail() -> None:
    with mailbox() as box:
        assert deliver(box.address) == Outcome("sent")
        (message,) = box.messages
        assert str(message["Subject"]) == TITLE
        html = message.get_body(("html",))
        plain = message.get_body(("plain",))
        assert html is not None
        assert plain is not None
        assert f'<a href="{PAGE}"' in html.get_content()
        assert f"“{QUOTE}” (Le Quotidien du Nuage, in French)" in html.get_content()
        assert "src=" not in html.get_content()
        assert "Amazon Web Services (provider), OpenAI (customer)" in plain.get_content()


def test_the_webhook_can_check_who_sent_it(hook: Receiver) -> None:
    assert deliver(hook.webhook("a-secret-of-sixteen", "/in?team=1")) == Outcome("sent")
    (request,) = hook.requests
    assert request.path == "/in?team=1"
    assert "Authorization" not in request.headers
    stamp, _, given = request.headers["Dealwire-Signature"].partition(",v1=")
    content = f"{int(NOW.timestamp())}.".encode() + request.body
    assert stamp == f"t={int(NOW.timestamp())}"
    assert given == hmac.new(b"a-secret-of-sixteen", content, hashlib.sha256).hexdigest()
    assert request.headers["Idempotency-Key"] == str(ID) == request.document["message_id"]
    assert request.document["page"] == PAGE
