"""The newest alerts as an Atom feed, for feed readers that can log in."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

AlertFeed = Callable[[str], str]  # from the feed's own address to its XML


def alert_feed_router(feed: AlertFeed) -> APIRouter:
    """The route of the feed that `feed` writes."""
    router = APIRouter()

    @router.get("/alerts.atom")
    @router.head("/alerts.atom", include_in_schema=False)
    def alerts(request: Request) -> Response:
        """The alerts of the last 30 days, the newest first."""
        return Response(feed(str(request.url.replace(query=""))), media_type="application/atom+xml")

    return router
