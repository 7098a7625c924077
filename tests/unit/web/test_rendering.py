"""Links of the web only, and no page that names a foreign host or carries a script."""

import re

import pytest

from dealwire.web.rendering import FOLDER, query, web_link

TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))


BAD_LINKS = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "data:text/html,x", "vbscript:x", "//evil"]
BAD_LINKS += ["http://", "", None, "https:evil", "http://[::1", "ftp://host/x"]


@pytest.mark.fault("Q7")
@pytest.mark.parametrize("url", BAD_LINKS)
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert web_link(url) is None


def test_a_web_address_is_a_link() -> None:
    assert web_link("https://newsroom.example/a?b=c#d") == "https://newsroom.example/a?b=c#d"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style_and_no_foreign_host(path: object) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|\|\s*safe\b|autoescape", text)
    assert "://" not in text


def test_styles_and_scripts_name_no_foreign_host() -> None:
    for name in ("page.css", "page.js"):
        assert "://" not in (FOLDER / "static" / name).read_text("utf-8")


def test_a_query_string_is_changed_field_by_field() -> None:
    assert query({"kind": "power", "text": "a&b"}, kind=None, sort="largest") == "text=a%26b&sort=largest"
