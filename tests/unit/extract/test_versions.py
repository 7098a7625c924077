from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dealwire.extract.gold import Deal
from dealwire.extract.versions import compare
from dealwire.model import Party

DEAL = Deal(
    "primary",
    "acquisition",
    "announced",
    (Party("AMD", "acquirer"), Party("Silo AI", "target")),
    Decimal(665_000_000),
    "USD",
)
OTHER = Deal("primary", "power", "announced", (Party("Vistra", "provider"), Party("Meta", "customer")))


def test_equal_readings_differ_in_nothing() -> None:
    assert compare({"a": [DEAL]}, {"a": [DEAL]}) == []


def test_a_changed_field_is_named_with_both_values() -> None:
    (difference,) = compare({"a": [DEAL]}, {"a": [replace(DEAL, status="completed")]})
    assert difference.fields == ("status",)
    assert "announced -> completed" in difference.line()


def test_deals_appear_and_vanish() -> None:
    changes = compare({"a": [DEAL]}, {"a": [OTHER]})
    assert [one.change for one in changes] == ["vanishes", "appears"]
    assert "Silo AI" in changes[0].line()


def test_an_article_that_only_one_version_read_is_compared_with_nothing() -> None:
    assert [one.change for one in compare({}, {"b": [OTHER]})] == ["appears"]


def test_swapped_roles_are_a_change_of_parties() -> None:
    swapped = replace(DEAL, parties=(Party("AMD", "target"), Party("Silo AI", "acquirer")))
    (difference,) = compare({"a": [DEAL]}, {"a": [swapped]})
    assert difference.fields == ("parties",)
