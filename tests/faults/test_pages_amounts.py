"""P8: amounts that are easily misread, and texts made to stall a pattern."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from dealwire.extract.language import load_language
from dealwire.extract.money import find_money


@pytest.mark.fault("P8")
@pytest.mark.parametrize(
    ("code", "text", "low", "high", "currency"),
    [
        ("en", "a deal worth $5B in all", None, 5_000_000_000, "USD"),
        ("en", "a deal worth US$5bn in all", None, 5_000_000_000, "USD"),
        ("fr", "un accord de 5 milliards d'euros", None, 5_000_000_000, "EUR"),
        ("en", "about $5.0-6.0 billion", 5_000_000_000, 6_000_000_000, "USD"),
        ("en", "it paid $1,400,000 for it", None, 1_400_000, "USD"),
        ("de", "für 1,5 Mrd. Euro", None, 1_500_000_000, "EUR"),
        ("es", "por 38.000 millones de dólares", None, 38_000_000_000, "USD"),
        ("ja", "総額5兆円の契約", None, 5_000_000_000_000, "JPY"),
    ],
)
def test_amounts_have_their_exact_value(code: str, text: str, low: int | None, high: int, currency: str) -> None:
    (found,) = find_money(text, load_language(code))
    assert (found.low, found.high, found.currency) == (None if low is None else Decimal(low), Decimal(high), currency)


@pytest.mark.fault("P8")
@pytest.mark.parametrize(
    "text", ["the 2026 billion-year-old rock", "500,000 chips and 1,400 people", "in 2026 they met"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert find_money(text, load_language("en")) == []


@pytest.mark.fault("P8")
@pytest.mark.parametrize("piece", ["$", "9", "1,", "1.0 ", "$1 ", "billion ", "US$", "5 milliards d'", "-$1-"])
def test_no_text_stalls_the_reader(piece: str) -> None:
    language = load_language("en")
    times = []
    for size in (20_000, 80_000):
        began = time.process_time()
        find_money(piece * (size // len(piece)), language)
        times.append(time.process_time() - began)
    assert times[1] < 12 * max(times[0], 0.02), "four times the text, about four times the time"
