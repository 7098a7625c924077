"""Deals as a table for a terminal. The amount is told honestly: "up to", "about", "a year"."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from dealwire.context import Runtime
from dealwire.store.alerts import recent_alerts
from dealwire.store.deals import list_deals

KIND_NAMES = {
    "compute_contract": "compute",
    "chip_supply": "chips",
    "datacenter": "data centre",
    "power": "power",
    "equity_investment": "equity",
    "acquisition": "acquisition",
    "debt_financing": "debt",
    "joint_venture": "joint venture",
    "partnership": "partnership",
}
QUALIFIERS = {"approx": "about ", "up_to": "up to ", "at_least": "over ", "exact": ""}
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def print_deals(runtime: Runtime, limit: int = 40) -> None:
    """The deals, the largest first."""
    deals = list_deals(runtime.connection, limit=limit)
    print(format_table(deals, shutil.get_terminal_size((150, 24)).columns))


def print_alerts(runtime: Runtime) -> None:
    """How many alerts went out, and where to."""
    counts: dict[tuple[str, str], int] = {}
    for alert in recent_alerts(runtime.connection, runtime.now() - timedelta(days=30)):
        for channel, state in dict(alert.deliveries or {}).items():
            counts[channel, state] = counts.get((channel, state), 0) + 1
    told = ", ".join(f"{count} {state} on channel {channel}" for (channel, state), count in sorted(counts.items()))
    print(f"alerts: {told or 'none'}")


def format_table(deals: Sequence[Mapping[str, Any]], width: int) -> str:
    """One line a deal, cut to the terminal's width."""
    rows: list[tuple[str, ...]] = [("deal", "value", "term", "kind", "status", "sources", "what")]
    rows += [_row(deal) for deal in sorted(deals, key=lambda d: -(d["amount_usd"] or Decimal(0)))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "  ".join("-" * size for size in widths)
    return "\n".join(line[:width] for line in [lines[0], rule[:width], *lines[1:]]) + f"\n{len(rows) - 1} deals"


def _row(deal: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(deal["deal_id"]),
        format_amount(deal),
        format_term(deal["term_months"]),
        KIND_NAMES[deal["kind"]],
        deal["status"] + (" (disputed)" if deal["disputed"] else ""),
        f"{deal['source_count']} ({deal['independent_source_count']})",
        deal["headline"],
    )


def format_amount(deal: Mapping[str, Any]) -> str:
    """`up to $19.4bn`, `€1.2bn a year`; a dash where no amount is known."""
    if deal["amount"] is None:
        return "-"
    text = QUALIFIERS[deal["amount_qualifier"] or "exact"] + format_money(deal["amount"], deal["currency"])
    return text + (" a year" if deal["amount_basis"] == "per_year" else "")


def format_money(amount: Decimal, currency: str) -> str:
    """A sum in short: three significant digits or more where it has them."""
    for size, name in ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if amount >= size:
            short = f"{(amount / size).quantize(Decimal('0.01')).normalize():f}{name}"
            break
    else:
        short = f"{amount:f}"
    return f"{SIGNS[currency]}{short}" if currency in SIGNS else f"{currency} {short}"


def format_term(months: int | None) -> str:
    """`7 years`, `30 months`; a dash where none is known."""
    if months is None:
        return "-"
    if months % 12:
        return f"{months} months"
    return f"{months // 12} year{'s' if months > 12 else ''}"
