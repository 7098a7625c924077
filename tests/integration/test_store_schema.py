"""The published schema and the data dictionary are those of the migrations."""

from __future__ import annotations

from dealwire.store.database import Connection, fetch_all
from dealwire.store.describe import DICTIONARY_FILE, SCHEMA_FILE, dictionary_text, schema_text, undescribed


def test_the_published_schema_is_the_migrated_one(connection: Connection) -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(connection), "run python -m dealwire.store.describe"


def test_the_data_dictionary_is_that_of_the_schema(connection: Connection) -> None:
    assert DICTIONARY_FILE.read_text("utf-8") == dictionary_text(connection), "run python -m dealwire.store.describe"


def test_everything_is_described(connection: Connection) -> None:
    assert undescribed(connection) == []


def test_every_column_of_the_analysts_contract_has_an_example(connection: Connection) -> None:
    columns = [row for row in fetch_all(connection, "catalogue_columns") if row.schema_name == "analytics"]
    assert len(columns) > 150
    assert [f"{row.relation}.{row.name}" for row in columns if "Example: " not in (row.comment or "")] == []
