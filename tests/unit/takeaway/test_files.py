"""Each form of file gives back what was put in, says what its columns mean, and needs no more memory for more rows."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow.parquet
import pytest
from excel_sheets import formulas, sheet_rows
from hypothesis import given
from hypothesis import strategies as st

from dealwire.csv_cells import harmless
from dealwire.errors import UsageError
from dealwire.takeaway import excel_file
from dealwire.takeaway.columns import Column, Rows
from dealwire.takeaway.formats import FORMS
from dealwire.takeaway.text_files import csv_file, description

COLUMNS = [
    Column("deal_id", "integer", "The number. Example: 17."),
    Column("amount", "number", "How much."),
    Column("headline", "text", 'What, in "words".'),
    Column("firm", "boolean", "Whether."),
    Column("day", "day", "The day."),
    Column("at", "time", "The moment."),
    Column("names", "list", "Who."),
    Column("record", "json", ""),
]
AT = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
ROW = (17, Decimal("38000000000"), "Blue “Cloud”, Ltd", True, date(2026, 3, 1), AT, ["Red", "Blue"], {"a": [1]})
NOTHING = (18, None, None, None, None, None, None, None)


def written(form: str, *batches: Sequence[Sequence[Any]], columns: Sequence[Column] = COLUMNS) -> bytes:
    return b"".join(FORMS[form].write(Rows(columns, iter(batches))))


def test_csv_keeps_values_and_order() -> None:
    first, second = csv.DictReader(io.StringIO(written("csv", [ROW], [NOTHING]).decode(), newline=""))
    assert list(first.values()) == [
        "17", "38000000000", "Blue “Cloud”, Ltd", "true", "2026-03-01", "2026-03-01T12:05:00+00:00", "Red; Blue",
        "{'a': [1]}",
    ]  # fmt: skip
    assert list(second.values()) == ["18", *[""] * 7]


def test_json_lines_keep_values_and_types() -> None:
    first, second = map(json.loads, written("json", [ROW], [NOTHING]).splitlines())
    assert first["amount"] == 38_000_000_000
    assert (first["names"], first["record"], first["at"]) == (["Red", "Blue"], {"a": [1]}, "2026-03-01T12:05:00+00:00")
    assert set(second) == set(first)


def test_parquet_keeps_types_and_explains_each_column() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written("parquet", [ROW, NOTHING], [ROW])))
    first, second, _ = table.to_pylist()
    assert (first["deal_id"], first["amount"], first["day"], first["at"]) == (17, 38e9, date(2026, 3, 1), AT)
    assert (first["names"], first["record"], second["amount"]) == (["Red", "Blue"], '{"a": [1]}', None)
    assert table.schema.field("amount").metadata == {b"description": b"How much."}


def test_excel_keeps_types_and_explains_each_column_on_a_second_sheet() -> None:
    body = written("excel", [ROW], [NOTHING])
    first, second = sheet_rows(body, "rows")
    assert (first["deal_id"], first["amount"], first["firm"]) == (17, 38e9, True)
    assert (first["headline"], first["names"]) == ("Blue “Cloud”, Ltd", "Red; Blue")
    assert (first["day"], round(first["at"], 4)) == (46082, 46082.5035)
    assert second == {**dict.fromkeys(first), "deal_id": 18}
    assert sheet_rows(body, "columns")[2] == {"column": "headline", "holds": "text", "meaning": 'What, in "words".'}


@pytest.mark.parametrize("form", FORMS)
def test_no_rows_are_a_file_too(form: str) -> None:
    body = written(form)
    assert (form == "json") == (body == b"")


def test_the_file_beside_csv_names_each_column_with_type_and_meaning() -> None:
    told = description(COLUMNS, "deals.csv", "deals")
    assert (told["@context"], told["url"]) == ("http://www.w3.org/ns/csvw", "deals.csv")
    assert told["tableSchema"]["columns"][1] == {"name": "amount", "datatype": "decimal", "dc:description": "How much."}


@pytest.mark.fault("Q11")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30), min_size=2))
def test_every_line_comes_back_from_a_csv_reader(fields: list[str]) -> None:
    columns = [Column(f"c{place}", "text", "") for place in range(len(fields))]
    body = b"".join(csv_file(Rows(columns, iter([[fields]])))).decode()
    assert list(csv.reader(io.StringIO(body, newline="")))[1] == [harmless(field) for field in fields]


@pytest.mark.fault("Q11")
def test_no_cell_of_an_excel_file_is_a_formula_or_a_link() -> None:
    hostile = [
        "=1+1",
        "+1",
        "-2",
        "@SUM(A1)",
        "{=1}",
        "http://evil.example",
        '=HYPERLINK("http://evil")',
        "1e9",
        "\0=1",
    ]
    body = written("excel", [(text,) for text in hostile], columns=[Column("=name", "text", "=about")])
    assert [row["=name"] for row in sheet_rows(body, "rows")] == [text.replace("\0", "") for text in hostile]
    assert formulas(body) == []
    assert b"hyperlink" not in body.lower()


def test_what_no_sheet_can_hold_is_told_and_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = sheet_rows(written("excel", [("x" * 40_000,)], columns=[COLUMNS[2]]), "rows")
    assert len(row["headline"]) == 32_767
    monkeypatch.setattr(excel_file, "MOST_ROWS", 2)
    with pytest.raises(UsageError, match="take CSV or Parquet"):
        written("excel", [NOTHING] * 3)


@pytest.mark.parametrize("form", FORMS)
def test_ten_times_the_rows_need_no_more_memory(form: str) -> None:
    def batches(count: int) -> Iterator[list[tuple[Any, ...]]]:
        return ([ROW] * 200 for _ in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        size = sum(len(piece) for piece in FORMS[form].write(Rows(COLUMNS, batches(count))))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > 200 * count / 10 or form == "parquet"
        return most

    peak(1)  # what is imported only once
    assert peak(100) < peak(10) + 3_000_000  # 20,000 rows kept would be some 20 MB
