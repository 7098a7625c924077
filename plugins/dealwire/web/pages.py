"""The pages: table, deal, charts, feeds, review. Plain functions, so that a slow database blocks no event loop."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dealwire.web.charts import draw_parties, draw_periods, months, weeks
from dealwire.web.deals import proof_of, read_deal, read_listing
from dealwire.web.filters import Filters
from dealwire.web.flows import draw_network
from dealwire.web.reading import site_of
from dealwire.web.rendering import STATIC_FILES, render

router = APIRouter()
DealId = Annotated[int, Path(ge=1, le=2**63 - 1)]
SUMMARY_DAYS = 30
CHART_MONTHS = 12
CHART_WEEKS = 10


@router.get("/")
@router.head("/", include_in_schema=False)
def table(request: Request, filters: Annotated[Filters, Query()]) -> Response:
    """The table of deals."""
    site = site_of(request)
    now = site.now()
    with site.reading() as ask:
        listing = read_listing(ask, filters)
        values = {
            "listing": listing,
            "filters": filters,
            "asked": filters.asked(),
            "count": ask("page_deals_count", filters.counted())[0].deals,
            "summary": ask("page_summary", {"since": now - timedelta(days=SUMMARY_DAYS)})[0],
            "summary_days": SUMMARY_DAYS,
            "proof_of": proof_of,
        }
    return render(request, "table.html", values, now=now)


@router.get("/deal/{deal_id}")
@router.head("/deal/{deal_id}", include_in_schema=False)
def deal(request: Request, deal_id: DealId) -> Response:
    """One deal; one that was merged away leads to the deal that it became."""
    site = site_of(request)
    with site.reading() as ask:
        page = read_deal(ask, deal_id)
    deal = page.rows.deal
    if deal.merged_into is not None:
        return RedirectResponse(str(deal.merged_into), 307)
    return render(request, "deal.html", {"page": page, "deal": deal, "judging": site.judging}, now=site.now())


@router.get("/charts")
@router.head("/charts", include_in_schema=False)
def charts(request: Request) -> Response:
    """Value a month (a week, while all we know is young), top parties, and the network of who pays whom."""
    site = site_of(request)
    now = site.now()
    periods, period = months(now.date(), CHART_MONTHS), "month"
    with site.reading() as ask:
        rows = ask("page_periods", {"since": periods[0], "period": period})
        young = weeks(now.date(), CHART_WEEKS)
        if rows and rows[0].period_on >= young[0].replace(day=1) + timedelta(days=31):
            periods, period = young, "week"
            rows = ask("page_periods", {"since": periods[0], "period": period})
        parties = ask("page_top_parties", {"since": periods[0], "limit": 15})
        flows = ask("page_flows", {"since": periods[0], "limit": 60})
    values = {
        "since": periods[0],
        "period": period,
        "rows": rows,
        "periods_chart": draw_periods(rows, periods),
        "parties": draw_parties(parties),
        "flows": flows,
        "network": draw_network(flows),
    }
    return render(request, "charts.html", values, now=now)


@router.get("/feeds")
@router.head("/feeds", include_in_schema=False)
def feeds(request: Request) -> Response:
    """How the feeds are, and what the stages did."""
    site = site_of(request)
    now = site.now()
    with site.reading() as ask:
        rows = ask("page_feeds", {"since": now - timedelta(days=1)})
        stages = ask("page_stages", {})
    return render(request, "feeds.html", {"feeds": rows, "stages": stages}, now=now)


@router.get("/review")
@router.head("/review", include_in_schema=False)
def review(request: Request) -> Response:
    """Reports that wait for a person, and what people decided."""
    site = site_of(request)
    with site.reading() as ask:
        waiting = ask("page_review", {"limit": 101})
        judgements = ask("page_judgements", {"limit": 50})
    values = {"waiting": waiting[:100], "more": len(waiting) > 100, "judgements": judgements, "proof_of": proof_of}
    values["judging"] = site.judging
    return render(request, "review.html", values, now=site.now())


@router.get("/static/{edition}/{name}")
@router.head("/static/{edition}/{name}", include_in_schema=False)
def static(edition: str, name: str) -> Response:
    """Our style, script and mark, behind the login like everything else."""
    if name not in STATIC_FILES:
        raise HTTPException(404, "no such file")
    body, media_type = STATIC_FILES[name]
    return Response(body, media_type=media_type, headers={"cache-control": "private, max-age=86400"})


@router.api_route(
    "/{anything:path}", methods=["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
)
def nothing(request: Request, anything: str) -> Response:
    """Every other address and method: it is here so that the login is asked for first."""
    raise HTTPException(404 if request.method in ("GET", "HEAD") else 405, "no such page")
