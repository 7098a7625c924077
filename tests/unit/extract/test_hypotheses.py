from __future__ import annotations

import numpy as np

from dealwire.extract.features_party import PAIRS
from dealwire.extract.hypotheses import SCORE_COLUMN, TWO_SIDED, Hypothesis, propose
from dealwire.extract.selection import overlap, same_deal
from dealwire.model import KINDS, ROLES_OF_KIND, Kind


def scores(*likely: tuple[int, str, str], entities: int = 6) -> np.ndarray:
    table = np.full((entities, len(PAIRS)), -6.0)
    for entity, kind, role in likely:
        table[entity, SCORE_COLUMN[kind, role]] = 3.0  # type: ignore[index]
    return table


def chances(kind: Kind) -> np.ndarray:
    return np.array([0.9 if one == kind else 0.01 for one in KINDS])


CLOUD = scores((0, "compute_contract", "provider"), (1, "compute_contract", "customer"))


def test_the_likeliest_pair_is_proposed() -> None:
    found = propose(CLOUD, chances("compute_contract"))
    best = max(found, key=lambda one: one.support)
    assert best.parties == ((0, "provider"), (1, "customer"))


def test_roles_fit_the_kind_and_nobody_plays_twice() -> None:
    for kind in KINDS:
        for one in propose(np.zeros((6, len(PAIRS))), chances(kind)):
            assert all(role in ROLES_OF_KIND[one.kind] for _, role in one.parties)
            assert len(one.entities) == len(one.parties)


def test_several_parties_of_one_side_need_one_on_the_other() -> None:
    for kind in sorted(TWO_SIDED):
        for one in propose(np.zeros((6, len(PAIRS))), chances(kind)):
            assert len(one.parties) == 1 or len({role for _, role in one.parties}) > 1


def test_a_list_of_investors_is_proposed_as_a_whole() -> None:
    likely = [(number, "equity_investment", "investor") for number in range(5)]
    table = scores(*likely, (5, "equity_investment", "investee"))
    assert any(len(one.parties) == 6 for one in propose(table, chances("equity_investment")))


def test_no_organisations_no_hypotheses() -> None:
    assert propose(np.zeros((0, len(PAIRS))), chances("power")) == []


def test_one_deal_is_not_told_under_two_kinds_that_fit() -> None:
    cloud = Hypothesis("compute_contract", ((0, "provider"), (1, "customer")), 1.0)
    site = Hypothesis("datacenter", ((0, "provider"), (1, "customer")), 1.0)
    stake = Hypothesis("equity_investment", ((0, "investor"), (1, "investee")), 1.0)
    assert same_deal(cloud, site)
    assert not same_deal(cloud, stake)
    assert overlap(cloud, stake) == 1.0
