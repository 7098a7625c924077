"""The order of arrival changes nothing: shuffled, one by one or in batches, the same reports make the same deals."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.resolve.made import PARENTS, capacity, report
from unit.resolve.memory_store import MemoryStore

from dealwire.deal_model import Report
from dealwire.resolve.cluster import resolve
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.fold import fold

PROVIDERS = ("aws", "amazon", "azure", "microsoft", "iren")
CUSTOMERS = ("openai", "anthropic")
TITLES = (
    "Servers for the lab in Texas",
    "Un contrat géant dans l'Ohio",
    "クラウド契約",
    "Lab denies talks",
    "Raises order",
)


@st.composite
def worlds(draw: st.DrawFn) -> list[Report]:
    """Few companies, few amounts, close days: a world where deals are easily confused."""
    reports = []
    for number in range(draw(st.integers(2, 14))):
        parties = [f"{draw(st.sampled_from(PROVIDERS))}:provider"]
        if draw(st.integers(0, 4)):
            parties.append(f"{draw(st.sampled_from(CUSTOMERS))}:customer")
        amount = draw(st.sampled_from((None, 1e9, 1.02e9, 1.4e9, 9.7e9, 38e9)))
        reports.append(
            report(
                f"r{number}",
                *parties,
                amount=amount,
                day=draw(st.sampled_from((None, 0, 1, 2, 20, 45, 90, 300, 500))),
                kind=draw(st.sampled_from(("compute_contract", "compute_contract", "partnership", "datacenter"))),
                status=draw(st.sampled_from(("rumored", "announced", "announced", "completed"))),
                amount_qualifier=draw(st.sampled_from(("exact", "up_to"))) if amount else None,
                title=draw(st.sampled_from(TITLES)),
                story_id=draw(st.sampled_from((None, None, "s1", "s2"))),
                article_id=f"a{draw(st.integers(0, 9))}",
                capacity=(capacity(200, "MW"),) if draw(st.booleans()) else (),
            )
        )
    return reports


def partition(reports: list[Report]) -> set[frozenset[str]]:
    return {frozenset(r.key for r in cluster.reports) for cluster in resolve(reports, parents=PARENTS)}


@settings(max_examples=150, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_shuffled_input_gives_the_same_deals(world: list[Report], chance: random.Random) -> None:
    shuffled = list(world)
    chance.shuffle(shuffled)
    assert resolve(shuffled, parents=PARENTS) == resolve(world, parents=PARENTS)


@settings(max_examples=150, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_deals(world: list[Report], chance: random.Random) -> None:
    waiting, store = list(world), MemoryStore(PARENTS)
    chance.shuffle(waiting)
    while waiting:
        size = chance.randint(1, 3)
        store.arrive(waiting[:size])
        waiting = waiting[size:]
    assert store.complete
    assert store.partition() == partition(world)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_folding_does_not_depend_on_order(world: list[Report], chance: random.Random) -> None:
    shuffled = list(world)
    chance.shuffle(shuffled)
    assert fold(shuffled, (), shipped_rates(), PARENTS) == fold(world, (), shipped_rates(), PARENTS)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_every_report_is_in_one_deal_and_explained(world: list[Report]) -> None:
    clusters = resolve(world, parents=PARENTS)
    placed = [r.key for cluster in clusters for r in cluster.reports]
    assert sorted(placed) == sorted(r.key for r in world)
    for cluster in clusters:
        own = [d for d in cluster.decisions if d.verdict != "review"]
        assert [d.report_key for d in own] == [r.key for r in cluster.reports]
        assert {d.deal_key for d in own} == {cluster.key}
