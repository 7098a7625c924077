"""How rows become what is shown: changes between versions, differences between reports, claims in words."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from dealwire.web.deals import changes, claim_in_words, differences, field_label

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


def test_claims_are_told_in_words() -> None:
    assert claim_in_words("amount", "38000000000 USD") == "$38bn"
    assert claim_in_words("amount", "38000000000") == "38bn"
    assert claim_in_words("term_months", "84") == "7 years"
    assert claim_in_words("kind", "chip_supply") == "Chips"
    assert claim_in_words("amount", "9" * 400) == "9" * 400
    assert field_label("party:customer:OpenAI") == "Customer OpenAI"
    assert field_label("capacity:0") == "Capacity"
