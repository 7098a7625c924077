"""
### From articles to deals

Starts when articles wait: reads each one for deals, then decides which of them tell of the same deal and folds
them into one row, with proof for every field. New and changed deals queue their alerts in the same transaction.

Run it by hand with the param `since` (a date such as 2026-11-01) to read stored articles again from that day on.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import Asset, Param, TriggerRule, dag, task


@dag(
    schedule=[Asset("articles")],
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["dealwire"],
    params={"since": Param(None, type=["null", "string"], format="date", description="read again from this day on")},
    default_args={
        "owner": "dealwire",
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(minutes=60),
    },
)
def extract_deals():
    @task(doc_md="Articles that this version of the extractor has not read, in batches: ranges of ids.")
    def find_unextracted_articles(params=None) -> list[list[int]]:
        from dealwire.runtime import perform

        return perform("find_unextracted_articles", params["since"])

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

    @task(doc_md="Turn the run red where a task failed for good.", trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def watch() -> None:
        raise RuntimeError("a task of this run failed: its log says why; the next run picks its work up again")

    batches = find_unextracted_articles()
    extracted = extract_articles.expand(batch=batches)
    resolved = resolve_mentions()
    waiting = alerts_wait()
    extracted >> resolved >> waiting >> publish_deals()
    [batches, extracted, resolved] >> watch()


extract_deals()
