"""What a rule tells of a change, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from alert_samples import COMPUTE, NOW, change, deal

from dealwire.alert_model import LastAlert
from dealwire.alerts.matching import matches, old_before
from dealwire.alerts.outbox import corrections, event_key, events_for
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealRecord
from dealwire.model import Capacity

RULE = Rule("mega-deals", minimum_usd=Decimal(10**9))
CUTOFF = NOW - timedelta(hours=24)


def told(record: DealRecord = COMPUTE) -> LastAlert:
    """The alert that a rule sent of a deal."""
    return LastAlert(RULE.id, "new", alert_payload(change(record), "new", RULE, None))


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        ({}, {}, "new"),
        ({}, {"amount": Decimal(10**9)}, "new"),
        ({}, {"amount": Decimal(10**9 - 1)}, None),
        ({}, {"amount": None, "currency": None, "amount_usd": None}, None),
        ({}, {"needs_review": True}, None),
        ({"kinds": ("power",)}, {}, None),
        ({"kinds": ("power", "compute_contract")}, {}, "new"),
        ({"statuses": ("completed",)}, {}, None),
        ({"parties": ("openai",)}, {}, "new"),
        ({"parties": ("OPENAI",)}, {}, "new"),
        ({"parties": ("aws",)}, {}, "new"),
        ({"parties": ("Oracle",)}, {}, None),
        ({"parties": ("OpenAI",), "roles": ("provider",)}, {}, None),
        ({"parties": ("OpenAI",), "roles": ("customer",)}, {}, "new"),
        ({"countries": ("US",)}, {}, "new"),
        ({"countries": ("FR",)}, {}, None),
        ({"countries": ("US",), "roles": ("customer",)}, {}, None),
        ({"source_languages": ("fr",)}, {}, "new"),
        ({"source_languages": ("ja",)}, {}, None),
        ({"minimum_confidence": 0.98}, {}, None),
        ({"minimum_independent_sources": 3}, {}, None),
        ({"officially_confirmed": True}, {"officially_confirmed": False}, None),
        ({"events": ("value_changed",)}, {}, None),
    ],
)
def test_conditions_on_a_new_deal(rule: dict[str, Any], record: dict[str, Any], expected: str | None) -> None:
    countries = {"aws": "US"}
    assert matches(replace(RULE, **rule), change(deal(**record)), None, CUTOFF, countries) == expected


@pytest.mark.parametrize(
    ("minimum_usd", "quantity", "unit", "expected"),
    [(10**12, 2, "GW", "new"), (10**12, 0.5, "GW", None), (10**12, 2000, "MW", None), (0, 0.5, "GW", None)],
)
def test_a_capacity_is_news_whatever_the_price(
    minimum_usd: int, quantity: float, unit: Any, expected: str | None
) -> None:
    rule = Rule("gw", minimum_usd=Decimal(minimum_usd), minimum_capacity={"GW": Decimal(1)})
    record = deal(capacity=(Capacity(Decimal(str(quantity)), unit, "exact"), Capacity(None, "GW", "exact")))
    assert matches(rule, change(record), None, CUTOFF) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, None),
        ({"source_count": 30, "confidence": 0.99}, None),
        ({"amount": Decimal(41_799_999_999)}, None),
        ({"amount": Decimal(41_800_000_000)}, "value_changed"),
        ({"amount": Decimal(34_200_000_000)}, "value_changed"),
        ({"amount": Decimal(500_000_000)}, "value_changed"),
        ({"amount": None, "currency": None, "amount_usd": None}, None),
        ({"status": "completed"}, "status_changed"),
        ({"status": "cancelled"}, "status_changed"),
        ({"status": "cancelled", "needs_review": True}, None),
        ({"disputed": True}, "disputed"),
        ({"disputed": True, "status": "cancelled"}, "disputed"),
        ({"amount_usd": Decimal(50_000_000_000)}, None),  # the rate moved, not the deal
        ({"currency": "EUR", "amount_usd": Decimal(44_000_000_000)}, "value_changed"),
        ({"currency": "EUR", "amount_usd": Decimal(38_500_000_000)}, None),
        ({"status": "completed", "last_reported_at": NOW - timedelta(days=3)}, None),
    ],
)
def test_changes_of_an_alerted_deal(record: dict[str, Any], expected: str | None) -> None:
    assert matches(RULE, change(deal(**record), COMPUTE), told(), CUTOFF) == expected


def test_small_steps_add_up_since_the_last_alert() -> None:
    step = deal(amount=Decimal(40_000_000_000))
    assert matches(RULE, change(step, COMPUTE), told(), CUTOFF) is None
    grown = deal(amount=Decimal(42_000_000_000))
    assert matches(RULE, change(grown, step, version=3), told(), CUTOFF) == "value_changed"


def test_a_value_that_becomes_known_is_news() -> None:
    unknown = deal(amount=None, currency=None, amount_usd=None)
    rule = replace(RULE, minimum_usd=Decimal(0))
    last = LastAlert(rule.id, "new", alert_payload(change(unknown), "new", rule, None))
    assert matches(rule, change(COMPUTE, unknown), last, CUTOFF) == "value_changed"


def test_a_deal_that_grows_into_a_rule_is_new_to_it() -> None:
    small = deal(amount=Decimal(10**8), first_reported_at=NOW - timedelta(days=30))
    grown = replace(small, amount=Decimal(2 * 10**9), amount_usd=Decimal(2 * 10**9))
    assert matches(RULE, change(grown, small), None, CUTOFF) == "new"
    stale = replace(grown, last_reported_at=NOW - timedelta(days=2))
    assert matches(RULE, change(stale, small), None, CUTOFF) is None


def test_a_known_deal_that_was_never_told_stays_untold() -> None:
    grown = deal(amount=Decimal(50_000_000_000), status="completed")
    assert matches(RULE, change(grown, COMPUTE), None, CUTOFF) is None
    assert matches(replace(RULE, unalerted_changes=True), change(grown, COMPUTE), None, CUTOFF) == "status_changed"


@pytest.mark.fault("L11")
def test_the_time_we_did_not_look_is_not_held_against_the_news() -> None:
    assert old_before(RULE, NOW, None) == CUTOFF
    assert old_before(RULE, NOW, NOW - timedelta(days=2)) == NOW - timedelta(days=3)
    assert old_before(RULE, NOW, NOW + timedelta(days=2)) == CUTOFF


def test_one_key_for_the_same_news() -> None:
    assert event_key("new", COMPUTE) == "new"
    assert event_key("value_changed", deal(amount=Decimal("38.0E9"))) == "value:38000000000:USD"
    assert event_key("value_changed", deal(amount=Decimal("38000000000.00"))) == "value:38000000000:USD"
    assert event_key("status_changed", deal(status="cancelled")) == "status:cancelled"


def test_a_rule_sends_only_to_its_channels() -> None:
    rules = [RULE, replace(RULE, id="desk", channels=("b",)), replace(RULE, id="none", channels=("z",))]
    queued = events_for(change(), rules, ["a", "b"], {}, NOW)
    assert [(alert.rule_id, alert.channels) for alert in queued] == [("mega-deals", ("a", "b")), ("desk", ("b",))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"disputed": True}, "disputed"),
        ({"disputed": True, "status": "cancelled"}, "disputed"),
        ({"status": "cancelled"}, "status_changed"),
        ({"amount": Decimal(41_800_000_000)}, "value_changed"),
        ({"amount": Decimal(41_799_999_999)}, None),
        ({"source_count": 9}, None),
    ],
)
def test_changes_of_a_deal_that_was_never_told(values: dict[str, Any], expected: str | None) -> None:
    rule = replace(RULE, unalerted_changes=True)
    assert matches(rule, change(deal(**values), COMPUTE), None, CUTOFF) == expected
    assert matches(rule, change(deal(**values), deal(disputed=True)), None, CUTOFF) != "disputed"


@pytest.mark.fault("L12")
@pytest.mark.parametrize(("merged_into", "key"), [(None, "retracted"), (7, "merged:7")])
def test_a_correction_goes_to_those_who_were_told(merged_into: int | None, key: str) -> None:
    gone = change(deal(source_count=0), COMPUTE, cause="retracted", merged_into=merged_into)
    others = {("mega-deals", "b"): told(), ("mega-deals", "a"): told(), ("quiet", "a"): told(), ("gone", "c"): told()}
    quiet = Rule("quiet", events=("new",))
    found = corrections(gone, others, [RULE, quiet])
    assert [(alert.rule_id, alert.event_key, alert.channels) for alert in found] == [
        ("gone", key, ("c",)),
        ("mega-deals", key, ("a", "b")),
    ]
    assert {alert.event for alert in found} == {"correction"}
