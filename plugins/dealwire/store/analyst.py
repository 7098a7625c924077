"""One query as the analyst role, who may read `analytics` and do nothing else."""

from __future__ import annotations

from typing import Any

import psycopg2

from dealwire.store.database import Connection, execute, transaction
from dealwire.store.failures import translate


def run_as_analyst(connection: Connection, query: str) -> list[dict[str, Any]]:
    """The rows of a query; the role's grants decide what it may see, and 60 seconds how long it may take.

    Raises StoreError with PostgreSQL's own words where the query is wrong or not allowed.
    """
    with transaction(connection):
        execute(connection, "analyst_become")
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return [dict(row._asdict()) for row in cursor.fetchall()] if cursor.description else []  # type: ignore[attr-defined]
        except psycopg2.Error as error:
            raise translate(error, "query") from error
