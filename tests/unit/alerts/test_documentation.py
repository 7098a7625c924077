"""What docs/alerts.md says can be used as it stands there."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

from dealwire.alerts.rule_fields import FIELDS
from dealwire.alerts.rules import parse_rules
from dealwire.alerts.webhook import signature

PAGE = (Path(__file__).parents[3] / "docs/alerts.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_rules_are_valid() -> None:
    rules = parse_rules(block("toml"), "docs/alerts.md")
    assert [rule.id for rule in rules] == ["mega-deals", "power-for-clouds"]
    assert "Oracle" in rules[1].parties


def test_every_key_of_a_rule_is_explained() -> None:
    explained = {
        name for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert set(FIELDS) <= explained


def test_receivers_can_check_the_signature_as_the_page_says() -> None:
    scope: dict[str, object] = {"hmac": hmac, "hashlib": hashlib}
    exec(block("python"), scope)
    header = signature(b"0123456789abcdef", 1000, b"body")
    is_genuine = scope["is_genuine"]
    assert callable(is_genuine)
    assert is_genuine(b"0123456789abcdef", header, b"body", 1100)
    assert not is_genuine(b"0123456789abcdef", header, b"bodY", 1100)
    assert not is_genuine(b"another-secret-16", header, b"body", 1100)
    assert not is_genuine(b"0123456789abcdef", header, b"body", 2000)
