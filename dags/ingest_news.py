"""
### Get the news

Polls the feeds that are due, reads the pages of their new entries and stores them as articles. Work is found by
its state in PostgreSQL, never by a date window: a run that was missed, killed or repeated loses and doubles nothing.

Run it by hand with the param `feed` to poll one feed now, whether or not it is due.
It cannot be backfilled, since feeds hold no past: read stored articles again with a backfill of `extract_deals`.
A run that is not done after two hours is told as a notice on the alert channels.
The run is red where a batch failed for good, or where more than 30 % of its feeds did (and at least 5).
"""

from airflow.sdk import Asset, CronTriggerTimetable, Param, TriggerRule, dag, task
from dealwire_dags import INGESTION_IS_LATE, NO_BACKFILL, dag_options, fail_run, task_defaults

from dealwire.settings import from_environment


@dag(
    schedule=CronTriggerTimetable(from_environment().schedule, timezone="UTC"),
    **dag_options(__doc__),
    params={"feed": Param(None, type=["null", "string"], description="address of one feed to poll now")},
    allowed_run_types=NO_BACKFILL,
    deadline=INGESTION_IS_LATE,
    default_args=task_defaults(minutes=30),
)
def ingest_news():
    @task(doc_md="Feeds that are due, in at most 20 batches: ranges of ids.")
    def find_due_feeds(params=None) -> list[list[int]]:
        from dealwire.runtime import perform

        return perform("find_due_feeds", params["feed"])

    @task(doc_md="Fetch the feeds of one batch and store their new entries.", max_active_tis_per_dagrun=4)
    def poll_feeds(batch: list[int]) -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("poll_feeds", batch)

    @task(doc_md="Entries whose page was not read yet, in batches: ranges of ids.", trigger_rule=TriggerRule.ALL_DONE)
    def find_unread_entries() -> list[list[int]]:
        from dealwire.runtime import perform

        return perform("find_unread_entries")

    @task(doc_md="Read the pages of one batch of entries.", max_active_tis_per_dagrun=4)
    def read_entries(batch: list[int]) -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("read_entries", batch)

    @task.short_circuit(
        doc_md="Go on only where an article waits for extraction.",
        trigger_rule=TriggerRule.ALL_DONE,
        ignore_downstream_trigger_rules=False,
    )
    def articles_wait() -> bool:
        from dealwire.runtime import perform

        return perform("articles_wait")

    @task(doc_md="Tell the DAG `extract_deals` that articles wait.", outlets=[Asset("articles")])
    def publish_articles() -> None:
        print("articles wait for extraction: the DAG extract_deals starts")

    @task(doc_md="Turn the run red where most of its feeds failed, and say which.", retries=0)
    def judge_polls(batches: list[list[int]]) -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("judge_polls", batches)

    @task(doc_md="Turn the run red and say which tasks failed.", trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def watch(ti=None, run_id=None) -> None:
        fail_run(ti, run_id)

    due = find_due_feeds()
    polled = poll_feeds.expand(batch=due)
    unread = find_unread_entries()
    read = read_entries.expand(batch=unread)
    waiting = articles_wait()
    judged = judge_polls(due)
    polled >> [unread, judged]
    read >> waiting >> publish_articles()
    [due, polled, unread, read, waiting] >> watch()


ingest_news()
