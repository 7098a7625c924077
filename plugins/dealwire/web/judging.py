"""What people decide on the page: one route, JSON only, for those who may edit, and never at another site's wish."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dealwire.errors import NotFoundError, UsageError
from dealwire.web.filters import cleaned
from dealwire.web.reading import CurrentUser, Judge, site_of

MOST_BYTES = 10_000
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
NEEDS: dict[str, set[str]] = {
    "accept": {"mention_id"},
    "reject": {"mention_id"},
    "merge": {"deal_id", "other_deal_id"},
    "split": {"deal_id", "mention_id"},
}


class JudgementForm(BaseModel):
    """A decision as the page sends it: about a report (accept, reject, split) or two deals (merge)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    action: Literal["accept", "reject", "merge", "split"]
    deal_id: Number | None = None
    other_deal_id: Number | None = None
    mention_id: Number | None = None
    reason: Annotated[str, Field(min_length=3, max_length=500), AfterValidator(lambda text: cleaned(text) or "")]

    def about(self) -> dict[str, int]:
        """The numbers of what it is about."""
        return self.model_dump(include={"deal_id", "other_deal_id", "mention_id"}, exclude_none=True)


def from_our_own_page(request: Request) -> bool:
    """Whether a browser says that our own page sends this, or no browser's cookie is in play at all."""
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")


async def read_form(request: Request) -> JudgementForm:
    """The decision, read after the login and the right have been asked for."""
    if not from_our_own_page(request):
        raise HTTPException(403, "this request does not come from the page itself")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send the decision as application/json")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "a decision is not as long as that")
    try:
        form = JudgementForm.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False, include_input=False)) from None
    if set(form.about()) != NEEDS[form.action] or not form.reason:
        raise HTTPException(
            422, f"{form.action} is about {' and '.join(sorted(NEEDS[form.action]))}, and needs a reason"
        )
    return form


def judging_router(judge: Judge, editor: CurrentUser) -> APIRouter:
    """The route that records decisions with `judge` for users whom the dependency `editor` lets through."""
    router = APIRouter()

    @router.post("/api/judgements")
    def record(request: Request, user: Any = Depends(editor), form: JudgementForm = Depends(read_form)) -> Response:  # noqa: B008
        about = form.about()
        with site_of(request).reading() as ask:
            for name, table in (("deal_id", "deal"), ("other_deal_id", "deal"), ("mention_id", "report")):
                if name in about and not ask(f"page_{table}_is_there", {"number": about[name]})[0].there:
                    raise NotFoundError(f"there is no {table} {about[name]}")
        try:
            number = judge(form.action, _name(user), form.reason, about)
        except UsageError as error:
            raise HTTPException(409, str(error)) from error
        return JSONResponse({"judgement_id": number}, 201)

    return router


def _name(user: Any) -> str:
    """Who decided, for the record."""
    named = getattr(user, "get_name", None)
    return str(named() if callable(named) else user)
