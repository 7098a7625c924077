"""Small articles, mentions and deals for the store's tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from dealwire.deal_model import DealRecord, Decision
from dealwire.feed_model import ArticleReading, Entry, Feed, FeedUpdate, IdentifiedEntry
from dealwire.model import Capacity, Claim, Mention, Party
from dealwire.store import deals, news
from dealwire.store.database import Connection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed("https://harbor.example/rss", "Harbor", "Harbor Gazette", language="en")
PARTIES = (Party("Red Lab", "customer", "red"), Party("Blue Cloud", "provider", "blue"))
CLAIMS = (
    Claim("amount", "38000000000", "38 billion dollars", 10, 28, 0.97, {"near": 1.5}),
    Claim("party:provider:Blue Cloud", "Blue Cloud", "Blue Cloud", 30, 40, 0.9),
)


def new_entry(key: str, text: str, at: datetime, aliases: tuple[str, ...] = ()) -> IdentifiedEntry:
    """An entry as a poll brings it."""
    entry = Entry(key, f"https://harbor.example/{key}", "Title", "Summary", None, (), at, None)
    return IdentifiedEntry(key, aliases, f"{key} {text}", entry)


def a_reading(key: str, text: str, *, publisher: str = "Harbor Gazette", at: datetime = NOW) -> ArticleReading:
    """The page of that entry."""
    url = f"https://harbor.example/{key}"
    return ArticleReading(url, publisher, False, "en", f"Title {key}", text, "page", "ok", None, (), at, "meta")


def an_article(
    connection: Connection, key: str, *, text: str = "A text", at: datetime = NOW, publisher: str = "Harbor Gazette"
) -> tuple[int, int]:
    """Store an article; its id and version."""
    feed_id = news.add_feed(connection, FEED, at)
    item = new_entry(key, text, at)
    update = FeedUpdate(FEED.url, None, None, None, "guid", 3600, at, at, at, 0, 0, 0, None, 0, None, None)
    fetched_at = at + timedelta(milliseconds=int(key))  # a feed has one poll a moment
    news.record_poll(connection, feed_id, update, fetched_at, "ok", entries=[item])
    entry_id = news.known_entries(connection, feed_id, [key])[key][0]
    reading = a_reading(key, text, publisher=publisher, at=at)
    stored = news.store_reading(connection, entry_id, reading, None, None, at)
    return stored.article_id, stored.version


def a_mention() -> Mention:
    """A mention with everything in it."""
    return Mention(
        salience="primary",
        kind="compute_contract",
        status="announced",
        parties=PARTIES,
        amount=Decimal(38_000_000_000),
        currency="USD",
        amount_qualifier="exact",
        amount_basis="total",
        amount_low=None,
        amount_high=None,
        amount_text="38 billion dollars",
        valuation=None,
        valuation_currency=None,
        term_months=84,
        announced_on=date(2026, 3, 1),
        capacity=(Capacity(Decimal(2), "GW", "up_to"), Capacity(None, "GPU", "approx", "GB300")),
        confidence=0.9,
        needs_review=False,
        claims=CLAIMS,
        extractor_version="v1",
    )


def a_record() -> DealRecord:
    """The deal that `a_mention` tells of."""
    return DealRecord(
        kind="compute_contract",
        status="announced",
        disputed=False,
        parties=PARTIES,
        amount=Decimal(38_000_000_000),
        amount_low=None,
        amount_high=None,
        amount_text="38 billion dollars",
        currency="USD",
        amount_qualifier="exact",
        amount_basis="total",
        amount_usd=Decimal(38_000_000_000),
        usd_rate=Decimal(1),
        usd_rate_on=date(2026, 3, 1),
        valuation=None,
        valuation_currency=None,
        term_months=84,
        announced_on=date(2026, 3, 1),
        capacity=(Capacity(Decimal(2), "GW", "up_to"), Capacity(None, "GPU", "approx", "GB300")),
        first_reported_at=NOW,
        last_reported_at=NOW,
        source_count=1,
        independent_source_count=1,
        officially_confirmed=False,
        confidence=0.9,
        needs_review=False,
        headline="Blue Cloud sells computing to Red Lab",
    )


def decision(mention_id: int) -> Decision:
    """A report that founds a deal."""
    return Decision(str(mention_id), "new", "new", 0.0, {"no_candidate": 1.0})


def new_deal(connection: Connection, key: str) -> tuple[int, int]:
    """An article with one mention, folded into a deal; the deal's and the mention's id."""
    article, version = an_article(connection, key)
    deals.replace_mentions(connection, article, version, "v1", [a_mention()], NOW)
    mention_id = max(deals.pending_mentions(connection))
    change = deals.write_deal(connection, None, a_record(), "reported", [mention_id], [decision(mention_id)], NOW, NOW)
    assert change is not None
    return change.deal_id, mention_id
