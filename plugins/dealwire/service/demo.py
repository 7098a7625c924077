"""The demo: a made-up newsroom read by the real chain of DAGs, run by the real scheduler."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dealwire.errors import DealwireError
from dealwire.service.airflow import Airflow, open_airflow
from dealwire.service.newsroom import Newsroom
from dealwire.settings import Settings

DAGS = ("ingest_news", "extract_deals", "alert_deals", "maintain")
CHAIN_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What still waits in the database for the chain to finish."""

    due_feeds: int
    unread_entries: int
    unextracted_articles: int
    pending_mentions: int
    due_alerts: int

    @property
    def done(self) -> bool:
        return not any(dataclasses.astuple(self)[1:])

    def __str__(self) -> str:
        return (
            f"{self.unread_entries} pages to read, {self.unextracted_articles} articles to extract, "
            f"{self.pending_mentions} mentions to resolve, {self.due_alerts} alerts to send"
        )


def start_demo(
    settings: Settings,
    environment: Mapping[str, str],
    metadata_url: str,
    newsroom: Newsroom,
    port: int,
    say: Callable[[str], None],
) -> Airflow:
    """Start Airflow on the newsroom's feeds and wait until it knows the DAGs."""
    variables = {
        **environment,
        "DEALWIRE_FEEDS": str(newsroom.opml),
        "DEALWIRE_ALLOW_NET": ",".join(sorted({*settings.allow_net, f"127.0.0.1:{port}"})),
        "DEALWIRE_ALERT_RULES": environment.get("DEALWIRE_ALERT_RULES", str(newsroom.alert_rules)),
        "DEALWIRE_HOST_SPACING_SECONDS": "0",
        "DEALWIRE_HOST_PARALLEL": "8",
    }
    airflow = open_airflow(dataclasses.replace(settings, feeds=newsroom.opml), metadata_url)
    airflow.start(variables, say)
    airflow.api.wait_dags(DAGS, 120)
    return airflow


def run_chain(airflow: Airflow, measure: Callable[[], Progress], say: Callable[[str], None]) -> None:
    """Start `ingest_news` and wait until the scheduler has carried its articles through to sent alerts.

    Raises DealwireError where a run fails, with the tasks that failed, or where it takes too long.
    """
    run = airflow.api.trigger("ingest_news")
    say(f"Airflow: run {run} of ingest_news started; extract_deals and alert_deals follow by their assets")
    until = time.monotonic() + CHAIN_SECONDS
    said = ""
    while time.monotonic() < until:
        state = _state_of(airflow, "ingest_news", run)
        progress = measure()
        busy = [dag for dag in DAGS[:3] if any(r["state"] in ("running", "queued") for r in airflow.api.runs(dag))]
        now = f"Airflow: {', '.join(busy) or 'no DAG'} running; {progress}"
        if now != said:
            say(now)
            said = now
        if state == "success" and progress.done and not busy:
            return
        time.sleep(1.0)
    raise DealwireError(f"the chain of DAGs was not done after {CHAIN_SECONDS:.0f} s: {said}; see {airflow.url}")


def _state_of(airflow: Airflow, dag: str, run: str) -> str:
    for name in DAGS[:3]:
        for found in airflow.api.runs(name):
            if found["state"] == "failed" and (name != dag or found["dag_run_id"] == run):
                tasks = airflow.api.task_states(name, found["dag_run_id"])
                failed = ", ".join(task for task, state in tasks.items() if state == "failed")
                raise DealwireError(f"run {found['dag_run_id']} of {name} failed in {failed}: see {airflow.url}")
    return next((str(found["state"]) for found in airflow.api.runs(dag) if found["dag_run_id"] == run), "queued")
