"""What the DAGs have in common: defaults of runs and tasks, what a red run says, and the deadline of ingestion.

In plugins/, where Airflow's DAG processor, workers and triggerer all find it. The library itself imports no Airflow.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowFailException

logger = logging.getLogger("dealwire")

# Feeds hold no past, what is to be sent is sent now, and upkeep is about today: there is nothing to backfill.
NO_BACKFILL = ("scheduled", "manual", "operator_triggered", "asset_triggered", "asset_materialization")
LATE = timedelta(hours=2)


def dag_options(doc: str) -> dict[str, Any]:
    """One run at a time, none for days gone by; what a run leaves undone the next one finds."""
    return {
        "start_date": datetime(2026, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,
        "doc_md": doc,
        "tags": ["dealwire"],
    }


def task_defaults(minutes: int, retries: int = 3) -> dict[str, Any]:
    """Retries after half a minute, then one, two, four … up to ten; a task that takes longer than that is ended."""
    return {
        "owner": "dealwire",
        "retries": retries,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(minutes=minutes),
    }


def fail_run(task_instance: Any, run_id: str) -> NoReturn:
    """Turn the run red, with the names of the tasks that failed as the first line of the log."""
    states = task_instance.get_task_states(dag_id=task_instance.dag_id, run_ids=[run_id])[run_id]
    failed = sorted(name for name, state in states.items() if state == "failed")
    message = f"{', '.join(failed) or 'a task'} failed for good: its log says why; the next run picks its work up again"
    logger.error(message)
    raise AirflowFailException(message)


async def tell_that_ingestion_is_late(context: dict[str, Any]) -> None:
    """Runs in the triggerer when a run of `ingest_news` is not done in time: a notice on every alert channel."""
    from dealwire.runtime import perform

    run_id, needed_by = context["dag_run"]["dag_run_id"], str(context["deadline"]["deadline_time"])
    logger.error("run %s of ingest_news was not done by %s", run_id, needed_by)
    await asyncio.to_thread(perform, "tell_lateness", run_id, needed_by)


INGESTION_IS_LATE = DeadlineAlert(
    name="today's ingestion is late",
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=LATE,
    callback=AsyncCallback(tell_that_ingestion_is_late),
)
