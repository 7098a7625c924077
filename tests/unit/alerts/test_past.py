"""Back-test, daily digest and Atom feed: alerts seen as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import feedparser
from alert_samples import COMPUTE, NOW, change, deal

from dealwire.alerts.atom import AtomEntry, atom_feed
from dealwire.alerts.backtest import backtest, per_day
from dealwire.alerts.digest import daily_digest
from dealwire.alerts.payload import alert_payload
from dealwire.alerts.render import render
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange

MEGA = Rule("mega", minimum_usd=Decimal(10**9))
LARGEST = replace(MEGA, id="largest", minimum_usd=Decimal(40 * 10**9), channels=("desk",))


def history() -> list[DealChange]:
    """A deal that is told, corroborated, raised, raised again to the same, and withdrawn; and an old one."""
    day = timedelta(days=1)
    raised = deal(amount=Decimal(50_000_000_000), last_reported_at=NOW + day)
    again = deal(last_reported_at=NOW + 2 * day)
    return [
        change(),
        change(deal(source_count=5), COMPUTE, version=2),
        change(raised, COMPUTE, version=3, changed_at=NOW + day),
        change(again, raised, version=4, changed_at=NOW + 2 * day),
        change(replace(raised, last_reported_at=NOW + 3 * day), again, version=5, changed_at=NOW + 3 * day),
        change(deal(source_count=0), raised, version=6, cause="retracted", changed_at=NOW + 4 * day),
        change(deal(first_reported_at=NOW - 9 * day), deal_id=2, changed_at=NOW + 4 * day),
    ]


def test_the_backtest_says_what_each_rule_would_have_sent() -> None:
    found = backtest([MEGA, LARGEST], history())
    assert [(alert.rule_id, alert.event, (alert.at - NOW).days) for alert in found] == [
        ("mega", "new", 0),
        ("mega", "value_changed", 1),
        ("largest", "new", 1),
        ("mega", "value_changed", 2),
        ("largest", "value_changed", 2),
        ("largest", "value_changed", 3),
        ("largest", "correction", 4),
        ("mega", "correction", 4),
    ]
    assert found[0].headline.startswith("$38bn over 7 years: OpenAI buys compute")
    assert per_day(found)[date(2025, 11, 4)] == {"largest": 1, "mega": 1}


def test_the_daily_digest_has_the_days_new_deals_as_they_ended_it() -> None:
    changes = [
        change(),
        change(deal(amount=Decimal(39_000_000_000)), COMPUTE, version=2, changed_at=NOW + timedelta(hours=1)),
        change(deal(amount=Decimal(2 * 10**9), term_months=None), deal_id=2),
        change(deal(), COMPUTE, deal_id=3, version=9),
        change(deal(needs_review=True), deal_id=4),
        change(deal(source_count=0), deal_id=5),
    ]
    digest = daily_digest(changes, NOW.date(), ["mailto-1"])
    assert digest is not None
    assert (digest.event, digest.event_key, digest.deal_id) == ("notice", "daily:2025-11-03:en", None)
    text = render(digest.payload, "text", page_url="https://d.example/deals")
    assert text.title.startswith("Deals of 3 November 2025: 2 deals, the largest: $39bn over 7 years")
    assert text.body.splitlines() == [
        "1. $39bn over 7 years: OpenAI buys compute from Amazon Web Services https://d.example/deals/deal/1",
        "2. $2bn: OpenAI buys compute from Amazon Web Services https://d.example/deals/deal/2",
    ]
    assert (
        '<a href="https://d.example/deals/deal/2"'
        in render(digest.payload, "html", page_url="https://d.example/deals").body
    )
    assert daily_digest(changes, NOW.date(), []) is None
    empty = daily_digest([], NOW.date(), ["mailto-1"], "fr")
    assert empty is not None
    assert render(empty.payload, "text").title == "Accords du 3 novembre 2025\u00a0: Aucun accord."


def test_a_long_digest_says_how_many_more_there_are() -> None:
    alerts = [alert_payload(change(deal_id=number), "new", MEGA, None) for number in range(1, 31)]
    shown = render(alerts, "text", "fr")
    assert shown.title.startswith("30 accords, le plus grand\u00a0: 38\u00a0Md$")
    assert shown.body.splitlines()[0] == "et 10 de plus"
    assert len(shown.body.splitlines()) == 21


def test_the_atom_feed_is_one_that_readers_read() -> None:
    entries = [
        AtomEntry(UUID(int=number), NOW + timedelta(minutes=number), alert_payload(told, "new", MEGA, None))
        for number, told in enumerate([change(), change(deal(amount_text="<b>&\x0b"), deal_id=2)])
    ]
    xml = atom_feed(
        entries, title="Deals & more", feed_url="https://d.example/atom", page_url="https://d.example/deals"
    )
    parsed = feedparser.parse(xml.encode())
    assert not parsed.bozo
    assert (parsed.version, parsed.feed.title, parsed.feed.updated) == (
        "atom10",
        "Deals & more",
        "2025-11-03T14:01:00Z",
    )
    assert [entry.link for entry in parsed.entries] == [
        "https://d.example/deals/deal/2",
        "https://d.example/deals/deal/1",
    ]
    assert parsed.entries[1].title.startswith("$38bn over 7 years: OpenAI")
    assert parsed.entries[1].id == f"urn:uuid:{UUID(int=0)}"
    assert "&lt;b&gt;&amp;" in parsed.entries[0].content[0].value
    assert (
        feedparser.parse(atom_feed([], title="x", feed_url="https://d.example/atom", page_url=None)).feed.title == "x"
    )
