"""What the page is given to read with: `ask` runs a named query of sql/queries/page.sql and returns its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request

from dealwire.takeaway.columns import Rows
from dealwire.takeaway.whole_deal import Ask as Ask

CurrentUser = Callable[..., Any]


class Judge(Protocol):
    """Records a decision and carries it out; UsageError where it cannot be. Returns its number."""

    def __call__(self, action: str, made_by: str, reason: str, about: Mapping[str, int], /) -> int:
        """The number of the recorded judgement."""


OpenReading = Callable[[], AbstractContextManager[Ask]]
OpenExport = Callable[[Mapping[str, Any]], AbstractContextManager[Rows]]


@dataclass(frozen=True, slots=True)
class Site:
    """What the routes need: a way to read, the clock, whether decisions can be made here, and
    deals for files."""

    reading: OpenReading
    now: Callable[[], datetime]
    judging: bool = False
    exporting: OpenExport | None = None


def site_of(request: Request) -> Site:
    """The site that answers a request."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site
