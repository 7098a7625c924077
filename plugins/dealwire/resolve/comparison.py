"""The named differences and likenesses of two reports, each a number that weights turn into log-odds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from dealwire.model import COMPATIBLE_KINDS
from dealwire.resolve.profiles import Profile

_EXACTLY = Decimal("0.011")
_NEARLY = Decimal("0.10")
_RATE_SLACK = Decimal("0.06")  # between an amount and its conversion by another outlet, at another day's rate
_CEILING = Decimal("1.5")
_ORDER = {"rumored": 0, "announced": 1, "completed": 2, "cancelled": 2}


def compare(one: Profile, other: Profile) -> dict[str, float]:
    """Features of the pair; symmetric, and absent ones are nil."""
    found: dict[str, float] = {"bias": 1.0}
    found.update(_parties(one, other))
    found.update(_kinds(one, other))
    found.update(_amounts(one, other))
    found.update(_details(one, other))
    found.update(_times(one, other))
    found.update(_texts(one, other))
    if "amount_moved" in found and (one.amends or other.amends):
        for changed in ("capacity_differs", "term_differs", "announced_differs"):  # the amendment changed them too
            found.pop(changed, None)
    return found


def _parties(one: Profile, other: Profile) -> dict[str, float]:
    shared, union = one.roots & other.roots, one.roots | other.roots
    found: dict[str, float] = {}
    if not shared:
        return {"parties_none_shared": 1.0}
    if one.roots == other.roots:
        found["parties_same_pair" if len(shared) > 1 else "parties_same_single"] = 1.0
    elif shared in (one.roots, other.roots):
        found["parties_contained" if len(shared) > 1 else "parties_one_of_many"] = 1.0
    else:
        found["parties_overlap" if len(shared) > 1 else "parties_one_shared"] = 1.0
    found["parties_unshared"] = 1 - len(shared) / len(union)
    if one.focus and other.focus:
        found["focus_same" if one.focus & other.focus else "focus_differs"] = 1.0
    if one.kind == other.kind == "acquisition" and one.focus & other.focus and len(shared) > 1:
        found["takeover_same"] = 1.0  # one buyer bids for one target once, whatever the price said
    opposed = sum({one.sides[root], other.sides[root]} == {"supply", "demand"} for root in shared)
    if opposed and one.kind == other.kind:
        # One party on the wrong side is a slip of reading; all of them turned round is another deal.
        found["roles_opposed" if opposed == len(shared) > 1 else "roles_differ"] = 1.0
    return found


def _kinds(one: Profile, other: Profile) -> dict[str, float]:
    if one.kind == other.kind:
        return {"kind_same": 1.0}
    fits = frozenset((one.kind, other.kind)) in COMPATIBLE_KINDS
    return {"kind_compatible" if fits else "kind_differs": 1.0}


def _amounts(one: Profile, other: Profile) -> dict[str, float]:
    if one.amount is None or other.amount is None:
        return {"amount_neither" if one.amount is other.amount else "amount_one_sided": 1.0}
    if one.per_year != other.per_year and _yearly_fits(one, other):
        return {"amount_yearly_fits": 1.0}
    ratio = _ratio(one, other)
    if ratio is None:
        return {"amount_not_comparable": 1.0}
    slack = _EXACTLY if one.currency == other.currency else _RATE_SLACK
    if ratio <= 1 + slack:
        found = {"amount_equal": 1.0}
        if min(_digits(one.amount), _digits(other.amount)) > 1:
            found["amount_telling"] = 1.0
        return found
    if ratio <= 1 + _NEARLY:
        return {"amount_near": 1.0}
    if ratio <= _CEILING and _bounded(one, other):
        return {"amount_within_bound": 1.0}
    found = {"amount_differs": 1.0, "amount_ratio": min(math.log(ratio), 3.0)}
    if _explained(one, other):
        found["amount_moved"] = 1.0
    return found


def _explained(one: Profile, other: Profile) -> bool:
    """Whether a figure may have moved: from a rumour to the fact, or by an amendment that the later report tells."""
    first, second = _event_day(one), _event_day(other)
    if first is None or second is None:
        return one.amends or other.amends
    earlier, later = (one, other) if first <= second else (other, one)
    return later.amends or (earlier.status == "rumored") > (later.status == "rumored")


def _ratio(one: Profile, other: Profile) -> Decimal | None:
    """How many times the larger amount is the smaller; over a range, the nearest ends count."""
    pairs = [(one.amount, other.amount)] if one.currency == other.currency else [(one.usd, other.usd)]
    if one.currency == other.currency:
        pairs += [(one.low, other.amount), (one.amount, other.low)]
    ratios = [max(a, b) / min(a, b) for a, b in pairs if a and b and min(a, b) > 0]
    return min(ratios, default=None)


def _yearly_fits(one: Profile, other: Profile) -> bool:
    """Whether a yearly figure times the term gives the other's total."""
    yearly, total = (one, other) if one.per_year else (other, one)
    months = yearly.term_months or total.term_months
    if yearly.currency != total.currency or not months or not yearly.amount or not total.amount:
        return False
    product = yearly.amount * months / 12
    return max(product, total.amount) / min(product, total.amount) <= 1 + _NEARLY


def _bounded(one: Profile, other: Profile) -> bool:
    """Whether the two figures may be a floor or a ceiling of one another."""
    if one.usd is None or other.usd is None:
        return False
    low, high = sorted((one, other), key=lambda p: (p.usd or 0, p.key))
    return high.qualifier == "up_to" or low.qualifier == "at_least"


def _digits(amount: Decimal) -> int:
    """Significant digits: many outlets say 10 billion, few say 9.7 billion of different deals."""
    return len(amount.normalize().as_tuple().digits)


def _details(one: Profile, other: Profile) -> dict[str, float]:
    found: dict[str, float] = {}
    units = one.capacity.keys() & other.capacity.keys()
    if units:
        same = any(
            max(one.capacity[u], other.capacity[u]) <= Decimal("1.05") * min(one.capacity[u], other.capacity[u])
            for u in units
        )
        found["capacity_equal" if same else "capacity_differs"] = 1.0
    if one.term_months and other.term_months:
        found["term_equal" if one.term_months == other.term_months else "term_differs"] = 1.0
    if one.valuation and other.valuation:
        near = max(one.valuation, other.valuation) <= Decimal("1.05") * min(one.valuation, other.valuation)
        found["valuation_equal" if near else "valuation_differs"] = 1.0
    if one.announced_on and other.announced_on:
        apart = abs((one.announced_on - other.announced_on).days)
        found["announced_same" if apart <= 1 else "announced_near" if apart <= 7 else "announced_differs"] = 1.0
    if one.background or other.background:
        found["recalled_by_both" if one.background and other.background else "recalled_by_one"] = 1.0
    return found


def _times(one: Profile, other: Profile) -> dict[str, float]:
    first, second = _event_day(one), _event_day(other)
    if first is None or second is None:
        return {"gap_unknown": 1.0}
    days = abs((first - second).days)
    found = {_gap_name(days, one.background or other.background): 1.0}
    earlier, later = (one, other) if first <= second else (other, one)
    step = _ORDER[later.status] - _ORDER[earlier.status]
    if step > 0 and days > 0:
        found["status_forward"] = 1.0
    elif step < 0 and days > 3:
        found["status_backward"] = 1.0
    if {one.status, other.status} == {"cancelled", "completed"}:
        found["status_contradicts"] = 1.0
    return found


def _gap_name(days: int, recalled: bool) -> str:
    for limit, name in ((3, "gap_days"), (14, "gap_fortnight"), (60, "gap_two_months"), (200, "gap_half_year")):
        if days <= limit:
            return f"{name}_recalled" if recalled and limit > 14 else name
    return "gap_longer_recalled" if recalled else "gap_longer"


def _event_day(p: Profile) -> date | None:
    return p.announced_on or (p.at.date() if p.at else None)


def _texts(one: Profile, other: Profile) -> dict[str, float]:
    found: dict[str, float] = {}
    smaller = min(len(one.words), len(other.words))
    if smaller >= 4:
        found["words_shared"] = len(one.words & other.words) / smaller
    figures = one.figures & other.figures
    if figures:
        found["figures_shared"] = min(len(figures), 3) / 3
    if one.story_id is not None and one.story_id == other.story_id:
        found["story_same"] = 1.0
    found.update(_sites(one, other))
    return found


def _sites(one: Profile, other: Profile) -> dict[str, float]:
    """Sites in titles tell deals apart; in a lead they may be a company's home. A takeover has no site."""
    if "acquisition" in (one.kind, other.kind):
        return {}
    if one.title_places and other.title_places and not one.title_places & other.title_places:
        return {"title_place_differs": 1.0}
    if one.places and other.places:
        return {"place_shared" if one.places & other.places else "place_differs": 1.0}
    return {}


def reasons(features: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Each feature's share of the score, in log-odds, largest first."""
    shares = {name: round(value * weights.get(name, 0.0), 4) for name, value in features.items()}
    return dict(sorted(((n, s) for n, s in shares.items() if s), key=lambda item: (-abs(item[1]), item[0])))
