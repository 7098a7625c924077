"""Deals as rows, as far as the outbox refers to them."""

from __future__ import annotations

from dealwire.store.database import Connection

_PUT = """INSERT INTO deal.deal (deal_id, kind, status, confidence, headline, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT id, 'compute_contract', 'announced', 0.9, 'deal ' || id, now(), now()
FROM generate_series(%s::bigint, %s::bigint) AS id"""


def put_deal(connection: Connection, first: int, last: int | None = None) -> None:
    """Write the deals from `first` to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT, (first, last or first))
