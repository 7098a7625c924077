"""The newsroom's labels as deals in a database, as if perfectly read: for tests of what is shown, not of reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dealwire.deal_model import Cause, Decision, Report, Verdict
from dealwire.extract.gazetteer import Gazetteer, load_gazetteer, provisional_id
from dealwire.feed_model import ArticleReading, Entry, Feed, FeedUpdate, IdentifiedEntry
from dealwire.model import Capacity, Claim, Mention, Party
from dealwire.resolve.exchange import Rates
from dealwire.resolve.fold import fold
from dealwire.store.database import Connection
from dealwire.store.deals import load_reports, pending_mentions, replace_mentions, sync_organisations, write_deal
from dealwire.store.feeds import load_feed_states, sync_feeds
from dealwire.store.news import store_reading
from dealwire.store.polls import known_entries, record_poll
from newsroom.labels import labelled
from newsroom.publications import NewsArticle, Publication, load_publications

BASE = "https://newsroom.example"
EXTRACTOR = "labels-1"
_FIELDS_OF_UNITS = (Decimal(10) ** 9, Decimal(10) ** 8, Decimal(10) ** 6, Decimal(10) ** 12)


@dataclass(frozen=True, slots=True)
class _Stored:
    article: NewsArticle
    article_id: int
    version: int


def store_newsroom(connection: Connection, start: date) -> int:
    """Store feeds, articles, mentions with claims, and deals; how many deals there are."""
    publications = load_publications(start)
    _store_feeds(connection, publications)
    gazetteer = load_gazetteer()
    known = gazetteer.organisations
    orphans = [replace(o, parent=o.parent if o.parent in known else None) for o in known.values()]
    sync_organisations(connection, orphans)
    labels = {line["id"]: line for line in labelled(start)}
    groups = _groups(labels)
    for stored in _store_articles(connection, publications):
        mentions = [_mention(stored.article, deal, gazetteer) for deal in labels[stored.article.id]["deals"]]
        replace_mentions(
            connection, stored.article_id, stored.version, EXTRACTOR, mentions, stored.article.published_at
        )
    return _store_deals(connection, groups)


def _store_feeds(connection: Connection, publications: list[Publication]) -> None:
    now = min(article.published_at for publication in publications for article in publication.articles)
    feeds = [
        Feed(BASE + p.feed_path, p.title, p.publisher, f"{BASE}{p.path}/", p.language, p.category, p.official)
        for p in publications
    ]
    sync_feeds(connection, feeds, now - timedelta(days=1))


def _store_articles(connection: Connection, publications: list[Publication]) -> Iterator[_Stored]:
    states = {state.url: state for state in load_feed_states(connection, list(range(1, len(publications) + 1)))}
    texts: dict[str, int] = {}
    for publication in publications:
        state = states[BASE + publication.feed_path]
        newest = publication.articles[0].published_at
        entries = [_entry(article) for article in publication.articles]
        record_poll(connection, state.feed_id, _update(state.url, newest), newest, "ok", None, 200, 4096, 80, entries)
        known = known_entries(connection, state.feed_id)
        for article in reversed(publication.articles):
            reading = _reading(publication, article)
            story = texts.get(article.text)
            entry_id = known[article.id][0]
            done = store_reading(connection, entry_id, reading, None, story, article.published_at)
            texts.setdefault(article.text, done.article_id)
            yield _Stored(article, done.article_id, done.version)


def _entry(article: NewsArticle) -> IdentifiedEntry:
    entry = Entry(
        article.id, BASE + article.path, article.title, article.paragraphs[0], None, (), article.published_at, None
    )
    return IdentifiedEntry(article.id, (), article.id, entry)


def _update(url: str, at: datetime) -> FeedUpdate:
    return FeedUpdate(
        url, None, None, None, "guid", 3600, at + timedelta(hours=1), at, at, 0, 0, 0, None, 0, None, None
    )


def _reading(publication: Publication, article: NewsArticle) -> ArticleReading:
    source = "feed" if publication.page == "paywall" else "page"
    return ArticleReading(
        BASE + article.path, publication.publisher, publication.official, article.language, article.title, article.text,
        source, "ok", None, (), article.published_at, "json-ld",
    )  # fmt: skip


def _groups(labels: dict[str, dict[str, Any]]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Which deal each label is about: (article's id, its number) -> a key that reports of one deal share."""
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    primary: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for line in labels.values():
        for ordinal, deal in enumerate(line["deals"]):
            if deal["salience"] == "primary":
                key = (line["event"], deal["kind"], _bought(deal))
                found[line["id"], ordinal] = key
                primary[(*_parties_key(deal), deal["amount"])] = key
    for line in labels.values():
        for ordinal, deal in enumerate(line["deals"]):
            if deal["salience"] == "background":
                recalled = (*_parties_key(deal), deal["amount"])
                found[line["id"], ordinal] = primary.get(recalled, recalled)
    return found


def _bought(deal: dict[str, Any]) -> str:
    """Two investors of one event are two deals, unless they share one round, which names several of them."""
    investors = [party["name"] for party in deal["parties"] if party["role"] == "investor"]
    return investors[0] if len(investors) == 1 else ""


def _parties_key(deal: dict[str, Any]) -> tuple[Any, ...]:
    return (deal["kind"], tuple(sorted(party["name"] for party in deal["parties"])))


def _mention(article: NewsArticle, deal: dict[str, Any], gazetteer: Gazetteer) -> Mention:
    amount = None if deal["amount"] is None else Decimal(deal["amount"])
    valuation = None if deal["valuation"] is None else Decimal(deal["valuation"])
    announced = deal["announced_on"]
    return Mention(
        salience=deal["salience"],
        kind=deal["kind"],
        status=deal["status"],
        parties=tuple(Party(p["name"], p["role"], _organisation(p["name"], gazetteer)) for p in deal["parties"]),
        amount=amount,
        currency=deal["currency"],
        amount_qualifier=deal["amount_qualifier"],
        amount_basis=deal["amount_basis"],
        amount_low=amount,
        amount_high=amount,
        amount_text=None,
        valuation=valuation,
        valuation_currency=deal["currency"] if valuation else None,
        term_months=deal["term_months"],
        announced_on=date.fromisoformat(announced) if announced else None,
        capacity=tuple(_capacity(part) for part in deal["capacity"]),
        confidence=0.93 if deal["salience"] == "primary" else 0.81,
        needs_review=False,
        claims=tuple(_claims(f"{article.title}\n\n{article.text}", len(article.title), deal)),
        extractor_version=EXTRACTOR,
    )


def _organisation(name: str, gazetteer: Gazetteer) -> str:
    known = gazetteer.resolve_name(name)
    return known.id if known else provisional_id(name)


def _capacity(part: dict[str, Any]) -> Capacity:
    quantity = None if part["quantity"] is None else Decimal(str(part["quantity"]))
    return Capacity(quantity, part["unit"], part["qualifier"], part["item"])


def _claims(body: str, title_length: int, deal: dict[str, Any]) -> Iterator[Claim]:
    amount = _find_amount(body, title_length, deal["amount"]) if deal["amount"] else None
    if amount is not None:
        told = {"amount": deal["amount"], "currency": deal["currency"]}
        told |= {"amount_qualifier": deal["amount_qualifier"], "amount_basis": deal["amount_basis"]}
        for field, value in told.items():
            yield Claim(field, str(value), amount[0], amount[1], amount[2], 0.95)
    begin = title_length + 2
    ended = re.compile(r"[.。](?=\s|$)|。").search(body, begin)
    stop = ended.end() if ended else len(body)
    yield Claim("kind", deal["kind"], body[begin:stop], begin, stop, 0.9)
    for party in deal["parties"]:
        at = body.find(party["name"], title_length)
        if at >= 0:
            end = at + len(party["name"])
            yield Claim(f"party:{party['role']}:{party['name']}", party["name"], body[at:end], at, end, 0.97)


def _find_amount(body: str, title_length: int, amount: int) -> tuple[str, int, int] | None:
    for unit in _FIELDS_OF_UNITS:
        digits = format((Decimal(amount) / unit).normalize(), "f")
        if len(digits) > 6:
            continue
        written = {
            digits,
            digits.replace(".", ","),
            f"{int(digits):,}".replace(",", ".") if digits.isdigit() else digits,
        }
        pattern = rf"(?<![\d.,])(?:US\$ ?|EUR |[$€])?(?:{'|'.join(map(re.escape, written))})(?![\d.,]*\d) ?\w*"
        for begin in (title_length, 0):
            found = re.compile(pattern).search(body, begin)
            if found:
                return found[0], found.start(), found.end()
    return None


def _store_deals(connection: Connection, groups: dict[tuple[str, int], tuple[Any, ...]]) -> int:
    """Deals in the order of their reports, one version a day on which something was reported."""
    by_deal: dict[tuple[Any, ...], list[tuple[int, Report]]] = defaultdict(list)
    ordinals: dict[str, int] = defaultdict(int)
    for stored in sorted(load_reports(connection, pending_mentions(connection)), key=lambda row: row.mention_id):
        path = (stored.report.url or "").removeprefix(BASE + "/")
        by_deal[groups[path, ordinals[path]]].append((stored.mention_id, stored.report))
        ordinals[path] += 1
    rates = Rates()
    for reports in by_deal.values():
        reports.sort(key=lambda pair: pair[1].published_at or datetime.min.replace(tzinfo=UTC))
        deal_id = None
        for count in range(1, len(reports) + 1):
            seen = reports[:count]
            at = seen[-1][1].published_at or datetime.now(UTC)
            record = fold([report for _, report in seen], [], rates)
            verdict: Verdict = "new" if deal_id is None else "match"
            decision = Decision(str(seen[-1][0]), str(deal_id or 0), verdict, 3.2, {"same_parties": 2.1, "amount": 1.1})
            cause: Cause = "reported" if deal_id is None else "corroborated"
            change = write_deal(connection, deal_id, record, cause, [seen[-1][0]], [decision], at, at)
            deal_id = change.deal_id if change else deal_id
    return len(by_deal)
