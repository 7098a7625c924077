from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dealwire.extract.gold import Deal, Labelled
from dealwire.extract.score import affinity, figures, pair_up, record_right, resolution, tally, total
from dealwire.model import Article, Kind, Party, Role


def article(name: str) -> Article:
    return Article(id=name, title="", text="", published=None)


def deal(kind: Kind, *parties: tuple[str, Role], amount: int | None = None, **more: object) -> Deal:
    values: dict[str, object] = {"salience": "primary", "status": "announced", **more}
    return Deal(
        kind=kind,
        parties=tuple(Party(name, role) for name, role in parties),
        amount=None if amount is None else Decimal(amount),
        currency=None if amount is None else "USD",
        **values,  # type: ignore[arg-type]
    )


CLOUD = deal("compute_contract", ("Amazon Web Services", "provider"), ("OpenAI", "customer"), amount=38_000_000_000)


def test_same_parties_of_the_same_kind_are_the_same_deal() -> None:
    assert affinity(deal("compute_contract", ("AWS", "provider"), ("OpenAI", "customer")), CLOUD) > 0


def test_a_compatible_kind_still_matches_and_a_foreign_one_does_not() -> None:
    parties = (("AWS", "provider"), ("OpenAI", "customer"))
    assert affinity(deal("datacenter", *parties), CLOUD) > 0
    assert affinity(deal("acquisition", *parties), CLOUD) == 0


def test_half_of_all_names_must_be_shared() -> None:
    half = deal("compute_contract", ("Amazon", "provider"))
    third = deal("compute_contract", ("Amazon", "provider"), ("Meta", "customer"))
    assert affinity(half, CLOUD) > 0
    assert affinity(third, CLOUD) == 0


def test_a_lone_labelled_party_meets_three_names_but_not_four() -> None:
    want = deal("datacenter", ("Crusoe", "developer"))
    three = deal("datacenter", ("Crusoe", "developer"), ("Oracle", "customer"), ("Vantage", "provider"))
    four = deal(
        "datacenter", ("Crusoe", "developer"), ("Oracle", "customer"), ("Vantage", "provider"), ("Meta", "customer")
    )
    assert affinity(three, want) > 0
    assert affinity(four, want) == 0


def test_a_record_is_right_within_one_per_cent_and_in_the_same_currency() -> None:
    parties = (("AWS", "provider"), ("OpenAI", "customer"))
    assert record_right(deal("compute_contract", *parties, amount=38_300_000_000), CLOUD)
    assert not record_right(deal("compute_contract", *parties, amount=39_000_000_000), CLOUD)
    euros = Deal("primary", "compute_contract", "announced", CLOUD.parties, CLOUD.amount, "EUR")
    assert not record_right(euros, CLOUD)


def test_roles_must_be_right_for_a_record() -> None:
    swapped = deal("compute_contract", ("AWS", "customer"), ("OpenAI", "provider"), amount=38_000_000_000)
    assert affinity(swapped, CLOUD) > 0
    assert not record_right(swapped, CLOUD)


def test_each_deal_meets_one_other_the_best_first() -> None:
    loose = deal("datacenter", ("AWS", "provider"), ("OpenAI", "customer"))
    assert pair_up([loose, CLOUD], [CLOUD]) == [(1, 0)]


def test_counts_of_one_article() -> None:
    second = deal("equity_investment", ("Nvidia", "investor"), ("Nebius", "investee"), amount=2_000_000_000)
    spurious = deal("power", ("Vistra", "provider"), ("Meta", "customer"))
    counted = tally(Labelled(article("a"), "e", (CLOUD, second)), [CLOUD, spurious])
    assert (counted.counts["tp"], counted.counts["fp"], counted.counts["fn"]) == (1, 1, 1)
    assert {mistake.fault for mistake in counted.mistakes} == {"not a deal of this article", "missed"}


def test_meeting_a_background_deal_counts_neither_way() -> None:
    recalled = deal("compute_contract", ("AWS", "provider"), ("OpenAI", "customer"), salience="background")
    counted = tally(Labelled(article("a"), "e", (recalled,)), [CLOUD]).counts
    assert counted["tp"] == counted["fp"] == counted["fn"] == 0


def test_background_predictions_are_not_judged() -> None:
    aside = deal("power", ("Vistra", "provider"), ("Meta", "customer"), salience="background")
    assert tally(Labelled(article("a"), None, ()), [aside]).counts["alarms"] == 0


def test_figures_over_two_articles() -> None:
    right = tally(Labelled(article("a"), "e", (CLOUD,)), [CLOUD])
    alarm = tally(Labelled(article("b"), None, ()), [CLOUD])
    result = figures(total([right, alarm]))
    assert result.deal.precision == pytest.approx(0.5)
    assert result.deal.recall == pytest.approx(1.0)
    assert result.record.f1 == pytest.approx(2 / 3)
    assert result.false_alarms == pytest.approx(1.0)


def test_fields_count_null_for_null_as_right() -> None:
    dated = Deal(**{**as_dict(CLOUD), "announced_on": date(2025, 11, 3)})
    counts = tally(Labelled(article("a"), "e", (CLOUD,)), [dated]).counts
    assert counts["field:term"] == 1
    assert counts["field:announced"] == 0


def as_dict(one: Deal) -> dict[str, object]:
    return {name: getattr(one, name) for name in Deal.__slots__}


def test_resolution_counts_pairs_of_articles() -> None:
    labelled = [Labelled(article(name), event, (CLOUD,)) for name, event in (("a", "x"), ("b", "x"), ("c", "y"))]

    def told(identity: str) -> list[Deal]:
        return [Deal(**{**as_dict(CLOUD), "deal_id": identity})]

    joined = resolution(labelled, {"a": told("1"), "b": told("1"), "c": told("1")})
    assert joined is not None
    assert (joined.precision, joined.recall) == (pytest.approx(1 / 3), pytest.approx(1.0))
    assert resolution(labelled, {"a": [CLOUD]}) is None
