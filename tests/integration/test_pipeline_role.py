"""The pipeline works as a role that may read and write rows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from conftest import reachable_folder

from dealwire.errors import StoreError
from dealwire.pipeline import count_waiting
from dealwire.runtime import open_runtime
from dealwire.settings import PROJECT_ROOT, Settings, load_settings
from dealwire.store.analyst import role_url, run_as_analyst
from dealwire.store.database import Connection, connect
from dealwire.store.embedded import Embedded
from dealwire.store.logins import PIPELINE
from dealwire.store.migrate import migrate

FORBIDDEN = [
    "DROP TABLE deal.deal CASCADE",
    "CREATE TABLE news.mine (x integer)",
    "CREATE SCHEMA mine",
    "ALTER TABLE news.feed ADD COLUMN x integer",
    "TRUNCATE news.article CASCADE",
    "UPDATE ops.migration SET checksum = 'x'",
    "DELETE FROM deal.judgement",
    "UPDATE deal.claim SET quote = 'x'",
    "CREATE ROLE other",
    "ALTER ROLE dealwire_owner LOGIN",
    "SET ROLE dealwire_owner",
    "COPY deal.deal TO '/tmp/deals.csv'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "SELECT pg_read_file('/etc/passwd')",
    "ALTER SYSTEM SET fsync = off",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with reachable_folder() as home:
        yield load_settings({"DEALWIRE_HOME": str(home)}, PROJECT_ROOT)
        Embedded(home).stop()


def user_of(connection: Connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user AS name")
        return str(cursor.fetchone().name)


def test_a_first_start_migrates_as_owner_and_works_as_the_pipeline(settings: Settings) -> None:
    said: list[str] = []
    with open_runtime(settings, said.append) as runtime:
        assert user_of(runtime.connection) == PIPELINE
        assert count_waiting(runtime) == (0, 0, 0, 0, 0)
        assert run_as_analyst(runtime.connection, settings.home, "SELECT 1 AS one") == [{"one": 1}]
    assert len(said) == 1
    with open_runtime(settings, said.append) as runtime:
        assert user_of(runtime.connection) == PIPELINE
    assert len(said) == 1


@pytest.mark.fault("Q1")
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_the_pipeline_may_not_do(settings: Settings, statement: str) -> None:
    with open_runtime(settings) as runtime, runtime.connection.cursor() as cursor:
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(statement)
        assert refused.value.pgcode == "42501"


def test_a_password_that_somebody_changed_is_set_again(settings: Settings) -> None:
    with open_runtime(settings):
        pass
    owner = connect(Embedded(settings.home).url("dealwire"))
    with owner.cursor() as cursor:
        cursor.execute("ALTER ROLE dealwire_pipeline PASSWORD 'other'")
    owner.close()
    with open_runtime(settings) as runtime:
        assert user_of(runtime.connection) == PIPELINE


def test_a_given_address_is_used_as_it_is_and_never_migrated(empty_database_url: str, tmp_path: Path) -> None:
    info = psycopg2.extensions.parse_dsn(empty_database_url)
    given = f"postgresql://{info['user']}:{info['password']}@{info['host']}:{info['port']}/{info['dbname']}"
    environment = {"DEALWIRE_HOME": str(tmp_path), "DATABASE_URL": given}
    with (
        pytest.raises(StoreError, match=r"lacks 0001_.*run `dealwire db migrate`"),
        open_runtime(load_settings(environment, PROJECT_ROOT)),
    ):
        pass
    owner = connect(given)
    migrate(owner)
    environment["DATABASE_URL"] = role_url(owner, tmp_path, PIPELINE)
    owner.close()
    with open_runtime(load_settings(environment, PROJECT_ROOT)) as runtime:
        assert user_of(runtime.connection) == PIPELINE
        assert count_waiting(runtime) == (0, 0, 0, 0, 0)
