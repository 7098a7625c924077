"""Figures that are out of the ordinary, which a person should look at before anybody relies on them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dealwire.deal_model import Report
from dealwire.model import Capacity, Kind

# Dollars per unit seen in deals of 2022-2026, widened by a factor of about three on both sides. Renting a gigawatt of
# GPUs for years costs 10-60 billion, a bare shell 2-10; an accelerator 8-60 thousand, or more where years are rented.
USD_PER_GW = (Decimal("0.3e9"), Decimal("150e9"))
USD_PER_GPU = (Decimal("2e3"), Decimal("600e3"))
_MOST_USD = Decimal("1e12")  # no deal has passed a trillion dollars yet
_JUMP = Decimal(500)  # a slip between million and billion, or the long and the short scale
_PRICED: frozenset[Kind] = frozenset(("compute_contract", "chip_supply", "datacenter"))


def outliers(
    kind: Kind, usd: Decimal | None, capacity: Sequence[Capacity], reports: Sequence[Report]
) -> tuple[str, ...]:
    """Names of the checks that fail: usd_per_gw, usd_per_gpu, amount_jump, amount_huge."""
    found = []
    if usd is not None and kind in _PRICED:
        found += [name for item in capacity if (name := _unit_price(usd, item)) is not None]
    if usd is not None and usd > _MOST_USD:
        found.append("amount_huge")
    if _jumps(reports):
        found.append("amount_jump")
    return tuple(dict.fromkeys(found))


def _unit_price(usd: Decimal, item: Capacity) -> str | None:
    if not item.quantity:
        return None
    if item.unit in ("GW", "MW"):
        gigawatts = item.quantity if item.unit == "GW" else item.quantity / 1000
        return None if USD_PER_GW[0] <= usd / gigawatts <= USD_PER_GW[1] else "usd_per_gw"
    if item.unit == "GPU":
        return None if USD_PER_GPU[0] <= usd / item.quantity <= USD_PER_GPU[1] else "usd_per_gpu"
    return None


def _jumps(reports: Sequence[Report]) -> bool:
    """Whether two reports' amounts in one currency lie about a factor of a thousand apart."""
    extremes: dict[str, tuple[Decimal, Decimal]] = {}
    for report in reports:
        amount, currency = report.mention.amount, report.mention.currency
        if amount and currency:
            low, high = extremes.get(currency, (amount, amount))
            extremes[currency] = (min(low, amount), max(high, amount))
    return any(high >= low * _JUMP for low, high in extremes.values())
