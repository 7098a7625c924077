"""Whether a rule tells of a change of a deal, and as what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from dealwire.alert_model import AlertEvent, LastAlert
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange, DealRecord
from dealwire.model import Party

NO_COUNTRIES: Mapping[str, str] = {}


def withdrawn(change: DealChange) -> bool:
    """Whether the deal is no longer one: merged into another, or without a report that stands."""
    return change.merged_into is not None or change.after.source_count == 0


def matches(
    rule: Rule,
    change: DealChange,
    last: LastAlert | None,
    old_before: datetime,
    country_of: Mapping[str, str] = NO_COUNTRIES,
) -> AlertEvent | None:
    """The event that the rule tells of this change, or None.

    `last` is what the rule told of the deal before; `old_before` the instant before which news is no longer news.
    """
    event = _first(rule, change, old_before, country_of) if last is None else _later(rule, change.after, last)
    if event is None and last is None and rule.unalerted_changes and change.before is not None:
        event = _unalerted(rule, change, country_of)
    if event is None or event not in rule.events:
        return None
    if event != "new" and _is_before(change.after.last_reported_at, old_before):
        return None
    return event


def _first(rule: Rule, change: DealChange, old_before: datetime, country_of: Mapping[str, str]) -> AlertEvent | None:
    """A deal is new to a rule when it appears, or when a change makes it one that the rule tells of."""
    languages = _languages(change)
    if not concerns(rule, change.after, languages, country_of):
        return None
    if change.before is None:
        return None if _is_before(change.after.first_reported_at, old_before) else "new"
    if concerns(rule, change.before, languages, country_of):
        return None  # known and not told when it appeared: it was old news then, or the rule is younger
    return None if _is_before(change.after.last_reported_at, old_before) else "new"


def _later(rule: Rule, deal: DealRecord, last: LastAlert) -> AlertEvent | None:
    """What changed since the last alert. Its limits on value do not hold here: a deal that shrinks is news too."""
    if deal.needs_review or deal.confidence < rule.minimum_confidence:
        return None
    told = last.payload["deal"]
    status_counts = not rule.statuses or deal.status in rule.statuses
    if deal.disputed and not told["disputed"]:
        return "disputed"
    if deal.status != told["status"] and status_counts:
        return "status_changed"
    before, after = _comparable(told, deal)
    return "value_changed" if _moved(before, after, rule.value_change_percent) else None


def _unalerted(rule: Rule, change: DealChange, country_of: Mapping[str, str]) -> AlertEvent | None:
    before, after = change.before, change.after
    if before is None or not concerns(rule, before, _languages(change), country_of):
        return None
    if after.disputed and not before.disputed:
        return "disputed"
    if after.status != before.status:
        return "status_changed"
    return "value_changed" if _moved(before.amount_usd, after.amount_usd, rule.value_change_percent) else None


def _comparable(told: Mapping[str, object], deal: DealRecord) -> tuple[Decimal | None, Decimal | None]:
    """In the deal's own currency where it kept it, so that exchange rates alone are no news."""
    if told["currency"] == deal.currency:
        return _decimal(told["amount"]), deal.amount
    return _decimal(told["amount_usd"]), deal.amount_usd


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _moved(before: Decimal | None, after: Decimal | None, percent: Decimal) -> bool:
    if after is None or before == after:
        return False
    if before is None or before == 0:
        return True
    return abs(after - before) * 100 >= percent * before


def _is_before(moment: datetime | None, limit: datetime) -> bool:
    return moment is not None and moment < limit


def _languages(change: DealChange) -> frozenset[str]:
    return frozenset(source.language for source in change.sources if source.language)


def old_before(rule: Rule, now: datetime, last_run_at: datetime | None) -> datetime:
    """News from before this instant is old. After an outage the time we did not look is not held against it."""
    looked_at = now if last_run_at is None else min(now, last_run_at)
    return looked_at - timedelta(hours=rule.maximum_age_hours)


def concerns(rule: Rule, deal: DealRecord, languages: frozenset[str], country_of: Mapping[str, str]) -> bool:
    """Whether a deal, as we believe it now, is one that the rule tells of."""
    return (
        not deal.needs_review
        and _is_large(rule, deal)
        and (not rule.kinds or deal.kind in rule.kinds)
        and (not rule.statuses or deal.status in rule.statuses)
        and _has_party(rule, deal, country_of)
        and (not rule.source_languages or bool(languages.intersection(rule.source_languages)))
        and deal.confidence >= rule.minimum_confidence
        and deal.independent_source_count >= rule.minimum_independent_sources
        and (deal.officially_confirmed or not rule.officially_confirmed)
    )


def _is_large(rule: Rule, deal: DealRecord) -> bool:
    """By value, or by any capacity where the rule names capacities: a 2 GW site is news before its price is known."""
    if rule.minimum_capacity:
        least = rule.minimum_capacity
        if any(c.quantity is not None and c.unit in least and c.quantity >= least[c.unit] for c in deal.capacity):
            return True
        if rule.minimum_usd == 0:
            return False
    return rule.minimum_usd == 0 or (deal.amount_usd is not None and deal.amount_usd >= rule.minimum_usd)


def _has_party(rule: Rule, deal: DealRecord, country_of: Mapping[str, str]) -> bool:
    """One party that meets all of the rule's conditions on parties."""
    if not (rule.parties or rule.roles or rule.countries):
        return True
    wanted = {party.casefold() for party in rule.parties}
    return any(
        (not wanted or not wanted.isdisjoint(_names(party)))
        and (not rule.roles or party.role in rule.roles)
        and (not rule.countries or country_of.get(party.organisation_id or "") in rule.countries)
        for party in deal.parties
    )


def _names(party: Party) -> set[str]:
    return {party.name.casefold(), (party.organisation_id or party.name).casefold()}
