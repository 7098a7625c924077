"""
### From articles to deals

Starts when articles wait, and at midnight in case that a start was lost: reads each one for deals, then decides which
of them tell of the same deal and folds them into one row, with proof for every field. New and changed deals queue
their alerts in the same transaction.

Run it by hand with the params `since` and `until` (dates such as 2026-11-01) to read the stored articles of those days
again, or backfill it: each day's run reads the articles again that were first seen on that day.
"""

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, Param, TriggerRule, dag, task
from dealwire_dags import dag_options, fail_run, task_defaults


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 0 * * *", timezone="UTC"), assets=[Asset("articles")]
    ),
    **dag_options(__doc__),
    params={
        "since": Param(None, type=["null", "string"], format="date", description="read again from this day on"),
        "until": Param(None, type=["null", "string"], format="date", description="and up to this day, itself included"),
    },
    default_args=task_defaults(minutes=60),
)
def extract_deals():
    @task(doc_md="Articles that this version of the extractor has not read, in batches: ranges of ids.")
    def find_unextracted_articles(params=None, dag_run=None) -> list[list[int]]:
        from dealwire.runtime import perform

        days = (params["since"], params["until"])
        if dag_run.run_type == "backfill":  # of a day: the articles that were first seen on it
            days = (dag_run.logical_date.date().isoformat(),) * 2
        return perform("find_unextracted_articles", *days)

    @task(doc_md="Read one batch of articles for deals.", max_active_tis_per_dagrun=2)
    def extract_articles(batch: list[int]) -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("extract_articles", batch)

    @task(doc_md="Decide which mentions tell of the same deal, and fold them.", trigger_rule=TriggerRule.ALL_DONE)
    def resolve_mentions() -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("resolve_mentions")

    @task.short_circuit(doc_md="Go on only where an alert waits.", ignore_downstream_trigger_rules=False)
    def alerts_wait() -> bool:
        from dealwire.runtime import perform

        return perform("alerts_wait")

    @task(doc_md="Tell the DAG `alert_deals` that deals changed.", outlets=[Asset("deals")])
    def publish_deals() -> None:
        print("deals changed that somebody wants to hear of: the DAG alert_deals starts")

    @task(doc_md="Turn the run red and say which tasks failed.", trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def watch(ti=None, run_id=None) -> None:
        fail_run(ti, run_id)

    batches = find_unextracted_articles()
    extracted = extract_articles.expand(batch=batches)
    resolved = resolve_mentions()
    waiting = alerts_wait()
    extracted >> resolved >> waiting >> publish_deals()
    [batches, extracted, resolved] >> watch()


extract_deals()
