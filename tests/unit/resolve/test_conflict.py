"""Where outlets disagree."""

from __future__ import annotations

from unit.resolve.made import PARENTS, capacity, report

from dealwire.resolve.conflict import conflicts

PAIR = ("aws:provider", "openai:customer")


def test_outlets_that_agree_are_no_conflict() -> None:
    same = [report("a", *PAIR, amount=38e9), report("b", *PAIR, amount=38.1e9), report("c", *PAIR)]
    assert conflicts(same, PARENTS) == []


def test_each_claim_names_its_outlets_and_the_best_one_stands_first() -> None:
    said = [
        report("a", *PAIR, amount=38e9, publisher="One"),
        report("b", *PAIR, amount=38e9, publisher="Two"),
        report("c", *PAIR, amount=83e9, publisher="Three"),
    ]
    (found,) = conflicts(said, PARENTS)
    assert found.field == "amount"
    assert [(c.value, c.outlets, c.independent_source_count) for c in found.claims] == [
        ("38000000000 USD", ("One", "Two"), 2),
        ("83000000000 USD", ("Three",), 1),
    ]


def test_an_official_claim_stands_before_a_majority() -> None:
    said = [report(f"o{n}", *PAIR, term_months=60) for n in range(3)]
    (found,) = conflicts([*said, report("z", *PAIR, term_months=84, official=True)], PARENTS)
    assert [(c.value, c.official) for c in found.claims] == [("84", True), ("60", False)]


def test_signed_and_up_to_are_shown_as_said() -> None:
    said = [report("a", *PAIR, amount=17.4e9), report("b", *PAIR, amount=19.4e9, amount_qualifier="up_to")]
    (found,) = conflicts(said, PARENTS)
    assert {c.value for c in found.claims} == {"17400000000 USD", "up to 19400000000 USD"}


def test_naming_fewer_parties_is_no_conflict_and_other_parties_are() -> None:
    full = report("a", "aws:provider", "oracle:provider", "openai:customer")
    assert conflicts([full, report("b", *PAIR)], PARENTS) == []
    (found,) = conflicts([full, report("b", "aws:provider", "anthropic:customer")], PARENTS)
    assert found.field == "parties"
    assert len(found.claims) == 2


def test_capacity_conflicts_name_their_unit() -> None:
    said = [report("a", *PAIR, capacity=(capacity(200, "MW"),)), report("b", *PAIR, capacity=(capacity(300, "MW"),))]
    assert [c.field for c in conflicts(said, PARENTS)] == ["capacity:MW"]
