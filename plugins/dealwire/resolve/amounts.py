"""The folded amount: groups of claims that state one figure, which of them stands, and what it keeps of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import cast

from dealwire.deal_model import Report
from dealwire.model import Basis, Qualifier
from dealwire.resolve.blocking import happened_at
from dealwire.resolve.voting import Choice, Rule, choice, rank, ranked, rule_between, same_figure
from dealwire.resolve.wording import amends, says

_WIDEST_CEILING = Decimal(2)  # an "up to" more than twice the firm figure is another claim, no ceiling of this one


@dataclass(frozen=True, slots=True)
class Amount:
    """The amount as folded, with the range that was said around it."""

    amount: Decimal
    currency: str
    low: Decimal | None
    high: Decimal | None
    text: str | None
    qualifier: Qualifier
    basis: Basis | None
    chosen: Choice


def fold_amount(reports: Sequence[Report], voice_of: Mapping[str, int]) -> Amount | None:
    """The rule: a later amendment supersedes; firm beats "up to"; then official, majority, probability."""
    groups = amount_groups(reports, voice_of)
    return _folded(_chosen(groups, voice_of), groups, voice_of) if groups else None


def ranked_amounts(reports: Sequence[Report], voice_of: Mapping[str, int]) -> tuple[list[Choice], Rule | None]:
    """The claimed amounts, the one that stands first, and the rule that sets it before the best of the others."""
    groups = amount_groups(reports, voice_of)
    if len(groups) < 2:
        return groups, None
    chosen = _chosen(groups, voice_of)
    others = sorted((group for group in groups if group is not chosen), key=rank, reverse=True)
    if _qualifier(others[0], voice_of) == "up_to" and _qualifier(chosen, voice_of) != "up_to":
        return [chosen, *others], "signed"
    if _supersedes(chosen, others[0]):
        return [chosen, *others], "later_change"
    return [chosen, *others], rule_between(chosen, others[0])


def _chosen(groups: Sequence[Choice], voice_of: Mapping[str, int]) -> Choice:
    firm = [group for group in groups if _qualifier(group, voice_of) != "up_to"]
    return max(_not_superseded(firm or groups), key=rank)


def amount_groups(reports: Sequence[Report], voice_of: Mapping[str, int]) -> list[Choice]:
    """Claims of one figure in one currency and basis together, in a stable order."""
    claims = sorted(
        (r for r in reports if r.mention.amount is not None and r.mention.currency),
        key=lambda r: (r.mention.currency or "", r.mention.amount or 0, r.key),
    )
    groups: list[list[Report]] = []
    for report in claims:
        if groups and _states_same(groups[-1][0], report):
            groups[-1].append(report)
        else:
            groups.append([report])
    return [choice((g[0].mention.currency, _common_figure(g, voice_of)), g, voice_of, "amount") for g in groups]


def _states_same(first: Report, report: Report) -> bool:
    one, other = first.mention, report.mention
    assert one.amount is not None and other.amount is not None
    yearly = (one.amount_basis == "per_year") == (other.amount_basis == "per_year")
    return one.currency == other.currency and yearly and same_figure(one.amount, other.amount)


def _common_figure(group: Sequence[Report], voice_of: Mapping[str, int]) -> Decimal:
    figures = ranked(group, lambda report: report.mention.amount, voice_of, "amount")
    return cast(Decimal, figures[0].value)


def _qualifier(group: Choice, voice_of: Mapping[str, int]) -> Qualifier:
    named = ranked(group.reports, lambda report: report.mention.amount_qualifier, voice_of, "amount_qualifier")
    return cast(Qualifier, named[0].value) if named else "exact"


def _not_superseded(groups: Sequence[Choice]) -> list[Choice]:
    kept = [group for group in groups if not any(_supersedes(other, group) for other in groups if other is not group)]
    return kept or list(groups)


def _supersedes(later: Choice, earlier: Choice) -> bool:
    """A new figure replaces one that nobody repeats any more, if its reports say that it changed or carry it alone."""
    starts = [time for report in later.reports if (time := happened_at(report))]
    ends = [time for report in earlier.reports if (time := happened_at(report))]
    if not starts or not ends or min(starts) <= max(ends):
        return False
    if later.official or any(amends(report) or says(report, "correction") for report in later.reports):
        return True
    if earlier.official:
        return False
    return later.voices >= 2 if min(starts) - max(ends) >= timedelta(hours=20) else later.voices > earlier.voices


def _folded(chosen: Choice, groups: Sequence[Choice], voice_of: Mapping[str, int]) -> Amount:
    currency, amount = cast(tuple[str, Decimal], chosen.value)
    lows = [r.mention.amount_low for r in chosen.reports if r.mention.amount_low is not None]
    highs = [r.mention.amount_high for r in chosen.reports if r.mention.amount_high is not None]
    highs += [ceiling for group in groups if (ceiling := _ceiling(group, currency, amount, voice_of)) is not None]
    texts = ranked(chosen.reports, lambda report: report.mention.amount_text, voice_of, "amount")
    bases = ranked(chosen.reports, lambda report: report.mention.amount_basis, voice_of, "amount_basis")
    return Amount(
        amount=amount,
        currency=currency,
        low=min([*lows, amount]) if lows or highs else None,
        high=max([*highs, amount]) if lows or highs else None,
        text=cast(str, texts[0].value) if texts else None,
        qualifier=_qualifier(chosen, voice_of),
        basis=cast(Basis, bases[0].value) if bases else None,
        chosen=chosen,
    )


def _ceiling(group: Choice, currency: str, amount: Decimal, voice_of: Mapping[str, int]) -> Decimal | None:
    other_currency, figure = cast(tuple[str, Decimal], group.value)
    above = other_currency == currency and amount < figure <= amount * _WIDEST_CEILING
    return figure if above and _qualifier(group, voice_of) == "up_to" else None
