"""Dollars at a date's rate."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dealwire.resolve.exchange import Rates, shipped_rates


def test_dollars_need_no_rate() -> None:
    found = shipped_rates().usd(Decimal("38e9"), "USD", date(2025, 11, 3))
    assert found is not None
    assert (found.usd, found.rate, found.rate_on) == (Decimal("38e9"), Decimal(1), date(2025, 11, 3))


def test_euros_take_the_reference_rate_of_the_day() -> None:
    # The ECB set 1.2658 dollars a euro on Friday 29 December 2023... and 1.1050 is that day's published figure.
    found = shipped_rates().usd(Decimal(100), "EUR", date(2023, 12, 29))
    assert found is not None
    assert found.rate == Decimal("1.105")
    assert found.usd == Decimal("110.50")


def test_a_weekend_takes_the_business_day_before() -> None:
    found = shipped_rates().usd(Decimal(100), "EUR", date(2023, 12, 31))
    assert found is not None
    assert found.rate_on == date(2023, 12, 29)


def test_other_currencies_cross_over_the_euro() -> None:
    found = shipped_rates().usd(Decimal("450e6"), "GBP", date(2023, 12, 1))
    assert found is not None
    assert Decimal("560e6") < found.usd < Decimal("575e6")
    yen = shipped_rates().usd(Decimal("2e12"), "JPY", date(2025, 5, 8))
    assert yen is not None
    assert Decimal("13e9") < yen.usd < Decimal("15e9")


@pytest.mark.parametrize("currency", ["TWD", "XXX", "Date", "", "usd"])
def test_an_unknown_currency_has_no_rate(currency: str) -> None:
    assert shipped_rates().usd(Decimal(1), currency, date(2025, 1, 2)) is None


def test_a_currency_that_the_bank_gave_up_has_no_rate() -> None:
    assert shipped_rates().usd(Decimal(1), "RUB", date(2025, 1, 2)) is None
    assert shipped_rates().usd(Decimal(1), "RUB", date(2021, 1, 5)) is not None


def test_pegged_currencies_take_their_peg() -> None:
    dirham = shipped_rates().usd(Decimal("3.6725e9"), "AED", date(2026, 1, 1))
    riyal = shipped_rates().usd(Decimal("3.75e9"), "SAR", date(2026, 1, 1))
    assert dirham is not None and riyal is not None
    assert abs(dirham.usd - Decimal("1e9")) < 1
    assert abs(riyal.usd - Decimal("1e9")) < 1


def test_no_rate_before_the_first_day_or_without_a_day() -> None:
    assert shipped_rates().usd(Decimal(1), "EUR", date(1998, 1, 1)) is None
    assert shipped_rates().usd(Decimal(1), "EUR", None) is None
    assert shipped_rates().usd(Decimal(1), "AED", date(1990, 1, 1)) is None


def test_after_the_last_day_the_newest_rate_stands_with_its_date() -> None:
    rates = shipped_rates()
    found = rates.usd(Decimal(1), "EUR", date(2099, 1, 1))
    assert found is not None
    assert found.rate_on == rates.last_day()


def test_a_newer_file_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "rates.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "Date,USD,GBP,\n2030-01-03,2.0,0.5,\n2030-01-02,1.0,N/A,\n")
    rates = Rates(path)
    pounds = rates.usd(Decimal(10), "GBP", date(2030, 1, 4))
    assert pounds is not None and pounds.usd == Decimal("40.00")
    assert rates.usd(Decimal(10), "GBP", date(2030, 1, 2)) is None


def test_loading_is_quick() -> None:
    code = (
        "import time; from decimal import Decimal; from datetime import date\n"
        "from dealwire.resolve.exchange import Rates\n"
        "t = time.process_time(); Rates().usd(Decimal(1), 'EUR', date(2025, 1, 2)); print(time.process_time() - t)"
    )
    plugins = str(Path(__file__).parents[3] / "plugins")
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": plugins}
    )
    assert float(run.stdout) < 0.2
