"""Where everything is put together: settings, the clock, the database. The only module that asks for the time.

`perform` is what a task of a DAG calls, and what the command line calls for a stage: it opens a runtime, runs one
function of the pipeline, and closes it again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from dealwire.context import Runtime
from dealwire.deal_model import Action
from dealwire.errors import StoreError
from dealwire.metrics import tell, tell_failure
from dealwire.settings import Settings, from_environment
from dealwire.store.database import Connection, connect, fetch_all
from dealwire.store.embedded import Embedded
from dealwire.store.exports import exported_deals
from dealwire.store.failures import Unavailable
from dealwire.store.judgements import add_judgement
from dealwire.store.logins import PIPELINE, let_roles_in
from dealwire.store.migrate import check_schema, migrate, pending
from dealwire.takeaway.columns import Rows

WAIT_SECONDS = 60.0
PAGE_TIMEOUT_MS = 10_000
logger = logging.getLogger("dealwire")


def utc_now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


@contextmanager
def open_runtime(settings: Settings | None = None, say: Callable[[str], None] = logger.info) -> Iterator[Runtime]:
    """A runtime on the installation's database, which is started and brought up to date where it is our own.

    On our own server it works as `dealwire_pipeline`, who may read and write rows and nothing else; on a given one as
    the user of DATABASE_URL. Raises StoreError where that cannot be reached or lacks this version's schema.
    """
    settings = settings or from_environment()
    connection = _given_connection(settings) if settings.database_url else _own_connection(settings, say)
    try:
        yield Runtime(settings, connection, utc_now, say=say)
    finally:
        connection.close()


def perform(stage: str, *arguments: Any) -> Any:
    """Run the pipeline's function of that name; the result is small and fits an XCom."""
    import dealwire.pipeline as pipeline

    logging.getLogger("dealwire").setLevel(logging.INFO)
    begun = time.monotonic()
    try:
        with open_runtime() as runtime:
            result = getattr(pipeline, stage)(runtime, *arguments)
    except BaseException as error:  # the first line of a red task's log says why, before any traceback
        logger.error("%s failed: %s", stage, error)
        tell_failure(stage)
        raise
    logger.info("%s: %s", stage, result)
    tell(stage, time.monotonic() - begun, result)
    return result


@contextmanager
def reading() -> Iterator[Callable[[str, Mapping[str, Any]], Sequence[Any]]]:
    """For the page: a function that runs a named query on a connection of its own, which is slow at no one's cost.

    Raises StoreError where the database does not answer at once: a page says so and does not wait.
    """
    connection = _page_connection()
    try:
        yield lambda name, parameters: fetch_all(connection, name, parameters)
    finally:
        connection.close()


@contextmanager
def exporting(filters: Mapping[str, Any]) -> Iterator[Rows]:
    """For the page: the deals under filters as rows of a file, all of one moment."""
    connection = _page_connection()
    try:
        with exported_deals(connection, filters) as rows:
            yield rows
    finally:
        connection.close()


def judge(action: str, made_by: str, reason: str, about: Mapping[str, int]) -> int:
    """For the page: record what a person decided; the next run of extract_deals folds the deals that it touches."""
    connection = _page_connection()
    try:
        return add_judgement(
            connection,
            cast(Action, action),
            made_by=made_by,
            reason=reason,
            now=utc_now(),
            deal_id=about.get("deal_id"),
            other_deal_id=about.get("other_deal_id"),
            mention_id=about.get("mention_id"),
        )
    finally:
        connection.close()


def alert_feed(url: str) -> str:
    """For the page: the alerts of the last 30 days as an Atom feed that is published at `url`."""
    import dealwire.pipeline as pipeline

    connection = _page_connection()
    try:
        return pipeline.alert_feed(Runtime(from_environment(), connection, utc_now), url)
    finally:
        connection.close()


def _page_connection() -> Connection:
    settings = from_environment()
    url = settings.database_url or embedded(settings).url("dealwire", PIPELINE)
    return connect(url, application_name="dealwire page", statement_timeout_ms=PAGE_TIMEOUT_MS)


def embedded(settings: Settings) -> Embedded:
    """The project's own PostgreSQL, whether or not it runs."""
    return Embedded(settings.home, settings.postgres_bin)


def database_url(settings: Settings, database: str = "dealwire") -> str:
    """DATABASE_URL where it is set; else the project's own server, started if it does not run."""
    if settings.database_url:
        return settings.database_url
    server = embedded(settings)
    server.start()
    return server.url(database)


def metadata_url(settings: Settings) -> str:
    """Airflow's metadata database: in the project's own server, also where DATABASE_URL names another for the deals."""
    server = embedded(settings)
    server.start()
    return server.url("airflow")


def _given_connection(settings: Settings) -> Connection:
    connection = connect(settings.database_url or "", application_name="dealwire", wait_seconds=WAIT_SECONDS)
    try:
        check_schema(connection)
    except StoreError:
        connection.close()
        raise
    return connection


def _own_connection(settings: Settings, say: Callable[[str], None]) -> Connection:
    owner_url = database_url(settings)
    url = embedded(settings).url("dealwire", PIPELINE)
    try:
        connection = connect(url, application_name="dealwire")
        if not pending(connection):
            return connection
        connection.close()
    except Unavailable:  # its first start, or a server that is busy restarting
        pass
    owner = connect(owner_url, application_name="dealwire owner", wait_seconds=WAIT_SECONDS)
    try:
        waiting = pending(owner)
        if waiting:
            say(f"bringing the database up to date: {len(waiting)} migrations")
            migrate(owner)
        let_roles_in(owner, settings.home)
    finally:
        owner.close()
    return connect(url, application_name="dealwire", wait_seconds=WAIT_SECONDS)
