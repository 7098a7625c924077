"""Faults of resolution (D1-D8): what is one deal, what is not, and what is kept when we were wrong."""

from __future__ import annotations

import itertools
import time
from decimal import Decimal

import pytest
from unit.resolve.made import PARENTS, judgement, report
from unit.resolve.memory_store import MemoryStore

from dealwire.deal_model import Report
from dealwire.resolve.cluster import resolve
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.fold import fold
from dealwire.resolve.history import cause_of, history
from dealwire.resolve.pairing import score_pairs
from dealwire.resolve.profiles import profile

PAIR = ("aws:provider", "openai:customer")


def keys_of(reports: list[Report]) -> list[set[str]]:
    return [{r.key for r in cluster.reports} for cluster in resolve(reports, parents=PARENTS)]


@pytest.mark.fault("D1")
def test_one_story_in_twenty_outlets_is_one_deal_of_twenty_sources() -> None:
    copies = [report(f"o{n:02}", *PAIR, amount=38e9, day=n / 24, story_id="s", title="AWS order") for n in range(20)]
    clusters = resolve(copies, parents=PARENTS)
    assert len(clusters) == 1
    record = fold(clusters[0].reports, (), shipped_rates(), PARENTS)
    assert (record.source_count, record.independent_source_count) == (20, 1)


@pytest.mark.fault("D2")
@pytest.mark.parametrize("days", [8, 90])
def test_a_story_published_again_only_corroborates(days: int) -> None:
    first = report("a", *PAIR, amount=38e9, title="OpenAI signs $38 billion order with Amazon")
    again = report("b", *PAIR, amount=38e9, day=days, title="OpenAI signs $38 billion order with Amazon")
    assert keys_of([first, again]) == [{"a", "b"}]
    before = fold([first], (), shipped_rates(), PARENTS)
    after = fold([first, again], (), shipped_rates(), PARENTS)
    assert cause_of(before, after) == "corroborated"  # which no alert rule fires on


@pytest.mark.fault("D3")
def test_a_raised_amount_is_a_new_version_of_the_deal() -> None:
    first = [report(f"a{n}", *PAIR, amount=4e9, title="OpenAI books servers") for n in range(3)]
    raised = report("b", *PAIR, amount=5e9, day=10, title="OpenAI and Amazon expand their contract to $5 billion")
    assert keys_of([*first, raised]) == [{"a0", "a1", "a2", "b"}]
    versions = history([*first, raised], (), shipped_rates(), PARENTS)
    amended = [v for v in versions if v.cause == "amended"]
    assert versions[0].record.amount == Decimal("4e9")
    assert [(v.report_key, v.record.amount) for v in amended] == [("b", Decimal("5e9"))]


@pytest.mark.fault("D4")
@pytest.mark.parametrize(
    "title", ["OpenAI denies AWS contract", "OpenAI dément un contrat avec AWS", "OpenAI、AWSとの契約を否定"]
)
def test_a_denial_disputes_the_deal_and_keeps_what_was_said(title: str) -> None:
    said = report("a", *PAIR, amount=38e9)
    denied = report("b", *PAIR, amount=38e9, day=1, title=title, status="rumored")
    versions = history([said, denied], (), shipped_rates(), PARENTS)
    assert [(v.record.disputed, v.record.amount) for v in versions] == [
        (False, Decimal("38e9")),
        (True, Decimal("38e9")),
    ]


@pytest.mark.fault("D4")
def test_a_correction_replaces_the_figure_and_keeps_the_old_version() -> None:
    wrong = report("a", *PAIR, amount=83e9)
    right = report("b", *PAIR, amount=38e9, day=0.2, title="Correction: OpenAI's AWS order is worth $38 billion")
    versions = history([wrong, right], (), shipped_rates(), PARENTS)
    assert [v.record.amount for v in versions] == [Decimal("83e9"), Decimal("38e9")]


@pytest.mark.fault("D5")
def test_near_duplicates_that_differ_stay_apart() -> None:
    """One company, one template, many sites and figures: of all pairs that are two deals, at least 99 % stay two."""
    sites = ("Texas", "Ohio", "Virginia", "Arizona", "Indiana", "Memphis", "Frankfurt", "Dublin")
    told = [
        report(f"{site}-{amount}-{copy}", "google:developer", amount=amount, kind="datacenter", day=copy / 2,
               title=f"Google puts ${amount / 1e9:g}B into {site} site")
        for site in sites
        for amount in (1e9, 3e9)
        for copy in range(2)
    ]  # fmt: skip
    deals = keys_of(told)
    joined = [pair for deal in deals for pair in itertools.combinations(sorted(deal), 2)]
    right = [pair for pair in joined if pair[0].rsplit("-", 1)[0] == pair[1].rsplit("-", 1)[0]]
    assert len(right) / len(joined) >= 0.99
    assert len(right) == len(sites) * 2


@pytest.mark.fault("D6")
def test_a_split_is_recorded_holds_against_new_reports_and_can_be_undone() -> None:
    a, b = report("a", *PAIR, amount=9.7e9), report("b", *PAIR, amount=9.7e9, day=1)
    store = MemoryStore(PARENTS)
    store.arrive([a, b])
    assert store.partition() == {frozenset("ab")}
    split = judgement(1, "split", deal_key="1", report_key="b")
    store.judgements = [split]
    store.arrive([b])
    assert store.partition() == {frozenset("a"), frozenset("b")}
    store.arrive([report("c", *PAIR, amount=9.7e9, day=2)])
    assert not any({"a", "b"} <= deal for deal in store.partition())
    store.judgements = []  # undone
    store.arrive([b])
    assert store.partition() == {frozenset("abc")}


@pytest.mark.fault("D8")
def test_ten_thousand_stories_of_one_pair_cost_no_square() -> None:
    """Every report shares its keys with every other; pairs stay linear, and the deals say that the block was capped."""
    reports = [
        report(f"r{n:05}", *PAIR, amount=1e9 + n % 50 * 5e8, day=n / 100, title="Shared words") for n in range(2500)
    ]
    profiles = {r.key: profile(r, PARENTS, shipped_rates()) for r in reports}
    pairs = {size: _pairs(profiles, size) for size in (1250, 2500)}
    assert pairs[2500] < 2.2 * pairs[1250]
    begun = time.process_time()
    clusters = resolve(reports[:1000], parents=PARENTS, explain=())
    assert time.process_time() - begun < 20
    assert any("block_capped" in cluster.flags for cluster in clusters)


def _pairs(profiles: dict[str, object], size: int) -> int:
    some = dict(itertools.islice(profiles.items(), size))
    return len(score_pairs(some, lambda one, other: 0).scores)  # type: ignore[arg-type]
