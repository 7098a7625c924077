"""Claims as people read them."""

from types import SimpleNamespace

from dealwire.web.highlight import Marked
from dealwire.web.proofs import field_label, in_words, proofs_of

CONTEXT = "It pays up to $38 billion over seven years. More."


def claim(field: str, value: str, quote: str, probability: float = 0.9) -> SimpleNamespace:
    at = CONTEXT.index(quote)
    where = {"quote": quote, "start_offset": at, "offset_in_context": at, "context": CONTEXT}
    return SimpleNamespace(field=field, value=value, probability=probability, **where)


def test_what_the_same_words_prove_stands_together() -> None:
    found = proofs_of(
        [
            claim("amount", "38000000000", "up to $38 billion"),
            claim("currency", "USD", "up to $38 billion", 0.8),
            claim("amount_qualifier", "up_to", "up to $38 billion"),
            claim("amount_basis", "total", "up to $38 billion"),
            claim("term_months", "84", "seven years"),
            claim("salience", "primary", "It"),
        ]
    )
    assert [proof.says for proof in found] == [[("Value", "up to $38bn")], [("Term", "7 years")]]
    assert found[0].probability == 0.8
    assert found[0].sentence == Marked("It pays ", "up to $38 billion", " over seven years.")


def test_values_that_we_do_not_know_are_shown_as_they_are() -> None:
    assert proofs_of([claim("amount", "9" * 400, "$38")])[0].says == [("Amount", "9" * 400)]
    assert proofs_of([claim("amount", "NaN", "$38")])[0].says == [("Amount", "NaN")]
    assert in_words("kind", "chip_supply") == "Chips"
    assert in_words("term_months", "9" * 400) == "9" * 400
    assert in_words("announced_on", "2026-11-16") == "16 Nov 2026"
    assert in_words("announced_on", "Monday") == "Monday"
    assert field_label("party:customer:OpenAI") == "Customer"
    assert field_label("capacity:0") == "Capacity"
