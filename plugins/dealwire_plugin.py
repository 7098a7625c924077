"""The Airflow plugin: mounts Dealwire's page at /deals and puts it into Airflow's menu.

Airflow does not authenticate plugin apps, so the page gets Airflow's own login as a dependency on every route. The
app is built on the first request: the scheduler and each task process load plugins too and need none of it.
"""

import asyncio
import logging

from airflow.plugins_manager import AirflowPlugin

logger = logging.getLogger("dealwire")


class LazyPage:
    """An ASGI app that becomes the page on its first request; where that fails it answers 503 and shows nothing."""

    def __init__(self):
        self._page = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope, receive, send):
        if self._page is None:
            async with self._lock:
                try:
                    self._page = self._page or build_page()
                except Exception:
                    logger.exception("the Dealwire page could not be built")
                    await answer_503(send)
                    return
        await self._page(scope, receive, send)


def build_page():
    """The page with Airflow's login, whose functions are no public API: this is the only place that names them.

    Everybody with a login reads. Whoever may edit the DAG extract_deals decides in the review queue.
    """
    from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
    from fastapi import Depends

    from dealwire.runtime import alert_feed, exporting, judge, reading, utc_now
    from dealwire.web.app import create_app

    may_edit = requires_access_dag("PUT", param_dag_id="extract_deals")

    def editor(user=Depends(get_user), allowed=Depends(may_edit)):  # noqa: B008 - FastAPI's form
        return user

    return create_app(
        reading, get_user, utc_now, judge=judge, editor=editor, exporting=exporting, alert_feed=alert_feed
    )


async def answer_503(send):
    """What everybody sees while the page cannot be built; the API server's log says why."""
    body = b"The Dealwire page could not be built; the log of the API server says why.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class DealwirePlugin(AirflowPlugin):
    """One app and one entry in the menu under Browse."""

    name = "dealwire"
    fastapi_apps = [{"app": LazyPage(), "url_prefix": "/deals", "name": "Dealwire"}]  # noqa: RUF012 — Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Deals", "href": "deals/", "destination": "nav", "url_route": "deals", "category": "browse"}
    ]
