"""Whether a file is the European Central Bank's history of reference rates, whole and in step with ours. Pure."""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from datetime import date
from decimal import Decimal, InvalidOperation

from dealwire.resolve.exchange import Rates

MOST_BYTES = 20 * 1024 * 1024  # unpacked; the true file has four
LEAST_CURRENCIES = 20
_NEEDED = frozenset(("USD", "GBP", "JPY", "CHF"))
_TOLERANCE = Decimal("0.01")
_STEP = 20  # every twentieth day is compared with the file that we have
_MOST_DIFFERENT = 0.02


def check_rate_file(packed: bytes, known: Rates) -> date:
    """The newest day of a good file; ValueError says what is wrong with another."""
    rows = _rows(packed)
    days = [day for day, _ in rows]
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        raise ValueError("a day is there twice")
    if not days or days[-1] < known.last_day():
        raise ValueError(f"it ends before {known.last_day()}, the last day that is known already")
    _compare(dict(rows), known)
    return days[-1]


def _rows(packed: bytes) -> list[tuple[date, Decimal]]:
    """Each day with its dollars a euro, oldest first, after every other cell was read too."""
    lines = _unpacked(packed).splitlines()
    header = lines[0].rstrip(",").split(",") if lines else []
    if header[:1] != ["Date"] or len(header) <= LEAST_CURRENCIES or not set(header) >= _NEEDED:
        raise ValueError("its first line does not name the currencies")
    dollars = header.index("USD")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split(",")
        try:
            values = [None if cell in ("", "N/A") else Decimal(cell) for cell in cells[1:]]
            day = date.fromisoformat(cells[0])
        except (ValueError, InvalidOperation):
            raise ValueError(f"line {number} is no line of rates") from None
        if any(value is not None and not (value.is_finite() and value > 0) for value in values):
            raise ValueError(f"line {number} has a rate that is none")
        rate = values[dollars - 1] if len(values) >= dollars else None
        if rate is None:
            raise ValueError(f"line {number} has no dollars")
        found.append((day, rate))
    return sorted(found)


def _unpacked(packed: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive, archive.open(archive.namelist()[0]) as member:
            text = member.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, LookupError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"it is no whole zip file: {error}") from None
    if len(text) > MOST_BYTES:
        raise ValueError("it is larger than any history of rates")
    try:
        return text.decode("ascii")
    except UnicodeDecodeError:
        raise ValueError("it is no plain text") from None


def _compare(rates: dict[date, Decimal], known: Rates) -> None:
    """Days that we know already must carry the rates that we know: history does not change."""
    days = known.days()[::_STEP]
    different = 0
    for day in days:
        before = known.usd(Decimal(1), "EUR", day)
        same = before is not None and day in rates and abs(rates[day] - before.rate) <= _TOLERANCE * before.rate
        different += not same
    if different > len(days) * _MOST_DIFFERENT:
        raise ValueError(f"{different} of {len(days)} days do not carry the rates that are known of them")
