"""Templates to responses. Everything that a template prints is escaped; links lead to http and https only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dealwire.model import KINDS, STATUSES
from dealwire.web import figures

FOLDER = Path(__file__).parent
_STATIC = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_STATIC |= {"mark.svg": "image/svg+xml"}
STATIC_FILES = {name: ((FOLDER / "static" / name).read_bytes(), media) for name, media in _STATIC.items()}
# Part of each static address, so that a browser never keeps an old file with a new page.
EDITION = hashlib.sha256(b"".join(body for body, _ in STATIC_FILES.values())).hexdigest()[:12]


def web_link(url: str | None) -> str | None:
    """The address if it is one of the web; None for javascript: and the like."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def query(asked: Mapping[str, str], **changed: Any) -> str:
    """A query string with some fields changed; None takes one out."""
    fields = {**asked, **changed}
    return urlencode({name: value for name, value in fields.items() if value is not None and value != ""})


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        money=figures.money,
        term=figures.term,
        day=figures.day,
        moment=figures.moment,
        percent=figures.percent,
        capacity=figures.capacity,
        web_link=web_link,
    )
    environment.globals.update(
        figures=figures,
        query=query,
        edition=EDITION,
        kinds=KINDS,
        statuses=STATUSES,
    )
    return environment


_TEMPLATES = _environment()


def render(
    request: Request, template: str, values: Mapping[str, Any], status: int = 200, now: datetime | None = None
) -> HTMLResponse:
    """A page. Addresses in it are relative, so that it works wherever the app is mounted and behind any proxy."""
    path = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    base = "../" * path.count("/") or "./"
    body = _TEMPLATES.get_template(template).render({**values, "base": base, "now": now, "here": path})
    return HTMLResponse(body, status)
