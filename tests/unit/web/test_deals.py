"""How rows become what is shown: changes between versions, differences between reports, copies."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from dealwire.web.deals import changes, copies, differences

RECORD = {"kind": "power", "status": "announced", "amount": "600000000", "currency": "EUR", "amount_qualifier": "exact"}
RECORD |= {"amount_basis": "total", "term_months": 48, "announced_on": "2026-11-02", "parties": [], "capacity": []}


def version(number: int, **fields: object) -> SimpleNamespace:
    at = datetime(2026, 11, number, tzinfo=UTC)
    return SimpleNamespace(version=number, recorded_at=at, cause="amended", record=RECORD | fields)


def test_a_change_names_what_was_and_what_is() -> None:
    found = changes([version(2, amount="850000000", term_months=60), version(1)])
    assert found[0].fields == [("Value", "€600m", "€850m"), ("Term", "4 years", "5 years")]
    assert found[1].fields == []
    assert changes([]) == []


def report(publisher: str, amount: int | None, qualifier: str = "exact") -> SimpleNamespace:
    return SimpleNamespace(
        publisher=publisher,
        kind="power",
        status="announced",
        term_months=None,
        announced_on=None,
        amount=None if amount is None else Decimal(amount),
        currency="USD",
        amount_qualifier=qualifier,
        amount_basis="total",
    )


def test_only_fields_on_which_reports_disagree_are_differences() -> None:
    found = differences([report("A", 10**9), report("B", 10**9), report("C", 2 * 10**9, "up_to"), report("D", None)])
    assert [(one.label, one.values) for one in found] == [("Value", [("$1bn", ["A", "B"]), ("up to $2bn", ["C"])])]
    assert differences([report("A", 10**9), report("B", None)]) == []


def test_a_report_with_an_earlier_ones_text_is_its_copy() -> None:
    reports = [SimpleNamespace(mention_id=n, story_id=story, publisher=p) for n, story, p in ((1, 7, "A"), (2, 7, "B"))]
    reports += [SimpleNamespace(mention_id=n, story_id=None, publisher="C") for n in (3, 4)]
    assert copies(reports) == {2: "A"}
