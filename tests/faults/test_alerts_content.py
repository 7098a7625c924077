"""What strangers write into titles and names, and what must not leak out: L6, L8, L9."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from uuid import UUID

import pytest
from alert_database import put_deal, queue_alerts, send_alerts
from alert_samples import NOW, SOURCES, change, deal
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from receivers import Answer, Mailbox, Receiver, free_port, mailbox, receiver

from dealwire.alerts.channels import open_channels
from dealwire.alerts.delivery import Outcome, Outgoing
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange
from dealwire.errors import SettingsError
from dealwire.model import Capacity, Party
from dealwire.store.alerts import health
from dealwire.store.database import Connection

RULE = Rule("mega-deals")
ALERT_ID = UUID("00000000-0000-4000-8000-000000000001")
PAYLOADS = [
    "<!channel> <!here|x> <!everyone> <@U024BE7LH> <#C024BE7LR>",
    "@everyone @here @channel <at>everyone</at>",
    "[click](https://evil.example/) [x]: https://evil.example ![i](https://evil.example/i.png)",
    "https://evil.example/a www.evil.example mailto:a@evil.example javascript:alert(1)",
    "<https://evil.example|Amazon> <https://evil.example>",
    "```\nfence\n``` `code` *bold* _it_ ~gone~ ||spoiler|| **b** __u__ > quote # head",
    "<img src=x onerror=alert(1)><script>alert(1)</script><a href='https://evil.example'>x</a>",
    "&lt;!channel&gt; &#60;script&#62; &amp;",
    "line\r\nBcc: victim@evil.example\r\n\r\nbody",
    "para\u2028Subject: x\u2029\u0085\x0b\x0c\x1c end",
    "\u202egnp.exe \u200f\u2066x\u2069 \x00\x1b[31m :tada: {0} %s {{7*7}} ${x}",
]


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def hostile(payload: str) -> DealChange:
    """A deal with the payload in every text that comes from outside; PostgreSQL itself refuses NUL."""
    payload = payload.replace("\x00", "")
    source = replace(SOURCES[0], publisher=payload, title=payload, quote=payload, url="javascript:alert(1)")
    return change(
        deal(
            parties=(Party(payload, "customer"), Party(payload + "2", "provider")),
            amount_text=payload,
            headline=payload,
            capacity=(Capacity(None, "GPU", "exact", payload),),
        ),
        sources=(source,),
    )


def send_hostile(address: str, payload: str) -> None:
    """Deliver the hostile deal on one channel, as the outbox would hand it over."""
    addresses = [address] if address else []
    (channel,) = open_channels(addresses, now=lambda: NOW, page_url="https://dealwire.example/deals")
    alert = alert_payload(hostile(payload), "new", RULE, None)
    message = Outgoing(ALERT_ID, (ALERT_ID,), (json.loads(json.dumps(alert)),), digest=False, possible_repeat=False)
    assert channel.deliver(message) == Outcome("sent")


def texts(value: object) -> Iterator[str]:
    """All strings of a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


@pytest.mark.fault("L6")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_slack_calls_nobody_and_links_only_where_we_do(
    hook: Receiver, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{hook.address}/services")
    send_hostile("slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX/#deals", payload)
    for text in texts(hook.requests[0].document["attachments"]):
        ours = text.replace("<https://dealwire.example/deals/deal/1|More>", "")
        assert "<" not in ours
        assert not re.search(r"@(everyone|here|channel)|https?://|www\.|:tada:", ours.replace("https://github.com", ""))
        assert not re.search(r"[`~]|\*bold|_it_", ours)
        assert not re.search("[\r\u2028\u2029\x1b\u202e]", ours)


@pytest.mark.fault("L6")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_discord_calls_nobody_and_links_only_where_we_do(
    hook: Receiver, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://{hook.address}/api/webhooks")
    send_hostile("discord://123456789012345678/abcdefghijklmnop", payload)
    for request in hook.requests:
        for text in texts(request.document):
            assert not re.search(r"@(everyone|here|channel)|(?<!\\)<[@#]|evil.example\)", text)
            assert not re.search(r"(?<!\\)[`~|]|https?://(?!dealwire)", text)
        assert "allow_mentions" not in request.document


@pytest.mark.fault("L6")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_telegram_links_only_where_we_do(hook: Receiver, payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://{hook.address}/bot")
    hook.answer = lambda request: Answer(body=b'{"ok": true, "result": []}')
    send_hostile("tgram://123456789:abcdefg_hijklmnop-qrstuvw/12315544/", payload)
    for text in texts([request.document for request in hook.requests]):
        assert not re.search(r"https?://(?!dealwire)|@(everyone|here|channel)", text)


class Tags(HTMLParser):
    """The tags and addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {str(value) for name, value in attributes if name in ("href", "src")}
        assert not [name for name, _ in attributes if name.startswith("on")]


@pytest.mark.fault("L6")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_mail_has_one_header_block_and_only_our_markup(mail: Mailbox, payload: str) -> None:
    send_hostile(mail.address, payload)
    (message,) = mail.messages
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    assert not re.search("[\r\n\u2028\u2029\u0085\x0b\x0c\x1c]", str(message["Subject"]))
    body = message.get_body(("html",))
    assert body is not None
    tags = Tags()
    tags.feed(body.get_content())
    assert tags.tags <= {"html", "head", "body", "div", "h1", "p", "table", "tr", "th", "td", "a"}
    assert tags.links == {"https://dealwire.example/deals/deal/1"}


@pytest.mark.fault("L6")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_log_gets_one_line(payload: str, caplog: pytest.LogCaptureFixture) -> None:
    send_hostile("", payload)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "dealwire.alerts.channels"]
    assert len(line.splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)


@pytest.mark.fault("L8")
@pytest.mark.parametrize(
    "address",
    [
        "slack://s3cret",
        "nosuch://s3cret-s3cret",
        "",
        "s3cret",
        "dealwire+https://host/path",
        "dealwire+ftp://:s3cret@h/",
    ],
)
def test_a_wrong_address_stops_the_start_without_showing_it(address: str) -> None:
    with pytest.raises(SettingsError, match="alert channel") as caught:
        open_channels([address], now=lambda: NOW)
    assert "s3cret" not in str(caught.value)
    assert address.partition("://")[0] in str(caught.value) or "://" not in address


@pytest.mark.fault("L8")
def test_two_channels_of_one_name_stop_the_start() -> None:
    with pytest.raises(SettingsError, match="'desk' is taken"):
        open_channels(["desk=json://a.example", "desk=json://b.example"], now=lambda: NOW)


CANARY = "CANARYcanary0123456789"


@pytest.mark.fault("L9")
@pytest.mark.parametrize("trouble", ["none", "status", "reset", "slow", "redirect", "closed"])
def test_secrets_are_in_no_log_and_in_no_table(
    connection: Connection,
    hook: Receiver,
    mail: Mailbox,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{hook.address}/services")
    answers = {
        "status": Answer(500, body=f"no {CANARY}".encode()),
        "reset": Answer(reset=True),
        "slow": Answer(slow=3),
        "redirect": Answer(302, {"Location": f"http://{hook.address}/{CANARY}"}),
    }
    hook.answer = lambda request: answers.get(trouble, Answer())
    mail.refuse = None if trouble == "none" else f"550 no {CANARY}"
    web = f"127.0.0.1:{free_port()}" if trouble == "closed" else hook.address
    addresses = [
        f"slack://T00000000/B00000000/{CANARY}zz/#deals",
        f"json://user:{CANARY}@{web}/{CANARY}?+X-Token={CANARY}",
        f"dealwire+http://:{CANARY}@{web}/{CANARY}?key={CANARY}",
        mail.address.replace("mailto://", f"mailto://user:{CANARY}@"),
    ]
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    put_deal(connection, 1)
    queue_alerts(connection, change(), NOW, addresses)
    channels = open_channels(addresses, now=lambda: NOW, seconds=0.5)
    sent = send_alerts(connection, channels, lambda: NOW)
    assert sent.failed == (1 if trouble == "none" else len([*addresses]) - (trouble == "closed"))
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())
    assert CANARY not in repr(channels)
    assert CANARY not in repr([tuple(row) for row in health(connection)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT jsonb_agg(to_jsonb(a)) FROM alert.alert a)::text || "
            "(SELECT jsonb_agg(to_jsonb(d)) FROM alert.delivery d)::text || "
            "(SELECT jsonb_agg(to_jsonb(c)) FROM alert.channel c)::text"
        )
        assert CANARY not in cursor.fetchone()[0]
