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
    assert found.rule == "independent_sources"


def test_an_official_claim_stands_before_a_majority() -> None:
    said = [report(f"o{n}", *PAIR, term_months=60) for n in range(3)]
    (found,) = conflicts([*said, report("z", *PAIR, term_months=84, official=True)], PARENTS)
    assert [(c.value, c.official) for c in found.claims] == [("84", True), ("60", False)]
    assert found.rule == "official"


def test_the_newest_official_word_stands_before_an_older_one_that_more_repeat() -> None:
    old = [report(f"o{n}", *PAIR, term_months=48, official=n == 0) for n in range(3)]
    (found,) = conflicts([*old, report("z", *PAIR, term_months=60, official=True, day=9)], PARENTS)
    assert [c.value for c in found.claims] == ["60", "48"]
    assert found.rule == "newest_official"


def test_the_signed_figure_stands_before_any_number_of_up_to() -> None:
    said = [report("a", *PAIR, amount=17.4e9)]
    said += [report(f"b{n}", *PAIR, amount=19.4e9, amount_qualifier="up_to") for n in range(3)]
    (found,) = conflicts(said, PARENTS)
    assert [c.value for c in found.claims] == ["17400000000 USD", "up to 19400000000 USD"]
    assert found.rule == "signed"


def test_a_changed_figure_stands_before_the_majority_that_told_it_first() -> None:
    said = [report(f"a{n}", *PAIR, amount=38e9) for n in range(3)]
    said += [report("b", *PAIR, amount=50e9, day=9, title="Amazon and OpenAI expand their deal to $50 billion")]
    (found,) = conflicts(said, PARENTS)
    assert found.claims[0].value == "50000000000 USD"
    assert found.rule == "later_change"


def test_where_sources_are_even_the_likelier_reading_stands_then_the_newer() -> None:
    likely = [report("a", *PAIR, term_months=60), report("b", *PAIR, term_months=84, confidence=0.9)]
    even = [report("a", *PAIR, term_months=60), report("b", *PAIR, term_months=84, day=1)]
    assert [conflicts(said, PARENTS)[0].rule for said in (likely, even)] == ["probability", "newest"]
    assert [conflicts(said, PARENTS)[0].claims[0].value for said in (likely, even)] == ["84", "84"]


def test_naming_fewer_parties_is_no_conflict_and_other_parties_are() -> None:
    full = report("a", "aws:provider", "oracle:provider", "openai:customer")
    assert conflicts([full, report("b", *PAIR)], PARENTS) == []
    (found,) = conflicts([full, report("b", "aws:provider", "anthropic:customer")], PARENTS)
    assert found.field == "parties"
    assert len(found.claims) == 2


def test_capacity_conflicts_name_their_unit() -> None:
    said = [report("a", *PAIR, capacity=(capacity(200, "MW"),)), report("b", *PAIR, capacity=(capacity(300, "MW"),))]
    assert [c.field for c in conflicts(said, PARENTS)] == ["capacity:MW"]
