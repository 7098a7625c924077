"""What people decide about deals and what waits for them, on a real database and through the command line."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import parse_dsn
from store_samples import NOW, a_mention, an_article

from dealwire.cli.main import main
from dealwire.context import Runtime
from dealwire.errors import NotFoundError, UsageError
from dealwire.model import Party
from dealwire.settings import load_settings
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection
from dealwire.store.judgements import add_judgement, mark_stale, undo_judgement
from dealwire.store.lives import list_doubtful_deals, list_duplicates, load_life
from dealwire.store.mentions import pending_mentions, replace_mentions

ROOT = Path(__file__).resolve().parents[2]
BY: dict[str, Any] = {"made_by": "ann", "reason": "checked", "now": NOW}


@pytest.fixture
def runtime(connection: Connection, tmp_path: Path) -> Runtime:
    home = {"DEALWIRE_HOME": str(tmp_path / "home")}
    settings = dataclasses.replace(load_settings(home, tmp_path), project_root=ROOT)
    return Runtime(settings, connection, lambda: NOW, chance=lambda: 0.5)


def told(runtime: Runtime, number: int, day: float = 0, **changes: Any) -> int:
    """Store and resolve an article of another outlet that tells a deal; its mention."""
    at = NOW + timedelta(days=day)
    article, version = an_article(runtime.connection, str(number), publisher=f"Outlet {number}", at=at)
    plain = dataclasses.replace(
        a_mention(), claims=(), capacity=(), term_months=None, announced_on=None, valuation=None
    )
    mention = dataclasses.replace(plain, amount_text=None, amount_low=None, amount_high=None, **changes)
    replace_mentions(runtime.connection, article, version, mention.extractor_version, [mention], NOW)
    (found,) = pending_mentions(runtime.connection)
    resolve_mentions(runtime)
    return found


def deals(connection: Connection) -> list[tuple[int, int | None, int | None, bool]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deal_id, term_months, merged_into, needs_review FROM deal.deal ORDER BY deal_id")
        return [tuple(row) for row in cursor.fetchall()]


def two_that_may_be_one(runtime: Runtime) -> tuple[int, int]:
    """Two deals of one pair, without amounts, weeks apart; the mention of each."""
    nothing = {"amount": None, "currency": None, "amount_qualifier": None, "amount_basis": None}
    return told(runtime, 1, **nothing), told(runtime, 2, day=40, **nothing)


def test_a_doubt_is_kept_with_both_deals_and_its_reasons(runtime: Runtime) -> None:
    _, later = two_that_may_be_one(runtime)
    (pair,) = list_duplicates(runtime.connection)
    assert (pair["deal_id"], pair["other_deal_id"], pair["mention_id"]) == (2, 1, later)
    assert -1 <= pair["score"] < 1
    assert pair["reasons"]["parties_same_pair"] > 0
    life = load_life(runtime.connection, 2)
    assert life.decisions[later]["verdict"] == "new"
    assert [found["other_deal_id"] for found in life.duplicates] == [1]


def test_a_merge_settles_a_doubt_and_undoing_it_brings_the_doubt_back(runtime: Runtime) -> None:
    two_that_may_be_one(runtime)
    number = add_judgement(runtime.connection, "merge", deal_id=2, other_deal_id=1, **BY)
    resolve_mentions(runtime)
    assert list_duplicates(runtime.connection) == []
    assert [deal[2] for deal in deals(runtime.connection)] == [None, 1]
    undo_judgement(runtime.connection, number, "ann", "two after all", NOW)
    resolve_mentions(runtime)
    assert len(list_duplicates(runtime.connection)) == 1
    assert [deal[2] for deal in deals(runtime.connection)] == [None, None]


def test_keeping_a_report_apart_settles_a_doubt(runtime: Runtime) -> None:
    _, later = two_that_may_be_one(runtime)
    add_judgement(runtime.connection, "split", deal_id=1, mention_id=later, **BY)
    resolve_mentions(runtime)
    assert list_duplicates(runtime.connection) == []
    mark_stale(runtime.connection)
    resolve_mentions(runtime)
    assert list_duplicates(runtime.connection) == []


def test_a_split_that_is_taken_back_leaves_a_tombstone_and_no_empty_deal(runtime: Runtime) -> None:
    told(runtime, 1)
    second = told(runtime, 2)
    number = add_judgement(runtime.connection, "split", deal_id=1, mention_id=second, **BY)
    resolve_mentions(runtime)
    assert len([deal for deal in deals(runtime.connection) if deal[2] is None]) == 2
    undo_judgement(runtime.connection, number, "ann", "the same after all", NOW)
    resolve_mentions(runtime)
    assert [(deal[2], deal[3]) for deal in deals(runtime.connection)] == [(None, False), (1, False)]


def test_an_override_that_no_record_can_hold_stops_nothing(runtime: Runtime) -> None:
    told(runtime, 1)
    add_judgement(runtime.connection, "override", deal_id=1, field="term_months", value="soon", **BY)
    told(runtime, 2, kind="power", amount=Decimal(7))
    assert [(deal[0], deal[1]) for deal in deals(runtime.connection)] == [(1, None), (2, None)]
    assert [deal["deal_id"] for deal in list_doubtful_deals(runtime.connection)] == [1]


def test_different_parties_are_a_conflict_and_fewer_are_none(runtime: Runtime) -> None:
    lab, cloud = a_mention().parties
    third = Party("Green Bank", cloud.role, "green")
    told(runtime, 1)
    told(runtime, 2, day=0.1, parties=(lab,))
    query = "SELECT parties, publishers FROM analytics.deal_party_conflict ORDER BY parties"
    with runtime.connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchall() == []
        told(runtime, 3, day=0.2, parties=(lab, third))
        cursor.execute("SELECT count(*) FROM deal.deal")
        assert cursor.fetchone() == (1,)
        cursor.execute(query)
        assert [(row.parties, row.publishers) for row in cursor.fetchall()] == [
            ("Blue Cloud (provider), Red Lab (customer)", ["Outlet 1", "Outlet 2"]),
            ("Green Bank (provider), Red Lab (customer)", ["Outlet 2", "Outlet 3"]),
        ]


def test_a_version_names_the_judgement_that_made_it(runtime: Runtime) -> None:
    told(runtime, 1)
    number = add_judgement(runtime.connection, "override", deal_id=1, field="term_months", value="84", **BY)
    resolve_mentions(runtime)
    assert [(v["cause"], v["judgement_id"]) for v in load_life(runtime.connection, 1).versions] == [
        ("reported", None),
        ("judgement", number),
    ]


def read_again(runtime: Runtime, number: int, version: str, **changes: Any) -> None:
    """A newer extractor reads the article of that outlet."""
    article, text = an_article(runtime.connection, str(number), publisher=f"Outlet {number}")
    plain = dataclasses.replace(
        a_mention(), claims=(), capacity=(), term_months=None, announced_on=None, valuation=None
    )
    mention = dataclasses.replace(plain, amount_text=None, amount_low=None, amount_high=None, **changes)
    replace_mentions(runtime.connection, article, text, version, [dataclasses.replace(mention)], NOW)


@pytest.mark.fault("D6")
def test_a_split_survives_reading_and_folding_everything_anew(runtime: Runtime) -> None:
    told(runtime, 1)
    second = told(runtime, 2)
    number = add_judgement(runtime.connection, "split", deal_id=1, mention_id=second, **BY)
    resolve_mentions(runtime)
    apart = deals(runtime.connection)
    for version in ("v2", "v3"):
        for outlet in (1, 2):
            read_again(runtime, outlet, version, extractor_version=version)
        resolve_mentions(runtime)
        mark_stale(runtime.connection)
        resolve_mentions(runtime)
        assert deals(runtime.connection) == apart
    undo_judgement(runtime.connection, number, "ann", "one after all", NOW)
    resolve_mentions(runtime)
    assert [deal[2] for deal in deals(runtime.connection)] == [None, 1]


@pytest.mark.fault("D6")
def test_a_merge_survives_reading_and_folding_everything_anew(runtime: Runtime) -> None:
    two_that_may_be_one(runtime)
    add_judgement(runtime.connection, "merge", deal_id=2, other_deal_id=1, **BY)
    resolve_mentions(runtime)
    merged = deals(runtime.connection)
    nothing = {"amount": None, "currency": None, "amount_qualifier": None, "amount_basis": None}
    for outlet in (1, 2):
        read_again(runtime, outlet, "v2", extractor_version="v2", **nothing)
    resolve_mentions(runtime)
    mark_stale(runtime.connection)
    resolve_mentions(runtime)
    assert deals(runtime.connection) == merged


@pytest.mark.fault("D6")
def test_a_rejected_report_stays_out_and_an_accepted_one_stays_in_when_read_anew(runtime: Runtime) -> None:
    out = told(runtime, 1)
    article, text = an_article(runtime.connection, "2", publisher="Outlet 2")
    doubtful = dataclasses.replace(a_mention(), kind="power", needs_review=True, claims=(), capacity=())
    replace_mentions(runtime.connection, article, text, "v1", [doubtful], NOW)
    rejected = add_judgement(runtime.connection, "reject", mention_id=out, **BY)
    add_judgement(runtime.connection, "accept", mention_id=out + 1, **BY)
    resolve_mentions(runtime)
    read_again(runtime, 1, "v2", extractor_version="v2")
    again = dataclasses.replace(doubtful, extractor_version="v2")
    replace_mentions(runtime.connection, article, text, "v2", [again], NOW)
    resolve_mentions(runtime)
    assert resolutions(runtime.connection) == ["ignored", "match"]
    assert len(deals(runtime.connection)) == 2
    undo_judgement(runtime.connection, rejected, "ann", "it does", NOW)
    resolve_mentions(runtime)
    assert resolutions(runtime.connection) in (["new", "match"], ["match", "match"])


def resolutions(connection: Connection) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT resolution FROM deal.mention WHERE superseded_at IS NULL ORDER BY mention_id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("action", "about", "said"),
    [
        ("override", {"deal_id": 9, "field": "status", "value": "completed"}, "no deal has the number 9"),
        ("merge", {"deal_id": 1, "other_deal_id": 9}, "no deal has the number 9"),
        ("split", {"deal_id": 1, "mention_id": 99}, "no mention has the number 99"),
        ("accept", {"mention_id": 99}, "no mention has the number 99"),
    ],
)
def test_what_is_not_there_is_named(runtime: Runtime, action: Any, about: dict[str, Any], said: str) -> None:
    told(runtime, 1)
    with pytest.raises(NotFoundError, match=said):
        add_judgement(runtime.connection, action, **about, **BY)


def test_a_report_that_was_read_again_is_no_longer_judged(runtime: Runtime) -> None:
    old = told(runtime, 1)
    article, version = an_article(runtime.connection, "1", text="Another text", publisher="Outlet 1")
    replace_mentions(runtime.connection, article, version, "v2", [], NOW)
    with pytest.raises(UsageError, match="replaced"):
        add_judgement(runtime.connection, "reject", mention_id=old, **BY)


# --- the command line, on the newsroom's deals ---


@pytest.fixture
def command(module_newsroom: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parse_dsn(module_newsroom)
    monkeypatch.setenv("DATABASE_URL", "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts))
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def module_newsroom(module_database_url: str) -> str:
    from datetime import date

    from newsroom.stored import store_newsroom

    from dealwire.store.database import connect

    opened = connect(module_database_url)
    store_newsroom(opened, date(2026, 11, 24))
    opened.close()
    return module_database_url


def shown_life(capsys: pytest.CaptureFixture[str], deal_id: int) -> dict[str, Any]:
    assert main(["why", str(deal_id), "--life", "--format", "json"]) == 0
    life: dict[str, Any] = json.loads(capsys.readouterr().out)
    return life


def a_deal_with_conflicts(capsys: pytest.CaptureFixture[str]) -> int:
    assert main(["sql", "SELECT min(deal_id) AS deal_id FROM analytics.deal_conflict WHERE field = 'amount'"]) == 0
    return int(json.loads(capsys.readouterr().out)["deal_id"])


def test_a_life_tells_reports_sources_conflicts_and_versions(command: None, capsys: pytest.CaptureFixture[str]) -> None:
    life = shown_life(capsys, a_deal_with_conflicts(capsys))
    assert len(life["reports"]) > 1
    assert all(report["decision"]["verdict"] in ("new", "match") for report in life["reports"])
    assert any(report["changed"] for report in life["reports"][1:])
    (amount,) = [conflict for conflict in life["conflicts"] if conflict["field"] == "amount"]
    assert len(amount["claims"]) > 1
    assert amount["claims"][0]["outlets"]
    assert [version["version"] for version in life["versions"]] == list(range(1, len(life["versions"]) + 1))
    groups = life["corroboration"]["groups"]
    assert len(groups) == life["corroboration"]["independent_sources"] == life["record"]["independent_source_count"]
    assert {name for group in groups for name in group} == {report["publisher"] for report in life["reports"]}


def test_a_life_as_text_says_the_same_in_words(command: None, capsys: pytest.CaptureFixture[str]) -> None:
    deal_id = a_deal_with_conflicts(capsys)
    life = shown_life(capsys, deal_id)
    assert main(["why", str(deal_id), "--life"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"deal {deal_id}: {life['headline']}\n")
    for report in life["reports"]:
        assert report["title"] in text
        assert f"(mention {report['mention_id']})" in text
    for conflict in life["conflicts"]:
        for claim in conflict["claims"]:
            assert claim["value"] in text
    assert "(stands)" in text


def test_an_override_is_told_in_the_life_with_who_and_why(command: None, capsys: pytest.CaptureFixture[str]) -> None:
    deal_id = a_deal_with_conflicts(capsys)
    words = ["override", str(deal_id), "amount", "7000000000 EUR", "--reason", "the filing", "--by", "ann"]
    assert main(words) == 0
    assert "dealwire review --undo" in capsys.readouterr().err
    life = shown_life(capsys, deal_id)
    assert (life["record"]["amount"], life["exchange"]["currency"], life["exchange"]["source"]) == (
        "7000000000",
        "EUR",
        "ECB",
    )
    assert next(c["rule"] for c in life["conflicts"] if c["field"] == "amount") == "override"
    judged = life["judgements"][-1]
    assert (judged["made_by"], judged["reason"], judged["undone_at"]) == ("ann", "the filing", None)
    assert life["versions"][-1]["judgement_id"] == judged["judgement_id"]
    assert main(["review", "--undo", str(judged["judgement_id"]), "--by", "bob", "--reason", "an older filing"]) == 0
    capsys.readouterr()
    assert main(["why", str(deal_id), "--life"]) == 0
    assert "taken back by bob" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["override", "1", "term_months", "soon", "--reason", "x"], "term_months cannot be 'soon'"),
        (["override", "1", "colour", "red", "--reason", "x"], "no field 'colour'"),
        (["override", "1", "capacity", '[{"unit": "cows"}]', "--reason", "x"], "capacity cannot be"),
        (["override", "1", "term_months", "99999999999", "--reason", "x"], "from 1 to 1200"),
        (["why", "1", "amount", "--life"], "leave FIELD out"),
        (["why", "999999", "--life"], "no deal has the number 999999"),
        (["merge", "1", "999999", "--reason", "x"], "no deal has the number 999999"),
    ],
)
def test_mistakes_are_refused_before_anything_is_recorded(
    command: None, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    count = ["sql", "SELECT count(*) AS n FROM analytics.deal_version"]
    assert main(count) == 0
    before = capsys.readouterr().out
    assert main(words) in (1, 2)
    assert said in capsys.readouterr().err
    assert main(count) == 0
    assert capsys.readouterr().out == before


def test_the_queue_names_what_each_line_waits_for(command: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["waits"] for line in lines} <= {"mention", "possible_duplicate", "deal"}


def test_dates_of_a_life_are_whole_minutes(command: None, capsys: pytest.CaptureFixture[str]) -> None:
    life = shown_life(capsys, 1)
    assert all(datetime.fromisoformat(report["at"]).second == 0 for report in life["reports"])
