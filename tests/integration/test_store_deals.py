"""Mentions, deals, merges and judgements in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from store_samples import NOW, a_mention, a_record, an_article, decision, new_deal

from dealwire.errors import NotFoundError, UsageError
from dealwire.model import Organisation, Party
from dealwire.store import deals, news
from dealwire.store.database import Connection

LATER = NOW + timedelta(hours=1)


def test_the_gazetteer_is_taken_over(connection: Connection) -> None:
    child = Organisation("a.child", "Child", "cloud", ("Kid", "Kiddo"), parent="b.parent")
    parent = Organisation("b.parent", "Parent", "company", country="US")
    assert deals.sync_organisations(connection, [child, parent]) == 2
    assert deals.sync_organisations(connection, [child, parent]) == 0
    assert deals.sync_organisations(connection, [replace(child, aliases=("Kid",)), replace(parent, ticker="P")]) == 1
    assert (
        deals.ensure_organisations(connection, [replace(parent, name="Other"), Organisation("x:n", "N", "unknown")])
        == 1
    )


def test_mentions_are_stored_once_and_come_back_whole(connection: Connection) -> None:
    article, version = an_article(connection, "1")
    mention = a_mention()
    assert deals.replace_mentions(connection, article, version, "v1", [mention, mention], NOW) == 2
    assert deals.replace_mentions(connection, article, version, "v1", [mention, mention], NOW) == 2
    assert news.unextracted_articles(connection, "v1") == []
    assert news.unextracted_articles(connection, "v2") == [article]
    pending = deals.pending_mentions(connection)
    assert len(pending) == 2
    report = deals.load_reports(connection, pending)[0]
    assert report.report.mention == mention
    assert (report.report.key, report.report.article_id, report.deal_id) == (str(pending[0]), str(article), None)


def test_mentions_near_in_time_are_found_by_key(connection: Connection) -> None:
    deal_id, mention_id = new_deal(connection, "1")
    deals.add_block_keys(connection, [("blue|red", NOW, mention_id), ("blue|red", NOW, mention_id)])
    month = timedelta(days=30)
    for at in (NOW - month, NOW, NOW + month):
        assert deals.load_near(connection, [("blue|red", at)], month, 5) == [deals.Near(mention_id, deal_id)]
    assert deals.load_near(connection, [("blue|red", NOW + 2 * month), ("blue|green", NOW)], month, 5) == []
    assert deals.load_near(connection, [], month, 5) == []
    article = int(deals.load_deal_reports(connection, [deal_id])[0].report.article_id)
    deals.replace_mentions(connection, article, 1, "v2", [replace(a_mention(), extractor_version="v2")], LATER)
    assert deals.load_near(connection, [("blue|red", NOW)], month, 5) == []


def test_a_failed_extraction_is_not_tried_again_by_the_same_version(connection: Connection) -> None:
    article, version = an_article(connection, "1")
    deals.record_extract_error(connection, article, version, "v1", "too deep", NOW)
    assert news.unextracted_articles(connection, "v1") == []
    assert news.unextracted_articles(connection, "v2") == [article]


def test_a_deal_is_written_once_and_changes_make_versions(connection: Connection) -> None:
    deal_id, mention_id = new_deal(connection, "1")
    record = a_record()
    again = deals.write_deal(connection, None, record, "reported", [mention_id], [decision(mention_id)], NOW, LATER)
    assert again is None
    assert deals.pending_mentions(connection) == []
    more = replace(record, amount=Decimal("40000000000.00"), amount_usd=Decimal(40_000_000_000))
    change = deals.write_deal(connection, deal_id, more, "amended", [], [], LATER, LATER)
    assert change is not None
    assert (change.version, change.before, change.after, change.cause) == (2, record, more, "amended")
    assert change.sources[0].quote == "38 billion dollars"
    assert deals.load_record(connection, deal_id) == more
    row = deals.list_deals(connection, min_usd=Decimal(10**9), party="Blue Cloud", since=date(2026, 1, 1))[0]
    assert (row["deal_id"], row["amount_class"], row["parties"]) == (
        deal_id,
        "firm",
        "Red Lab (customer), Blue Cloud (provider)",
    )
    assert deals.list_deals(connection, party="nobody") == []


def test_why_shows_the_words_behind_a_field(connection: Connection) -> None:
    deal_id, _ = new_deal(connection, "1")
    evidence = deals.why(connection, deal_id, "amount")
    assert [(claim.quote, claim.extractor_version) for claim in evidence] == [("38 billion dollars", "v1")]
    assert {claim.field for claim in deals.why(connection, deal_id)} == {"amount", "party:provider:Blue Cloud"}
    assert len(deals.why(connection, deal_id, "party")) == 1
    with pytest.raises(NotFoundError, match="99"):
        deals.why(connection, 99)


def test_a_new_extractor_keeps_the_deal_and_marks_it_stale(connection: Connection) -> None:
    deal_id, _ = new_deal(connection, "1")
    article = int(deals.load_deal_reports(connection, [deal_id])[0].report.article_id)
    deals.replace_mentions(connection, article, 1, "v2", [replace(a_mention(), extractor_version="v2")], LATER)
    assert deals.stale_deals(connection) == []  # its re-read report is pending and brings it up by itself
    assert deals.load_deal_reports(connection, [deal_id]) == []
    waiting = deals.load_reports(connection, deals.pending_mentions(connection))
    assert [report.deal_id for report in waiting] == [deal_id]
    unchanged = deals.write_deal(
        connection, deal_id, a_record(), "re_extracted", [waiting[0].mention_id], [], NOW, LATER
    )
    assert unchanged is None
    assert deals.stale_deals(connection) == []


def test_a_deal_whose_report_is_gone_is_stale(connection: Connection) -> None:
    deal_id, _ = new_deal(connection, "1")
    article = int(deals.load_deal_reports(connection, [deal_id])[0].report.article_id)
    deals.replace_mentions(connection, article, 1, "v2", [], LATER)
    assert deals.stale_deals(connection) == [deal_id]


def test_a_text_that_was_replaced_meanwhile_is_not_stored(connection: Connection) -> None:
    article, version = an_article(connection, "1")
    an_article(connection, "1", text="Another text", at=LATER)
    assert deals.replace_mentions(connection, article, version, "v1", [a_mention()], LATER) == 0
    assert deals.pending_mentions(connection) == []


def test_a_merge_counts_once_and_can_be_undone(connection: Connection) -> None:
    first, _ = new_deal(connection, "1")
    second, second_mention = new_deal(connection, "2")
    judgement = deals.add_judgement(
        connection, "merge", made_by="ann", reason="same", now=LATER, deal_id=second, other_deal_id=first
    )
    assert [row["deal_id"] for row in deals.list_deals(connection)] == [first]
    assert deals.stale_deals(connection) == [first]
    reports = deals.load_deal_reports(connection, [first])
    assert [report.deal_id for report in reports] == [first, first]
    with pytest.raises(UsageError, match="merged into"):
        deals.mark_merged(connection, second, first, LATER)
    with pytest.raises(NotFoundError, match="merged"):
        deals.write_deal(connection, second, a_record(), "amended", [], [], LATER, LATER)
    deals.undo_judgement(connection, judgement, "ann", "not the same", LATER)
    assert {row["deal_id"] for row in deals.list_deals(connection)} == {first, second}
    assert [found.mention_id for found in deals.load_deal_reports(connection, [second])] == [second_mention]
    assert deals.load_judgements(connection)[0].undone
    with pytest.raises(UsageError, match="undone already"):
        deals.undo_judgement(connection, judgement, "ann", "again", LATER)


def test_undoing_a_merge_takes_along_what_was_merged_before(connection: Connection) -> None:
    a, b, c = (new_deal(connection, key)[0] for key in "123")
    deals.mark_merged(connection, a, b, LATER)
    deals.mark_merged(connection, b, c, LATER)
    assert {report.deal_id for report in deals.load_deal_reports(connection, [c])} == {c}
    assert len(deals.load_deal_reports(connection, [c])) == 3
    with pytest.raises(UsageError, match="itself"):
        deals.mark_merged(connection, c, a, LATER)
    deals.undo_merge(connection, b, LATER)
    assert len(deals.load_deal_reports(connection, [b])) == 2
    assert len(deals.load_deal_reports(connection, [c])) == 1


def test_people_decide_about_mentions_in_review(connection: Connection) -> None:
    article, version = an_article(connection, "1")
    deals.replace_mentions(connection, article, version, "v1", [replace(a_mention(), needs_review=True)], NOW)
    assert deals.pending_mentions(connection) == []
    mention_id = deals.list_reviews(connection)[0]["mention_id"]
    accepted = deals.add_judgement(connection, "accept", made_by="ann", reason="fine", now=NOW, mention_id=mention_id)
    assert deals.pending_mentions(connection) == [mention_id]
    deals.undo_judgement(connection, accepted, "ann", "no", LATER)
    assert deals.list_reviews(connection)[0]["mention_id"] == mention_id
    deals.add_judgement(connection, "reject", made_by="ann", reason="no", now=LATER, mention_id=mention_id)
    assert deals.list_reviews(connection) == []
    with pytest.raises(UsageError, match="mention_id"):
        deals.add_judgement(connection, "accept", made_by="ann", reason="fine", now=NOW)


def test_a_split_sends_the_report_back_to_resolution(connection: Connection) -> None:
    deal_id, mention_id = new_deal(connection, "1")
    deals.add_judgement(
        connection, "split", made_by="ann", reason="another", now=LATER, deal_id=deal_id, mention_id=mention_id
    )
    assert deals.pending_mentions(connection) == [mention_id]
    assert deals.stale_deals(connection) == [deal_id]
    assert deals.load_judgements(connection, [deal_id])[0].report_key == str(mention_id)


def test_an_unknown_party_becomes_a_provisional_organisation(connection: Connection) -> None:
    record = replace(a_record(), parties=(Party("Tiny Start", "customer"),))
    change = deals.write_deal(connection, None, record, "reported", [], [], NOW, NOW)
    assert change is not None
    assert deals.list_deals(connection, party="tiny start")[0]["deal_id"] == change.deal_id


def test_time_zones_do_not_make_a_change(connection: Connection) -> None:
    deal_id, _ = new_deal(connection, "1")
    elsewhere = datetime.fromisoformat("2026-03-01T13:00:00+01:00")
    assert elsewhere == datetime(2026, 3, 1, 12, tzinfo=UTC)
    record = replace(a_record(), first_reported_at=elsewhere)
    assert deals.write_deal(connection, deal_id, record, "amended", [], [], NOW, LATER) is None
