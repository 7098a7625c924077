"""Which reports tell of one deal."""

from __future__ import annotations

from unit.resolve.made import PARENTS, judgement, report

from dealwire.deal_model import Report
from dealwire.resolve.cluster import Cluster, assign, resolve

PAIR = ("aws:provider", "openai:customer")


def together(clusters: list[Cluster]) -> set[frozenset[str]]:
    return {frozenset(r.key for r in cluster.reports) for cluster in clusters}


def placed(*reports: Report) -> set[frozenset[str]]:
    return together(resolve(reports, parents=PARENTS))


def test_the_same_deal_in_two_outlets_is_one() -> None:
    a = report("a", *PAIR, amount=38e9, title="OpenAI signs $38 billion AWS deal")
    b = report("b", *PAIR, amount=38e9, day=1, language="fr", title="OpenAI signe avec AWS pour 38 milliards")
    assert placed(a, b) == {frozenset("ab")}


def test_a_unit_and_its_parent_meet() -> None:
    a = report("a", "aws:provider", "openai:customer", amount=38e9)
    b = report("b", "amazon:provider", "openai:customer", amount=38e9)
    assert placed(a, b) == {frozenset("ab")}


def test_other_parties_make_another_deal() -> None:
    a = report("a", "aws:provider", "openai:customer", amount=10e9)
    b = report("b", "oracle:provider", "openai:customer", amount=10e9)
    assert placed(a, b) == {frozenset("a"), frozenset("b")}


def test_a_decision_names_its_reasons() -> None:
    clusters = resolve([report("a", *PAIR, amount=9.7e9), report("b", *PAIR, amount=9.7e9, day=1)], parents=PARENTS)
    first, second = clusters[0].decisions
    assert (first.report_key, first.verdict) == ("a", "new")
    assert (second.report_key, second.verdict, second.deal_key) == ("b", "match", "a")
    assert second.reasons["amount_equal"] > 0
    assert abs(sum(second.reasons.values()) - second.score) < 0.01


def test_reviews_never_merge_by_themselves() -> None:
    """Two contracts of one pair without a figure, a month apart: perhaps one deal, so a person decides."""
    a = report("a", *PAIR, title="Cloud contract for the lab")
    b = report("b", *PAIR, day=40, title="More servers wanted")
    clusters = resolve([a, b], parents=PARENTS)
    verdicts = [d.verdict for c in clusters for d in c.decisions if d.report_key == "b"]
    assert together(clusters) == {frozenset("a"), frozenset("b")}
    assert verdicts == ["new", "review"]


def test_accepting_and_rejecting_are_obeyed() -> None:
    a, b = report("a", *PAIR), report("b", *PAIR, day=40)
    accepted = resolve([a, b], [judgement(1, "accept", report_key="b", deal_key="a")], parents=PARENTS)
    assert together(accepted) == {frozenset("ab")}
    c = report("c", *PAIR, amount=9.7e9), report("d", *PAIR, amount=9.7e9)
    rejected = resolve(c, [judgement(1, "reject", report_key="d", deal_key="c")], parents=PARENTS)
    assert together(rejected) == {frozenset("c"), frozenset("d")}
    assert not any(d.verdict == "review" for cluster in rejected for d in cluster.decisions)


def test_new_reports_join_the_deal_that_holds_the_like() -> None:
    old = Cluster("17", (report("a", *PAIR, amount=9.7e9),))
    assignment = assign([report("b", *PAIR, amount=9.7e9, day=1)], [old], parents=PARENTS)
    assert [(c.key, [r.key for r in c.reports]) for c in assignment.clusters] == [("17", ["a", "b"])]
    assert assignment.tombstones == {}


def test_a_deal_outlives_the_new_extraction_of_its_only_report() -> None:
    old, new = report("a", *PAIR, amount=9.7e9), report("a", *PAIR, amount=9.5e9)
    assignment = assign([new], [Cluster("17", (old,))], parents=PARENTS)
    assert [(c.key, c.reports) for c in assignment.clusters] == [("17", (new,))]
    assert assignment.tombstones == {}


def test_two_deals_that_prove_to_be_one_leave_a_tombstone() -> None:
    """The deal with most reports keeps its name, and the older one where they are even."""
    one = Cluster("9", (report("a", *PAIR, amount=9.7e9),))
    two = Cluster("10", (report("b", *PAIR, amount=9.7e9, day=1),))
    assignment = assign([report("c", *PAIR, amount=9.7e9)], [one, two], parents=PARENTS)
    assert [c.key for c in assignment.clusters] == ["9"]
    assert assignment.tombstones == {"10": "9"}


def test_no_reports_no_deals() -> None:
    assert resolve([]) == []
