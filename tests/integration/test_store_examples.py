"""The questions of sql/examples on a small market, asked by an analyst; and the data checks of sql/checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from store_market import open_market

from dealwire.store.analyst import read_rows, role_url
from dealwire.store.database import Connection, connect, run_script
from dealwire.store.maintenance import run_checks
from dealwire.store.queries import SQL_ROOT

EXAMPLES = sorted((SQL_ROOT / "examples").glob("*.sql"))
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def analyst(database_url: str, tmp_path: Path) -> Iterator[Connection]:
    """An analyst of the market."""
    owner = connect(database_url)
    open_market(owner, datetime.now(UTC))
    reader = connect(role_url(owner, tmp_path))
    yield reader
    reader.close()
    owner.close()


def answer(analyst: Connection, name: str) -> list[dict[str, Any]]:
    (path,) = [example for example in EXAMPLES if example.stem.endswith(name)]
    return read_rows(analyst, path.read_text("utf-8"))


def test_every_example_is_explained_and_answers(analyst: Connection) -> None:
    assert len(EXAMPLES) >= 15
    empty = set()
    for path in EXAMPLES:
        text = path.read_text("utf-8")
        assert re.match(r"-- [A-Z].*\?\n(-- .*\n)*-- .*\.\n[A-Z]", text), path.name
        if not read_rows(analyst, text):
            empty.add(path.stem)
    assert empty == {"18_from_first_report_to_official", "19_feeds_in_trouble"}  # nothing official, nothing wrong


def test_mega_deals_leave_out_what_was_merged_and_what_is_small(analyst: Connection) -> None:
    found = answer(analyst, "mega_deals_of_the_last_30_days")
    assert [(int(row["amount_usd"] / 10**9), row["amount_class"]) for row in found] == [
        (50, "up_to"), (36, "firm"), (20, "firm"), (10, "firm"), (7, "firm"), (6, "firm"), (5, "firm"), (2, "firm"),
        (1, "per_year"),
    ]  # fmt: skip


def test_commitments_are_spread_over_the_term(analyst: Connection) -> None:
    found = answer(analyst, "who_owes_what_to_whom_by_year")
    compute = [row for row in found if (row["customer"], row["provider"]) == ("Red Lab", "Blue Cloud")]
    assert sum(row["due_usd"] for row in compute) == Decimal(36) * 10**9
    assert len(compute) in (3, 4)
    assert max(row["due_usd"] for row in compute) == Decimal(12) * 10**9
    assert (
        sum(row["no_term_usd"] or 0 for row in compute) == Decimal(10) * 10**9
    )  # half the data center, due nobody knows when
    assert sum(row["yearly_usd"] or 0 for row in compute) == Decimal(1) * 10**9  # twelve months of it


def test_exposure_keeps_kinds_of_dollars_apart(analyst: Connection) -> None:
    found = answer(analyst, "exposure_of_one_company")
    classes = {(row["side"], row["kind"], row["amount_class"]): row["usd"] for row in found}
    assert classes["receives", "compute_contract", "firm"] == 36 * 10**9
    assert classes["receives", "compute_contract", "per_year"] == 10**9
    assert classes["receives", "datacenter", "firm"] == 12 * 10**9
    assert classes["pays", "chip_supply", "firm"] == 6 * 10**9


def test_circles_are_found_once(analyst: Connection) -> None:
    found = answer(analyst, "circular_flows")
    assert {row["flow"]: row["steps"] for row in found} == {
        "Blue Group -> Chip Works -> Red Lab -> Blue Group": 3,
        "Chip Works -> Red Lab -> Chip Works": 2,
    }


def test_totals_never_mix_kinds_of_dollars(analyst: Connection) -> None:
    found = answer(analyst, "dollars_by_month_and_kind")
    firm = sum(row["firm_usd"] for row in found)
    assert firm == Decimal(10 + 36 + 6 + 5 + 20 + 2 + 7) * 10**9
    assert sum(row["up_to_usd"] for row in found) == 50 * 10**9
    assert sum(row["per_year_usd"] for row in found) == 10**9
    assert sum(row["deals"] for row in found) == 10


def test_prices_by_capacity_show_outliers(analyst: Connection) -> None:
    found = answer(analyst, "dollars_per_gigawatt")
    assert [(row["kind"], int(row["usd_per_gw"] / 10**8)) for row in found] == [
        ("datacenter", 100), ("power", 25), ("datacenter", 10),
    ]  # fmt: skip
    assert found[0]["times_median"] == Decimal("1.82")
    assert [row["usd_per_chip"] for row in answer(analyst, "dollars_per_chip")] == [30_000]


def test_the_history_answers_what_was_believed(analyst: Connection) -> None:
    (rumor,) = answer(analyst, "rumors_that_came_true")
    assert float(rumor["days"]) == 8.0
    week_ago = {row["status_then"]: row["status_now"] for row in answer(analyst, "what_we_believed_a_week_ago")}
    assert week_ago["rumored"] == "announced"
    assert [(row["what"], row["changed_fields"][:2] if row["changed_fields"] else []) for row in
            answer(analyst, "what_changed_since_yesterday")] == [
        ("amended", ["amount", "amount_usd"]), ("new", []), ("merged", ["merged_into"]),
    ]  # fmt: skip
    assert [row["percent"] for row in answer(analyst, "how_amounts_moved")] == [Decimal("25.0")]


def test_sources_and_conflicts(analyst: Connection) -> None:
    assert sum(row["first_reports"] for row in answer(analyst, "first_reports_by_outlet")) == 10
    conflict = answer(analyst, "where_sources_disagree")
    values = {(row["field"], row["value"]) for row in conflict}
    assert values == {("amount", "4000000000 EUR"), ("amount", "5000000000 EUR")}
    assert answer(analyst, "proof_of_the_largest_deal")[0]["quote"] == "50000000000 USD"


def test_sums_by_group_share_each_deal_once(analyst: Connection) -> None:
    found = answer(analyst, "top_buyers_and_sellers")
    assert sum(row["net_usd"] for row in found) == 0
    assert sum(row["paid_usd"] for row in found) == Decimal(10 + 36 + 6 + 5 + 20 + 2 + 7) * 10**9


BROKEN = {
    "amount_in_dollars_follows_from_rate": "UPDATE deal.deal SET amount_usd = 1 WHERE deal_id = 1",
    "amount_range_is_in_order": "UPDATE deal.deal SET amount_low = 2, amount_high = 1 WHERE deal_id = 1",
    "amount_has_a_proof": "DELETE FROM deal.claim WHERE mention_id = 1",
    "claim_quotes_its_article": "UPDATE deal.claim SET quote = 'other' WHERE mention_id = 1; "
    "UPDATE deal.mention SET extracted_at = now() WHERE mention_id = 1",
    "deal_version_is_recorded": "DELETE FROM deal.deal_version WHERE deal_id = 1",
    "deal_parties_are_those_of_its_record": "INSERT INTO deal.deal_party VALUES (1, 'sun', 'partner')",
    "flow_follows_parties": "UPDATE deal.deal_flow SET ways = ways + 1 WHERE deal_id = 5",
    "merge_ends_at_a_living_deal": "UPDATE deal.deal SET merged_into = 3 WHERE deal_id = 2",
    "settled_mention_has_a_deal": "UPDATE deal.mention SET deal_id = NULL WHERE mention_id = 1",
    "living_mention_is_of_the_current_text": "INSERT INTO news.article_version SELECT article_id, 2, title, 'x', 'x', "
    "text_source, page_outcome, page_detail, authors, read_at, NULL, 'v1', now(), NULL FROM news.article_version "
    "WHERE article_id = 1; UPDATE news.article_version SET superseded_at = now() WHERE article_id = 1 AND version = 1",
    "read_entry_has_an_article": "UPDATE news.entry SET article_id = NULL WHERE entry_id = 1",
    "entry_has_a_fate": "UPDATE news.entry SET state = 'failed', read_detail = NULL WHERE entry_id = 1",
    "extracted_text_has_a_result": "UPDATE news.article_version SET extracted_by = 'v1', extracted_at = NULL, "
    "extract_error = NULL WHERE article_id = 1",
    "fetched_entry_is_stored": "UPDATE news.feed_fetch SET entries_new = entries_new + 1 WHERE fetched_at > "
    "now() - interval '1 day'",
    "entry_is_read_within_a_day": "UPDATE news.entry SET state = 'new', next_read_at = now() - interval '2 days'",
    "article_is_extracted_within_a_day": "UPDATE news.article_version SET extracted_by = NULL",
    "feed_is_polled_within_a_day": "UPDATE news.feed SET next_poll_at = now() - interval '2 days'",
    "nothing_comes_from_the_future": "UPDATE news.article SET published_at = now() + interval '2 days'",
    "alert_is_not_stuck": "INSERT INTO alert.channel (channel) VALUES ('c'); "
    "INSERT INTO alert.alert (event, event_key, payload, created_at) VALUES ('notice', 'k', '{}', now()); "
    "INSERT INTO alert.delivery (alert_id, channel, state, queued_at, next_attempt_at) "
    "SELECT alert_id, 'c', 'sending', now(), now() - interval '2 days' FROM alert.alert",
}


def test_every_check_finds_what_it_is_for(connection: Connection) -> None:
    open_market(connection, datetime.now(UTC))
    run_script(connection, "UPDATE news.feed SET next_poll_at = now()", "tidy")
    assert {path.stem for path in (SQL_ROOT / "checks").glob("*.sql")} == set(BROKEN)
    assert {r.name: r.sample for r in run_checks(connection, NOW) if r.violations} == {}
    found = {}
    for second, (name, damage) in enumerate(BROKEN.items()):
        connection.autocommit = False
        run_script(connection, damage, name)
        results = run_checks(connection, NOW.replace(microsecond=second + 1))
        found[name] = {result.name for result in results if result.violations}
        connection.rollback()
        connection.autocommit = True
    assert {name for name, broken in found.items() if name not in broken} == set()
