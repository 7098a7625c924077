"""The JSON API and the CSV file: the table's filters, the same rows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from dealwire.web.deals import deal_json, page_json, read_deal, read_listing
from dealwire.web.filters import MOST_ROWS, StrictFilters
from dealwire.web.reading import site_of
from dealwire.web.spreadsheet import csv_lines

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
        page = read_deal(ask, deal_id)
    return JSONResponse({**page_json(page), "merged_into": page.deal.merged_into})


@router.get("/deals.csv")
@router.head("/deals.csv", include_in_schema=False)
def deals_csv(request: Request, filters: Annotated[StrictFilters, Query()]) -> Response:
    """All deals under the filters as CSV, streamed; `limit` and `after` do not apply."""
    site = site_of(request)
    whole = filters.model_copy(update={"limit": MOST_ROWS, "after": None})
    with site.reading() as ask:
        first = read_listing(ask, whole)
    return StreamingResponse(
        csv_lines(site.reading, whole, first),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="dealwire-deals.csv"'},
    )
