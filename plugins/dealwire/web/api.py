"""The JSON API: the table's filters, the same rows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dealwire.takeaway.whole_deal import read_deal_rows, whole_deal
from dealwire.web.deals import deal_json, read_listing
from dealwire.web.filters import StrictFilters
from dealwire.web.reading import site_of

router = APIRouter()


@router.get("/api/deals")
@router.head("/api/deals", include_in_schema=False)
def deals(request: Request, filters: Annotated[StrictFilters, Query()]) -> Response:
    """Deals as JSON; `next` is the cursor for `after`, null on the last page."""
    with site_of(request).reading() as ask:
        listing = read_listing(ask, filters)
    shown: dict[str, Any] = {"deals": [deal_json(row) for row in listing.rows], "next": listing.after}
    return JSONResponse(shown)


@router.get("/api/deals/{deal_id}")
@router.head("/api/deals/{deal_id}", include_in_schema=False)
def deal(request: Request, deal_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """One deal as JSON, with its sources and claims."""
    with site_of(request).reading() as ask:
        return JSONResponse(whole_deal(read_deal_rows(ask, deal_id)))
