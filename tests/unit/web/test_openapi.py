"""The API's description in docs/ is the app's own."""

import json
from pathlib import Path

from dealwire.web.openapi import api_description


def test_the_file_in_docs_is_what_the_app_does(project_root: Path) -> None:
    kept = json.loads((project_root / "docs" / "openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(api_description())), "python -m dealwire.web.openapi > docs/openapi.json"
    assert set(kept["paths"]) == {"/api/deals", "/api/deals/{deal_id}", "/deals.csv-metadata.json"} | {
        f"/deals.{suffix}" for suffix in ("csv", "jsonl", "parquet", "xlsx")
    }
    names = {parameter["name"] for parameter in kept["paths"]["/api/deals"]["get"]["parameters"]}
    assert names == {"text", "party", "kind", "status", "min_usd", "since", "sort", "limit", "after"}
