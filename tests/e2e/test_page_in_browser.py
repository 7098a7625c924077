"""The page in a real Chromium, served by uvicorn as the api-server serves it, with the newsroom's deals."""

import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dealwire.store.database import connect, fetch_all
from dealwire.store.exports import exported_deals
from dealwire.store.judgements import add_judgement
from dealwire.takeaway.columns import Rows
from dealwire.web.app import create_app
from dealwire.web.reading import Ask

NOW = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
PAGES = ("", "deal/1", "charts", "feeds", "review", "deal/999999", "?limit=-1")
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@contextmanager
def running(database: str) -> Iterator[str]:
    """The page on a database, served by uvicorn in a thread."""

    @contextmanager
    def reading() -> Iterator[Ask]:
        opened = connect(database)
        try:
            yield lambda name, parameters: fetch_all(opened, name, parameters)
        finally:
            opened.close()

    @contextmanager
    def exporting(filters: Mapping[str, Any]) -> Iterator[Rows]:
        opened = connect(database)
        try:
            with exported_deals(opened, filters) as rows:
                yield rows
        finally:
            opened.close()

    def judge(action: Any, made_by: str, reason: str, about: Mapping[str, int]) -> int:
        opened = connect(database)
        try:
            return add_judgement(opened, action, made_by=made_by, reason=reason, now=NOW, **about)
        finally:
            opened.close()

    app = create_app(reading, lambda: None, lambda: NOW, judge=judge, editor=lambda: "analyst", exporting=exporting)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = server.force_exit = True  # the browser keeps connections open
    thread.join(10)


@pytest.fixture(scope="module")
def address(newsroom_database: str) -> Iterator[str]:
    """Where the page is served, for reading only."""
    with running(newsroom_database) as page:
        yield page


@pytest.fixture
def own(newsroom_url: str) -> Iterator[tuple[str, str]]:
    """The page on a database that the test may change: both addresses."""
    with running(newsroom_url) as page:
        yield page, newsroom_url


@pytest.fixture(scope="module")
def browser(project_root: Path) -> Iterator[Browser]:
    """The Chromium that bin/browser finds or installs."""
    found = subprocess.run([project_root / "bin" / "browser"], check=True, capture_output=True, text=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found.stdout.strip(), args=QUIET)
        yield launched
        launched.close()


class Watched:
    """A page with everything that must not happen on it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.foreign: list[str] = []
        self.trouble: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.trouble.append(dialog.message), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda message: self._said(message.text))

    def _asked(self, request: object) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _said(self, text: str) -> None:
        if "status of 404" not in text and "status of 422" not in text:
            self.trouble.append(text)


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[Page]:
    """A page that fails the test on a foreign request, a dialog, a script's error or a refused style or script."""
    context = browser.new_context(**options)
    try:
        guarded = Watched(context)
        yield guarded.page
        assert guarded.foreign == []
        assert guarded.trouble == []
    finally:
        context.close()


@pytest.mark.fault("Q7")
def test_every_page_works_on_desktop_and_phone_in_light_and_dark(browser: Browser, address: str) -> None:
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")):
        with watched(browser, viewport={"width": width, "height": 844}, color_scheme=scheme) as page:
            for path in PAGES:
                page.goto(address + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                assert page.locator("main").inner_text().strip()
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (min(map(int, re.findall(r"\d+", ground))) > 128) == (scheme == "light")


def test_a_reader_finds_a_deal_and_its_proof_by_keyboard_alone(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.goto(address)
        page.keyboard.press("/")
        page.keyboard.type("norvind")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?text=norvind*")
        assert page.locator("tbody tr").count() == 1
        assert "status=" not in page.url
        page.locator("tbody tr a.parties").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/deal/*")
        assert page.locator("h1").inner_text() == "Halden Compute buys power from Norvind Energi"
        assert "1.1 billion" in page.locator(".claims mark").first.inner_text()


def test_choosing_a_kind_filters_at_once_and_clear_undoes_it(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.goto(address)
        whole = page.locator("tbody tr").count()
        page.get_by_label("Kind").select_option("acquisition")
        page.wait_for_url("**kind=acquisition*")
        assert set(page.locator("tbody .kind").all_inner_texts()) == {"Acquisition"}
        page.get_by_role("link", name="Clear").click()
        page.wait_for_url(address)
        assert page.locator("tbody tr").count() == whole


def test_a_person_decides_and_is_told(browser: Browser, own: tuple[str, str]) -> None:
    address, database = own
    connection = connect(database)
    connection.cursor().execute("UPDATE deal.mention SET resolution = 'review' WHERE mention_id = 1")
    connection.close()
    with watched(browser) as page:
        page.goto(address + "review")
        page.get_by_label("Reason").fill("checked against the filing")
        page.get_by_role("button", name="It does not").click()
        page.get_by_text("Recorded as judgement 1").wait_for()
        page.goto(address + "review")
        assert "Nothing waits for a decision" in page.locator("main").inner_text()
        assert "checked against the filing" in page.locator("table").inner_text()


def test_all_of_it_works_without_javascript(browser: Browser, address: str) -> None:
    with watched(browser, java_script_enabled=False) as page:
        page.goto(address)
        page.get_by_label("Party").fill("Nebius")
        page.get_by_role("button", name="Show").click()
        assert page.locator("tbody tr").count() == 2
        page.get_by_role("link", name="Value").click()
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("Value")
        page.get_by_role("link", name="Microsoft buys compute from Nebius").click()
        assert "Where reports differ" in page.locator("main").inner_text()


@pytest.mark.fault("Q7")
def test_hostile_text_raises_no_dialog(browser: Browser, own: tuple[str, str]) -> None:
    address, database = own
    make_hostile(database)
    with watched(browser) as page:
        for path in (*PAGES[:5], f"?text={ATTACK}", f"?party={ATTACK}"):
            page.goto(address + path)
            for link in page.locator("a").all():
                assert not (link.get_attribute("href") or "").startswith("javascript")


def make_hostile(database: str) -> None:
    """Names, headlines and links as an attacker would send them."""
    connection = connect(database)
    cursor = connection.cursor()
    cursor.execute("UPDATE deal.organisation SET name = %s", (ATTACK,))
    cursor.execute("UPDATE deal.deal SET headline = %s", (ATTACK,))
    cursor.execute("UPDATE news.article SET publisher = %s, url = 'javascript:alert(3)//' || article_id", (ATTACK,))
    connection.close()


def test_axe_finds_no_fault_of_accessibility(browser: Browser, own: tuple[str, str]) -> None:
    """axe-core's rules, WCAG 2.2 A and AA among them, on every page: wide and narrow, light and dark."""
    address, database = own
    connection = connect(database)
    connection.cursor().execute("UPDATE deal.mention SET resolution = 'review' WHERE mention_id % 9 = 0")
    connection.close()
    found = set()
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")):
        looks = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
        with watched(browser, bypass_csp=True, **looks) as page:  # axe is a script that our policy would refuse
            for path in PAGES:
                page.goto(address + path)
                for fault in Axe().run(page).response["violations"]:
                    found |= {(path, width, scheme, fault["id"], node["html"][:200]) for node in fault["nodes"]}
    assert found == set()


def test_times_are_told_in_the_readers_own_zone_too(browser: Browser, address: str) -> None:
    with watched(browser, timezone_id="Asia/Tokyo", locale="en-GB") as page:
        page.goto(address + "deal/1")
        first = page.locator("ol.history time").first
        assert first.inner_text().endswith("UTC")
        assert first.get_attribute("title").endswith("Asia/Tokyo")


def test_every_form_of_file_is_a_click_away_and_holds_what_the_table_shows(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.goto(f"{address}?kind=acquisition")
        shown = page.locator("tbody tr").count()
        lines = {}
        for name in ("Excel", "CSV", "Parquet", "JSON Lines"):
            with page.expect_download() as started:
                page.get_by_role("navigation", name="Take these deals away").get_by_role("link", name=name).click()
            lines[started.value.suggested_filename] = started.value.path().read_bytes().count(b"\n")
        assert set(lines) == {f"dealwire-deals.{suffix}" for suffix in ("xlsx", "csv", "parquet", "jsonl")}
        assert (lines["dealwire-deals.csv"], lines["dealwire-deals.jsonl"]) == (shown + 1, shown)


def test_an_expired_login_is_told_where_the_button_is(browser: Browser, own: tuple[str, str]) -> None:
    address, database = own
    connection = connect(database)
    connection.cursor().execute("UPDATE deal.mention SET resolution = 'review' WHERE mention_id = 1")
    connection.close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "review")
    page.route("**/api/judgements", lambda route: route.fulfill(status=401, json={"detail": "no login"}))
    page.get_by_label("Reason").fill("checked")
    page.get_by_role("button", name="It does not").click()
    page.get_by_text("Your login has expired; nothing was decided").wait_for()
    assert page.get_by_role("button", name="It does not").is_enabled()
    context.close()


def test_a_screen_reader_finds_names_for_everything(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        for path in PAGES[:5]:
            page.goto(address + path)
            nameless = page.evaluate(
                """() => [...document.querySelectorAll("a, button, input, select, img, svg[role]")].filter(e => !(
                    e.innerText?.trim() || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") ||
                    e.labels?.length || e.hasAttribute("alt") || e.textContent.trim())).map(e => e.outerHTML)"""
            )
            assert nameless == [], path
            assert page.locator("h1").count() == 1
            assert page.locator("html[lang=en]").count() == 1
            assert page.locator("th:not([scope])").count() == 0
