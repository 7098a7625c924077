"""The FastAPI app of the page. Every address, static files and unknown ones among them, is behind `current_user`.

The plugin mounts it and hands over what it needs: a way to read, who asks, and the clock. Nothing but our own host is
ever named by a page, and no page holds a script of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dealwire.errors import NotFoundError, StoreError
from dealwire.web import api, files, pages
from dealwire.web.alert_feed import AlertFeed, alert_feed_router
from dealwire.web.faults import answer_invalid, answer_missing, answer_refused, answer_unavailable
from dealwire.web.judging import judging_router
from dealwire.web.reading import CurrentUser, Judge, OpenExport, OpenReading, Site

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_HEADERS = [(name.encode(), text.encode()) for name, text in HEADERS.items()]


def create_app(
    reading: OpenReading,
    current_user: CurrentUser,
    now: Callable[[], datetime],
    *,
    judge: Judge | None = None,
    editor: CurrentUser | None = None,
    exporting: OpenExport | None = None,
    alert_feed: AlertFeed | None = None,
) -> FastAPI:
    """The page. `current_user` is a FastAPI dependency that raises 401 or 403 for whoever may not look.

    With `judge` and `editor` (a dependency that returns the user, or raises 403) people decide here; else they read.
    With `exporting` (deals under filters, for files) people take them away; with `alert_feed` feed readers get alerts.
    """
    app = FastAPI(
        title="Dealwire",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(current_user)],
        redirect_slashes=False,
    )
    app.state.site = Site(reading, now, judging=judge is not None and editor is not None, exporting=exporting)
    if judge is not None and editor is not None:
        app.include_router(judging_router(judge, editor))
    if exporting is not None:
        app.include_router(files.router)
    if alert_feed is not None:
        app.include_router(alert_feed_router(alert_feed))
    app.include_router(api.router)
    app.include_router(pages.router)
    app.add_exception_handler(StoreError, answer_unavailable)
    app.add_exception_handler(NotFoundError, answer_missing)
    app.add_exception_handler(HTTPException, answer_refused)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_middleware(_WithHeaders)
    return app


class _WithHeaders:
    """Adds our headers to every answer; an answer's own wins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [(name, text) for name, text in _HEADERS if name not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
