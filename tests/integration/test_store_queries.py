"""Every named query fits the schema, and the pipeline's role has all the rights it needs, and no more."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
from store_market import open_market

from dealwire.store.analyst import role_url
from dealwire.store.database import Connection, connect, run_script
from dealwire.store.failures import Refused
from dealwire.store.leases import acquire_lease, check_lease
from dealwire.store.operation import canonical_dump, record_run
from dealwire.store.queries import load_queries
from dealwire.store.watchdog import end_runaways

PARAMETER = re.compile(r"%\((\w+)\)s")
EXPLAINED = re.compile(r"(SELECT|WITH|INSERT|UPDATE|DELETE)\b")


def test_every_query_fits_the_schema(connection: Connection) -> None:
    explained = 0
    for name, text in load_queries().items():
        if "VALUES %s" in text or not EXPLAINED.match(text) or ";" in text:
            continue
        with connection.cursor() as cursor:
            values = {key: some_value(key) for key in PARAMETER.findall(text)}
            try:
                cursor.execute(f"EXPLAIN {text}", values or None)
            except psycopg2.Error as error:
                raise AssertionError(f"{name}: {error}") from error
        explained += 1
    assert explained > 100


def some_value(parameter: str) -> datetime | int | None:
    """Of a type that fits where NULL alone has none."""
    if re.fullmatch(r".*_at|now|since|before|until", parameter):
        return datetime.now(UTC)
    return 1 if parameter in ("deal_id", "into") else None


@pytest.fixture
def pipeline(database_url: str, tmp_path: Path) -> Connection:
    owner = connect(database_url)
    opened = connect(role_url(owner, tmp_path, "dealwire_pipeline"))
    owner.close()
    return opened


def test_the_pipelines_role_can_do_the_pipelines_work(pipeline: Connection) -> None:
    now = datetime.now(UTC)
    open_market(pipeline, now)
    lease = acquire_lease(pipeline, "resolve", "me")
    assert lease is not None
    check_lease(pipeline, lease)
    record_run(pipeline, "poll", now, now, {})
    assert len(canonical_dump(pipeline)) > 20
    assert end_runaways(pipeline) == []
    pipeline.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM deal.judgement",
        "UPDATE deal.claim SET quote = ''",
        "UPDATE deal.deal_version SET record = '{}'",
        "DELETE FROM ops.migration",
        "DROP TABLE deal.deal",
        "TRUNCATE deal.deal CASCADE",
        "CREATE TABLE ops.x (x integer)",
    ],
)
def test_the_pipelines_role_cannot_rewrite_history(pipeline: Connection, statement: str) -> None:
    with pytest.raises(Refused):
        run_script(pipeline, statement, "test")
    pipeline.close()
