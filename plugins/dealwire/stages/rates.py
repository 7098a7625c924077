"""refresh: the bank's newest exchange rates, at most once a day, where the network allows; else what is there stays."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dealwire.context import Runtime
from dealwire.feed_model import Fetched
from dealwire.news.fetch import Fetcher
from dealwire.resolve.exchange import FILE, PEGGED_PER_USD, Rates, rates_in
from dealwire.resolve.rate_file import check_rate_file
from dealwire.settings import Settings
from dealwire.stages.fetching import fetch_policy
from dealwire.store.lives import currencies_without_rate
from dealwire.store.maintenance import mark_stale_rates
from dealwire.store.operation import record_run

AGAIN_AFTER = timedelta(hours=20)
STATUS = "last_refresh.json"
logger = logging.getLogger("dealwire")


@dataclass(frozen=True, slots=True)
class Refresh:
    """How the last try ended: `ok`, `not_modified`, `bad_file`, or the fault of the fetch."""

    tried_at: str
    outcome: str
    detail: str | None = None
    etag: str | None = None
    last_modified: str | None = None


def rates_folder(settings: Settings) -> Path:
    """Where the refreshed file is kept."""
    return settings.home / "rates"


def current_rates(settings: Settings) -> Rates:
    """The newest rates of this installation."""
    return rates_in(rates_folder(settings))


def last_refresh(settings: Settings) -> Refresh | None:
    """How the last try ended; None where there was none, or nothing readable is kept of it."""
    try:
        return Refresh(**json.loads((rates_folder(settings) / STATUS).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def refresh_exchange_rates(runtime: Runtime, force: bool = False) -> dict[str, Any]:
    """Fetch, check and keep the bank's file; deals that took an older rate are folded anew by the next resolve.

    A failure is recorded and changes nothing: the file that is there stays in use.
    """
    started, settings = runtime.now(), runtime.settings
    last = last_refresh(settings)
    counts: dict[str, Any] = {"refreshed": 0, "failed": 0, "deals": 0}
    if settings.rates_url is None:
        counts["outcome"] = "switched_off"
    elif last is not None and not force and _is_fresh(last, started):
        counts["outcome"] = "fresh"
    else:
        tried = _refresh(runtime, settings.rates_url, last, counts)
        counts["outcome"] = tried.outcome
        _write(rates_folder(settings) / STATUS, json.dumps(asdict(tried)).encode())
    counts["last_day"] = current_rates(settings).last_day().isoformat()
    lacking = currencies_without_rate(runtime.connection)
    counts["deals_without_rate"] = sum(row["deals"] for row in lacking)
    if lacking:
        logger.warning("no dollars for deals in %s: no rate", ", ".join(str(row["currency"]) for row in lacking))
    record_run(runtime.connection, "maintain", started, runtime.now(), {"exchange_rates": counts})
    return counts


def _is_fresh(last: Refresh, now: datetime) -> bool:
    return timedelta(0) <= now - datetime.fromisoformat(last.tried_at) < AGAIN_AFTER


def _refresh(runtime: Runtime, url: str, last: Refresh | None, counts: dict[str, Any]) -> Refresh:
    before = current_rates(runtime.settings)
    kept = (rates_folder(runtime.settings) / FILE).is_file()
    etag, modified = (last.etag, last.last_modified) if last and kept else (None, None)
    fetched = asyncio.run(_fetch(runtime.settings, url, etag, modified))
    at = runtime.now().isoformat()
    if fetched.outcome == "not_modified":
        return Refresh(at, "not_modified", None, etag, modified)
    outcome, detail = fetched.outcome, fetched.detail
    if outcome == "ok":
        try:
            check_rate_file(fetched.body, before)
        except ValueError as error:
            outcome, detail = "bad_file", str(error)
    if outcome != "ok":
        counts["failed"] = 1
        logger.warning(
            "exchange rates could not be refreshed: %s (%s); those of %s stay", outcome, detail, before.last_day()
        )
        return Refresh(at, outcome, detail, etag, modified)
    _write(rates_folder(runtime.settings) / FILE, fetched.body)
    counts["refreshed"] = 1
    counts["deals"] = mark_stale_rates(runtime.connection, before.last_day(), ("USD", *sorted(PEGGED_PER_USD)))
    return Refresh(at, "ok", None, fetched.headers.get("etag"), fetched.headers.get("last-modified"))


async def _fetch(settings: Settings, url: str, etag: str | None, modified: str | None) -> Fetched:
    async with Fetcher(fetch_policy(settings)) as fetcher:
        return await fetcher.get(url, etag=etag, last_modified=modified)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for whoever reads at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)
