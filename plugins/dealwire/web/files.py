"""The table to take away: the same filters and order, in every form of file, as of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from dealwire.errors import UsageError
from dealwire.takeaway.formats import FORMS, Form
from dealwire.takeaway.text_files import description
from dealwire.web.filters import StrictFilters
from dealwire.web.reading import OpenExport, site_of

router = APIRouter()
MOST_ROWS = 1_000_000
NAMES = {"csv": "CSV", "json": "JSON Lines", "parquet": "Parquet", "excel": "Excel"}
_ABOUT = "deals: one row each, as analytics.deal_sheet"
_BESIDE = "deals.csv-metadata.json"


def _route(key: str, form: Form) -> None:
    def download(request: Request, filters: Annotated[StrictFilters, Query()]) -> Response:
        headers = {"content-disposition": f'attachment; filename="dealwire-deals.{form.suffix}"'}
        if not form.described:
            headers["link"] = f'<{_BESIDE}>; rel="describedby"; type="application/csvm+json"'
        if request.method == "HEAD":
            return Response(media_type=form.media_type, headers=headers)
        exporting = site_of(request).exporting
        assert exporting is not None
        pieces = _begun(_pieces(exporting, form, {**filters.exported(), "most": MOST_ROWS}))
        return StreamingResponse(pieces, media_type=form.media_type, headers=headers)

    download.__doc__ = f"All deals under the filters as {NAMES[key]}; `limit` and `after` do not apply."
    path, name = f"/deals.{form.suffix}", f"deals_{form.suffix}"
    described: dict[int | str, dict[str, Any]] = {
        200: {"content": {form.media_type.partition(";")[0]: {}}, "description": "The file"}
    }
    router.add_api_route(path, download, methods=["GET"], name=name, response_class=Response, responses=described)
    router.add_api_route(path, download, methods=["HEAD"], name=name, include_in_schema=False)


for _key, _form in FORMS.items():
    _route(_key, _form)


def _pieces(exporting: OpenExport, form: Form, filters: dict[str, object]) -> Iterator[bytes]:
    with exporting(filters) as rows:
        yield from form.write(rows)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces with the first one made already, so that a dead database is still an answer and no broken file."""
    try:
        first = next(pieces, b"")
    except UsageError as error:
        raise HTTPException(422, str(error)) from error

    def all_of_them() -> Iterator[bytes]:
        with closing(pieces):  # type: ignore[type-var]  # a generator, which can be closed
            yield first
            yield from pieces

    return all_of_them()


@router.get(f"/{_BESIDE}")
@router.head(f"/{_BESIDE}", include_in_schema=False)
def columns(request: Request) -> Response:
    """What the columns of the files mean, as W3C's CSV on the Web says it."""
    exporting = site_of(request).exporting
    assert exporting is not None
    with exporting({"most": 0}) as rows:
        return JSONResponse(description(rows.columns, "deals.csv", _ABOUT))
