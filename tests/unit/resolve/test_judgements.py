"""What people decide about deals holds, is reversible, and survives clustering anew."""

from __future__ import annotations

import dataclasses

import pytest
from unit.resolve.made import PARENTS, judgement, report
from unit.resolve.memory_store import MemoryStore

from dealwire.deal_model import Judgement, Report
from dealwire.errors import UsageError
from dealwire.resolve.cluster import Cluster, assign, resolve
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.fold import fold
from dealwire.resolve.judgements import constraints, survivors
from dealwire.resolve.overrides import parse_override

TEXAS = report("a", "google:developer", amount=1e9, kind="datacenter", title="Google builds in Texas")
OHIO = report("b", "google:developer", amount=3e9, kind="datacenter", title="Google builds in Ohio", day=3)
EXISTING = [Cluster("1", (TEXAS,)), Cluster("2", (OHIO,))]
MERGE = judgement(1, "merge", deal_key="2", other_deal_key="1")  # deal 2 ends in deal 1


def test_a_merge_puts_two_deals_together_and_leaves_a_tombstone() -> None:
    found = assign([], EXISTING, [MERGE], parents=PARENTS)
    assert [(c.key, {r.key for r in c.reports}) for c in found.clusters] == [("1", {"a", "b"})]
    assert found.tombstones == {"2": "1"}


def test_a_merged_deal_stays_together_when_new_reports_come() -> None:
    merged = [Cluster("1", (TEXAS, OHIO))]
    more = report("c", "google:developer", amount=3e9, kind="datacenter", title="Google builds in Ohio", day=4)
    found = assign([more], merged, [MERGE], parents=PARENTS)
    assert [(c.key, {r.key for r in c.reports}) for c in found.clusters] == [("1", {"a", "b", "c"})]


def test_an_undone_merge_falls_apart_again() -> None:
    undone = dataclasses.replace(MERGE, undone=True)
    found = assign([], [Cluster("1", (TEXAS, OHIO))], [undone], parents=PARENTS, again=["1"])
    assert {frozenset(r.key for r in c.reports) for c in found.clusters} == {frozenset("a"), frozenset("b")}
    assert "1" in {c.key for c in found.clusters}


def test_chained_merges_end_in_one_deal() -> None:
    chain = [MERGE, judgement(2, "merge", deal_key="1", other_deal_key="3")]
    assert survivors(chain) == {"1": "3", "2": "3"}
    assert survivors([*chain, judgement(3, "merge", deal_key="3", other_deal_key="2")]) == {"1": "3", "2": "3"}


def test_reports_split_off_together_stay_together() -> None:
    same = [report(f"r{n}", "aws:provider", "openai:customer", amount=9.7e9, day=n / 10) for n in range(4)]
    at = judgement(1, "split").made_at
    split = [judgement(n, "split", deal_key="1", report_key=f"r{n}", made_at=at) for n in (2, 3)]
    found = assign([], [Cluster("1", tuple(same))], split, parents=PARENTS)
    assert sorted(sorted(r.key for r in c.reports) for c in found.clusters) == [["r0", "r1"], ["r2", "r3"]]


def test_judgements_about_reports_that_are_not_there_say_nothing() -> None:
    stray = [judgement(1, "accept", report_key="x", deal_key="9"), judgement(2, "split", report_key="y", deal_key="1")]
    limits = constraints(["a", "b"], stray, {"a": "1", "b": "2"})
    assert not limits.apart
    assert not any(len(keys) > 1 for keys in limits.together)


def test_a_report_key_is_not_taken_for_a_deal() -> None:
    """In the database both are numbers: report 1 is not deal 1."""
    rejected = judgement(1, "reject", report_key="5", deal_key="1")
    limits = constraints(["1", "5", "7"], [rejected], {"7": "1"})
    assert limits.apart == {("5", "7")}


def test_the_order_of_arrival_changes_nothing_under_judgements() -> None:
    pair = ("aws:provider", "openai:customer")
    reports = [report(f"r{n}", *pair, amount=9.7e9, day=n) for n in range(3)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        store = MemoryStore(PARENTS)
        for number in order:
            store.arrive([reports[number]])
        assert store.partition() == {frozenset(("r0", "r1", "r2"))}


def overridden(*judged: Judgement) -> object:
    return fold([report("a", "aws:provider", "openai:customer", amount=5)], judged, shipped_rates(), PARENTS)


def test_the_newest_override_of_a_field_holds_and_undone_ones_do_not() -> None:
    judged = [judgement(n, "override", field="term_months", value=str(n * 12)) for n in (1, 2, 3)]
    judged[2] = dataclasses.replace(judged[2], undone=True)
    assert overridden(*judged).term_months == 24  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value", "column", "expected"),
    [
        ("amount", "38000000000 EUR", "currency", "EUR"),
        ("amount", "null", "currency", None),
        ("currency", "gbp", "currency", "GBP"),
        ("parties", '[{"name": "Meta", "role": "customer"}]', "headline", "Meta buys compute"),
        ("kind", "partnership", "kind", "partnership"),
        ("needs_review", "true", "needs_review", True),
        ("capacity", "", "capacity", ()),
    ],
)
def test_overrides_set_what_they_say(field: str, value: str, column: str, expected: object) -> None:
    assert getattr(overridden(judgement(1, "override", field=field, value=value)), column) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [("colour", "red"), ("kind", "marriage"), ("amount", "much"), ("amount", "-1"), ("currency", "euro"),
     ("kind", None), ("term_months", "0"), ("announced_on", "soon"), ("parties", "x"),
     ("parties", '[{"name": "x", "role": "friend"}]')],
)  # fmt: skip
def test_an_override_that_makes_no_sense_is_refused_by_name(field: str, value: str | None) -> None:
    with pytest.raises(UsageError, match=field):
        parse_override(field, value)


def test_nothing_is_explained_as_review_against_a_rejected_deal() -> None:
    reports: list[Report] = [
        report("a", "aws:provider", "openai:customer"),
        report("b", "aws:provider", "openai:customer", day=40),
    ]
    assert any(d.verdict == "review" for c in resolve(reports) for d in c.decisions)
    rejected = resolve(reports, [judgement(1, "reject", report_key="b", deal_key="a")])
    assert not any(d.verdict == "review" for c in rejected for d in c.decisions)
