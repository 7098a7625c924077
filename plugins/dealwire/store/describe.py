"""Write down the schema as it is: sql/schema.sql for developers, docs/data-dictionary.md for analysts.

`python -m dealwire.store.describe` makes both anew from a freshly migrated database of its own; a test holds
them equal to the migrations.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from dealwire.store.database import Connection, Row, connect, fetch_all
from dealwire.store.embedded import Embedded
from dealwire.store.migrate import migrate
from dealwire.store.queries import SQL_ROOT

SCHEMA_FILE = SQL_ROOT / "schema.sql"
DICTIONARY_FILE = SQL_ROOT.parent / "docs" / "data-dictionary.md"
_COMMAND = "python -m dealwire.store.describe"


def schema_text(connection: Connection) -> str:
    """The tables with constraints and indexes as SQL; views and functions by their columns."""
    columns = _by_relation(fetch_all(connection, "catalogue_columns"))
    constraints = _by_relation(fetch_all(connection, "catalogue_constraints"))
    indexes = _by_relation(fetch_all(connection, "catalogue_indexes"))
    parts = [
        f"-- Generated from the migrations by `{_COMMAND}`; for reading, never run. Views are defined in sql/views."
    ]
    for relation in fetch_all(connection, "catalogue_relations"):
        key = (relation.schema_name, relation.name)
        if relation.is_view:
            lines = [f"--   {column.name} {column.type}" for column in columns[key]]
            parts.append("\n".join([f"-- VIEW {'.'.join(key)}", *lines]))
        else:
            parts.append(_table(key, columns[key], constraints[key], indexes[key]))
    for function in fetch_all(connection, "catalogue_functions"):
        parts.append(f"-- FUNCTION {function.schema_name}.{function.name}({function.arguments}) -> {function.result}")
    return "\n\n".join(parts) + "\n"


def _by_relation(rows: Iterable[Row]) -> defaultdict[tuple[str, str], list[Row]]:
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.schema_name, row.relation].append(row)
    return found


def _table(key: tuple[str, str], columns: Sequence[Row], constraints: Sequence[Row], indexes: Sequence[Row]) -> str:
    lines = [f"    {_column(column)}" for column in columns]
    lines += [f"    CONSTRAINT {row.name} {row.definition}" for row in constraints]
    table = f"CREATE TABLE {'.'.join(key)} (\n" + ",\n".join(lines) + "\n);"
    return "\n".join([table, *(f"{row.definition};" for row in indexes)])


def _column(column: Row) -> str:
    text = f"{column.name} {column.type}"
    if column.numbered:
        return f"{text} GENERATED ALWAYS AS IDENTITY"
    if column.generated:
        return f"{text} GENERATED ALWAYS AS ({' '.join(column.default_value.split())}) STORED"
    if column.default_value is not None:
        text += f" DEFAULT {column.default_value}"
    return f"{text} NOT NULL" if column.required else text


def dictionary_text(connection: Connection) -> str:
    """What every view and table holds, from the comments in the catalogue."""
    columns = _by_relation(fetch_all(connection, "catalogue_columns"))
    relations = fetch_all(connection, "catalogue_relations")
    parts = [
        f"# Data dictionary\n\nGenerated from the database's own comments by `{_COMMAND}`. Analysts read schema "
        "`analytics` and nothing else; the other schemas are what its views are made of."
    ]
    schemas = fetch_all(connection, "catalogue_schemas")
    for schema in sorted(schemas, key=lambda row: row.name != "analytics"):
        parts.append(f"## Schema {schema.name}\n\n{schema.comment}")
        for relation in relations:
            if relation.schema_name == schema.name:
                parts.append(_relation_text(relation, columns[schema.name, relation.name]))
        for function in fetch_all(connection, "catalogue_functions"):
            if function.schema_name == schema.name:
                parts.append(f"### {schema.name}.{function.name}({function.arguments})\n\n{function.comment}")
    return "\n\n".join(parts) + "\n"


def _relation_text(relation: Row, columns: Sequence[Row]) -> str:
    lines = [
        f"### {relation.schema_name}.{relation.name}",
        "",
        relation.comment,
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| {column.name} | {column.type} | {(column.comment or '').replace('|', '/')} |" for column in columns]
    return "\n".join(lines)


def undescribed(connection: Connection) -> list[str]:
    """Schemas, tables, views, columns and functions without a comment."""
    found = [row.name for row in fetch_all(connection, "catalogue_schemas") if not row.comment]
    found += [f"{r.schema_name}.{r.name}" for r in fetch_all(connection, "catalogue_relations") if not r.comment]
    found += [f"{r.schema_name}.{r.name}()" for r in fetch_all(connection, "catalogue_functions") if not r.comment]
    columns = fetch_all(connection, "catalogue_columns")
    return found + [f"{row.schema_name}.{row.relation}.{row.name}" for row in columns if not row.comment]


def main() -> int:
    """Make both files anew."""
    with tempfile.TemporaryDirectory(prefix="dealwire-schema-") as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder), durable=False)
        server.start()
        try:
            connection = connect(server.url("dealwire"))
            migrate(connection)
            SCHEMA_FILE.write_text(schema_text(connection), "utf-8")
            DICTIONARY_FILE.parent.mkdir(exist_ok=True)
            DICTIONARY_FILE.write_text(dictionary_text(connection), "utf-8")
            connection.close()
        finally:
            server.stop()
    print(f"wrote {SCHEMA_FILE} and {DICTIONARY_FILE}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
