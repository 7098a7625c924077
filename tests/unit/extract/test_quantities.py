"""Gigawatts, chips and the like, with the product that stands beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dealwire.extract.language import load_language
from dealwire.extract.quantities import find_quantities


def _found(text: str, code: str = "en") -> list[tuple[float | None, str]]:
    return [
        (None if q.quantity is None else float(q.quantity), q.unit) for q in find_quantities(text, load_language(code))
    ]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "a 100-megawatt campus", (100, "MW")),
        ("en", "750MW of power", (750, "MW")),
        ("en", "10 gigawatts", (10, "GW")),
        ("en", "1,500 GWh of power", (1_500_000, "MWh")),
        ("en", "22k GPUs", (22_000, "GPU")),
        ("en", "200 to 300 MW", (300, "MW")),
        ("en", "100,000 of Nvidia's newest graphics processors", (100_000, "GPU")),
        ("en", "a million TPUs", (1_000_000, "chip")),
        ("en", "40,000 processors (CPUs)", (40_000, "CPU")),
        ("fr", "40 000 processeurs (CPU)", (40_000, "CPU")),
        ("fr", "1,2 gigawatt", (1.2, "GW")),
        ("fr", "610 000 mégawattheures", (610_000, "MWh")),
        ("de", "zwei Gigawatt", (2, "GW")),
        ("es", "3.400 megavatios", (3400, "MW")),
        ("nl", "478 megawatt", (478, "MW")),
        ("pt", "12.600 placas gráficas", (12_600, "GPU")),
        ("it", "200 megawatt", (200, "MW")),
        ("ja", "GPU10万個", (100_000, "GPU")),
        ("ja", "6ギガワット", (6, "GW")),
        ("zh", "750兆瓦", (750, "MW")),
        ("zh", "2吉瓦", (2, "GW")),
        ("zh", "22万块图形处理器", (220_000, "GPU")),
    ],
)
def test_forms(code: str, text: str, expected: tuple[float, str]) -> None:
    assert _found(text, code) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "$14 billion worth of servers",
        "€5 billion of GPUs",
        "In 2027 the chips arrive",
        "12% of chips",
        "It runs in 5 cities. Servers are new",
    ],
)
def test_other_numbers_count_no_machines(text: str) -> None:
    assert _found(text) == []


def test_hundreds_of_thousands_have_no_quantity() -> None:
    (quantity,) = find_quantities("hundreds of thousands of GPUs", load_language("en"))
    assert (quantity.quantity, quantity.qualifier) == (None, "approx")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("18,000 Nvidia GB300 chips", "Nvidia GB300"),
        ("12,600 GPUs of type Blackwell Ultra GB300", "Blackwell Ultra GB300"),
        ("50,000 AMD Instinct MI450 GPUs", "AMD Instinct MI450"),
        ("40 racks", None),
    ],
)
def test_the_product_beside_the_number(text: str, item: str | None) -> None:
    (quantity, *_) = find_quantities(text, load_language("en"))
    assert quantity.item == item


def test_an_accelerator_without_a_number_counts_once() -> None:
    found = find_quantities("It rents Nvidia GB300 systems. The Nvidia GB300 systems are new.", load_language("en"))
    assert [(q.quantity, q.unit, q.item) for q in found] == [(None, "GPU", "Nvidia GB300")]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "350,000 H100s and 64,000 GB200s", [(350_000, "GPU"), (64_000, "GPU")]),
        ("en", "8,000 units of the B200", [(8000, "GPU")]),
        ("ja", "「GB300」を1万8000個", [(18_000, "GPU")]),
        ("zh", "10000张H100", [(10_000, "GPU")]),
    ],
)
def test_a_product_can_be_what_is_counted(code: str, text: str, expected: list[tuple[float, str]]) -> None:
    assert _found(text, code) == expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "six gigawatts' worth of AMD Instinct GPUs", [(6, "GW")]),
        ("en", "five years of GB300 capacity", [(None, "GPU")]),
        ("zh", "6亿千瓦时", [(600_000, "MWh")]),
    ],
)
def test_numbers_of_power_and_years_count_no_machines(
    code: str, text: str, expected: list[tuple[float | None, str]]
) -> None:
    assert _found(text, code) == expected


def test_a_product_belongs_to_its_own_number() -> None:
    found = find_quantities("It ordered 16,384 H100 accelerators and 2,048 nodes", load_language("en"))
    assert [quantity.item for quantity in found] == ["H100", None]


def test_a_second_figure_shares_the_unit() -> None:
    found = find_quantities("50 MW, expandable to 200.", load_language("en"))
    assert [(q.quantity, q.qualifier) for q in found] == [(Decimal(50), "exact"), (Decimal(200), "up_to")]


def test_processors_are_gpus_only_where_the_text_says_so() -> None:
    assert _found("5,000 processors from Nvidia") == [(5000, "GPU")]
    assert _found("5,000 processors for phones") == [(5000, "chip")]
