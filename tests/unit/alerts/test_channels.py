"""Names, masks, signatures: what a channel shows of itself and proves to its receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from alert_samples import NOW, change, deal

from dealwire.alert_model import ChannelState, Failure, LastAlert
from dealwire.alerts.channels import channel_names
from dealwire.alerts.delivery import Outgoing, from_status, seconds_from
from dealwire.alerts.digest import daily_digest
from dealwire.alerts.masking import mask_in, masked
from dealwire.alerts.notices import circuit_notice, failure_notices
from dealwire.alerts.payload import alert_payload, correction_payload
from dealwire.alerts.rules import Rule
from dealwire.alerts.storm import Limits
from dealwire.alerts.webhook import body, signature, split_address

RULE = Rule("mega-deals")
ID = UUID("00000000-0000-4000-8000-000000000001")
SCHEMA = json.loads((Path(__file__).parents[3] / "plugins/dealwire/alerts/webhook.schema.json").read_text("utf-8"))


def test_channels_are_called_after_their_scheme_or_as_told() -> None:
    addresses = ["slack://a/b/c", "slack://d/e/f", "desk=mailto://u:p@h", "dealwire+https://:s@h/", "mailtos://x"]
    assert channel_names(addresses) == ["slack-1", "slack-2", "desk", "webhook-1", "mailtos-1"]
    assert channel_names([]) == ["log"]


def test_a_masked_address_shows_its_scheme_only() -> None:
    assert masked("slack://TOKEN/TOKEN") == "slack://***"
    assert masked("TOKEN") == "***"
    clean = mask_in("json://user:pa%20ss-word@host.example/p4th?key=v4lue")
    text = "user pa ss-word pa%20ss-word HOST.EXAMPLE /p4th key v4lue 42"
    assert clean(text) == "*** *** *** *** /*** key *** 42"


def test_an_address_is_split_into_where_and_key() -> None:
    assert split_address("dealwire+https://:s%2Fecret-secret-16@h.example:8443/a?b=c#d") == (
        "https://h.example:8443/a?b=c",
        b"s/ecret-secret-16",
    )
    assert split_address("dealwire+http://[::1]:80", "0123456789abcdef") == ("http://[::1]:80/", b"0123456789abcdef")


def test_the_signature_is_an_hmac_over_time_and_body() -> None:
    key, content = b"0123456789abcdef", b'{"a":1}'
    digest = hmac.new(key, b"1762178400." + content, hashlib.sha256).hexdigest()
    assert signature(key, 1762178400, content) == f"t=1762178400,v1={digest}"
    assert signature(key, 1762178401, content) != signature(key, 1762178400, content)


def documents() -> dict[str, Any]:
    """A message of every sort."""
    new = alert_payload(change(), "new", RULE, None)
    last = LastAlert("mega-deals", "new", new)
    daily = daily_digest([change()], NOW.date(), ["c"])
    assert daily is not None
    failure = Failure("HTTP 500", NOW, NOW, pause=True, unsure=False)
    state = ChannelState("c", 9, NOW, False, 200, 0, 0)
    return {
        "new": [new],
        "bare": [alert_payload(change(deal(amount=None, currency=None, amount_usd=None, parties=(), capacity=(),
                 announced_on=None, first_reported_at=None, amount_text=None, term_months=None, amount_basis=None,
                 amount_qualifier=None), sources=()), "new", RULE, None)],
        "changed": [alert_payload(change(deal(status="completed"), deal()), "status_changed", RULE, last)],
        "correction": [correction_payload(last, change(merged_into=4))],
        "digest": [new, new],
        "storm": [circuit_notice("c", state, new, NOW, Limits())[0].payload],
        "dead": [failure_notices("c", ["d"], state, failure, NOW, new, NOW, Limits())[0].payload],
        "daily": [daily.payload],
    }  # fmt: skip


@pytest.mark.parametrize("name", documents())
def test_every_message_is_as_the_published_schema_says(name: str) -> None:
    payloads = tuple(documents()[name])
    message = Outgoing(ID, (ID,) * len(payloads), payloads, name == "digest", possible_repeat=False)
    content = body(message, "https://d.example/deals")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    document = json.loads(content)
    validator.validate(document)
    assert content == body(message, "https://d.example/deals")
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({key: value for key, value in document.items() if key != "message_id"})


@pytest.mark.parametrize(
    ("status", "ending"),
    [(200, "sent"), (204, "sent"), (299, "sent"), (300, "refused"), (301, "refused"), (399, "refused"),
     (307, "refused"), (400, "refused"), (404, "refused"),
     (408, "unreachable"), (425, "unreachable"), (429, "unreachable"), (500, "unreachable"), (503, "unreachable")],
)  # fmt: skip
def test_what_an_answer_means(status: int, ending: str) -> None:
    outcome = from_status(status, None, NOW)
    assert outcome.ending == ending
    assert ("redirects" in outcome.detail) is (300 <= status < 400)


@pytest.mark.fault("L2")
@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 7 ", 7), ("Mon, 03 Nov 2025 14:05:00 GMT", 300), ("Mon, 03 Nov 2025 13:05:00 GMT", None),
     ("Mon, 03 Nov 2025 14:05:00", 300), ("-1", None), ("1.5", None), ("soon", None), ("", None), ("²", None),
     (None, None), ("9" * 40, None)],
)  # fmt: skip
def test_retry_after_in_all_its_forms(header: str | None, seconds: float | None) -> None:
    assert seconds_from(header, datetime(2025, 11, 3, 14, 0, tzinfo=UTC)) == seconds


@pytest.mark.fault("L1")
@pytest.mark.parametrize(
    ("failing_minutes", "waited_hours", "others", "notices"),
    [
        (None, 0, ["d"], []),
        (59, 1, ["d"], []),
        (60, 1, ["d", "e"], ["channel_failing"]),
        (60, 1, [], []),
        (60 * 71, 71, ["d"], ["channel_failing"]),
        (60 * 72, 72, ["d"], ["channel_dead"]),
        (60 * 72, 72, [], []),
    ],
)
def test_trouble_is_told_on_the_other_channels(
    failing_minutes: int | None, waited_hours: int, others: list[str], notices: list[str]
) -> None:
    since = None if failing_minutes is None else NOW - timedelta(minutes=failing_minutes)
    failure = Failure("HTTP 500", NOW, NOW - timedelta(hours=72), pause=True, unsure=False)
    oldest = NOW - timedelta(hours=waited_hours)
    example = alert_payload(change(), "new", RULE, None)
    queued = failure_notices(
        "c", others, ChannelState("c", 1, since, False, 1, 0, 0), failure, oldest, example, NOW, Limits()
    )
    assert [alert.payload["notice"] for alert in queued] == notices
    assert [alert.channels for alert in queued] == [tuple(others)] * len(notices)
    assert all(alert.payload["details"]["hours"] == 72 for alert in queued)
