"""The description of the JSON API for programs: `python -m dealwire.web.openapi > docs/openapi.json`.

The running app does not serve it, so that nothing answers without a login; the file in docs/ is the same.
"""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

from dealwire.takeaway.columns import Rows
from dealwire.web.app import create_app
from dealwire.web.reading import Ask


def _never(name: str, parameters: Any, /) -> list[Any]:
    raise NotImplementedError


def _nothing(filters: Any) -> AbstractContextManager[Rows]:
    raise NotImplementedError


def api_description() -> dict[str, Any]:
    """OpenAPI of the addresses that are for programs."""
    never: Ask = _never
    app = create_app(
        lambda: nullcontext(never), lambda: None, lambda: datetime.max.replace(tzinfo=UTC), exporting=_nothing
    )
    document = app.openapi()
    document["info"] = {"title": "Dealwire", "version": "1", "description": "Read-only; mounted at /deals in Airflow."}
    document["paths"] = {
        path: methods for path, methods in document["paths"].items() if path.startswith(("/api/", "/deals."))
    }
    return document


if __name__ == "__main__":
    json.dump(api_description(), sys.stdout, indent=1)
    sys.stdout.write("\n")
