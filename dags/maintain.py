"""
### Keep it in order

Daily at 06:00 UTC: a digest of yesterday's deals, newer exchange rates, checks of the stored data, feed health, removal
of what is older than the retention setting.
A check that finds a violation turns the run red and names the rows.
"""

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task
from dealwire_dags import NO_BACKFILL, dag_options, task_defaults


@dag(
    schedule=CronTriggerTimetable("0 6 * * *", timezone="UTC"),
    **dag_options(__doc__),
    allowed_run_types=NO_BACKFILL,
    default_args=task_defaults(minutes=30, retries=1),
)
def maintain():
    @task(doc_md="Delete fetch records and runs that are older than the retention setting.")
    def remove_old_records() -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("remove_old_records")

    @task(doc_md="Run sql/checks and fail where one finds a violation.", retries=0)
    def check_data() -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("check_data")

    @task(doc_md="Queue the digest of yesterday's deals for every channel; alert_deals sends it.")
    def queue_digest() -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("queue_digest")

    @task(doc_md="List feeds that are stale, dead, moved or suddenly empty.")
    def report_feed_health() -> dict[str, int]:
        from dealwire.runtime import perform

        return perform("report_feed_health")

    @task(doc_md="Fetch the European Central Bank's exchange rates; without network those that are there stay in use.")
    def refresh_exchange_rates() -> dict[str, Any]:
        from dealwire.runtime import perform

        return perform("refresh_exchange_rates")

    queue_digest()
    refresh_exchange_rates()
    remove_old_records()
    check_data()
    report_feed_health()


maintain()
