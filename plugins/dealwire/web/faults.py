"""What the page answers when it cannot answer: a clear page for people, JSON for programs."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dealwire.web.rendering import render

_TITLES = {
    401: "Your login has expired",
    403: "You are not allowed to see this",
    404: "There is nothing here",
    405: "This cannot be done here",
    422: "This cannot be asked",
    503: "The database cannot be read just now",
}
_HELP = {
    401: "Sign in to Airflow again, then reload this page.",
    403: "Ask an administrator of this Airflow for the right.",
    422: "Correct the filter, or start again from all deals.",
    503: "Nothing is lost: the page will work again as soon as PostgreSQL answers. Reload it then.",
}


def _answer(request: Request, status: int, detail: object, text: str) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": detail}, status)
    title = _TITLES.get(status, "Something went wrong")
    return render(request, "fault.html", {"title": title, "text": text, "help": _HELP.get(status)}, status)


def answer_unavailable(request: Request, error: Exception) -> Response:
    """The database is down, too slow, or lacks the schema: 503 with the reason."""
    return _answer(request, 503, str(error), str(error))


def answer_missing(request: Request, error: Exception) -> Response:
    """A deal that does not exist."""
    return _answer(request, 404, str(error), str(error))


def answer_refused(request: Request, error: Exception) -> Response:
    """Whatever was refused with a status: no login, no right, no such address."""
    assert isinstance(error, HTTPException)
    response = _answer(request, error.status_code, error.detail, str(error.detail))
    response.headers.update(error.headers or {})
    return response


def answer_invalid(request: Request, error: Exception) -> Response:
    """A filter that cannot be understood: which one, and why; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    detail = [{"field": str(item["loc"][-1]), "problem": item["msg"]} for item in error.errors()]
    return _answer(request, 422, detail, "; ".join(f"{item['field']}: {item['problem']}" for item in detail))
