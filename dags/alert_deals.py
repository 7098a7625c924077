"""
### Tell people

Sends the alerts that are queued: when deals have changed, and every five minutes for what has to be tried again.
Each alert goes to each channel once; a channel that is down is tried for 72 hours. The addresses of channels named
`airflow://CONNECTION` are the passwords of those connections, from wherever this Airflow keeps its secrets.
"""

from contextlib import suppress

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from dealwire_dags import NO_BACKFILL, dag_options, task_defaults


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/5 * * * *", timezone="UTC"), assets=[Asset("deals")]
    ),
    **dag_options(__doc__),
    allowed_run_types=NO_BACKFILL,
    default_args=task_defaults(minutes=15, retries=2),
)
def alert_deals():
    @task.short_circuit(doc_md="Go on only where an alert is due.")
    def alerts_are_due() -> bool:
        from dealwire.runtime import perform

        return perform("alerts_are_due")

    @task(doc_md="Send what is due. Red where a channel has given up on an alert.")
    def send_alerts() -> dict[str, int]:
        from airflow.sdk import Connection
        from airflow.sdk.exceptions import AirflowNotFoundException

        from dealwire.runtime import perform
        from dealwire.settings import from_environment

        addresses = {}
        for name in from_environment().alert_connections:
            with suppress(AirflowNotFoundException):  # that channel fails by itself and says so
                addresses[name] = Connection.get(name).password or ""
        return perform("send_alerts", addresses)

    alerts_are_due() >> send_alerts()


alert_deals()
