"""The page inside the real Airflow: its api-server, its login, its menu, in a real Chromium."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from newsroom.stored import store_newsroom
from playwright.sync_api import Page, sync_playwright

from dealwire.runtime import embedded, metadata_url, open_runtime
from dealwire.service.airflow import Airflow, open_airflow
from dealwire.service.environment import ADMIN, airflow_environment
from dealwire.settings import load_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATHS = (
    "",
    "deal/1",
    "charts",
    "feeds",
    "review",
    "api/deals",
    "api/deals/1",
    "deals.csv",
    "deals.xlsx",
    "static/x/page.css",
)
PATHS += ("docs", "redoc", "openapi.json", "nothing")


@pytest.fixture(scope="module")
def airflow(project_root: Path) -> Iterator[Airflow]:
    """Airflow's api-server on a fresh installation whose deals are the newsroom's."""
    home = Path(tempfile.mkdtemp(prefix="dealwire-page-"))
    home.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DEALWIRE_", "AIRFLOW"))}
    settings = load_settings({"DEALWIRE_HOME": str(home), "DEALWIRE_PORT": "8790"}, project_root)
    try:
        with open_runtime(settings) as runtime:
            store_newsroom(runtime.connection, date(2026, 11, 24))
        opened = open_airflow(settings, metadata_url(settings))
        variables = airflow_environment(settings, inherited, opened.keys, opened.metadata_url, opened.port)
        command = str(Path(sys.executable).with_name("airflow"))
        subprocess.run([command, "db", "migrate"], env=variables, check=True, capture_output=True)
        log = (home / "api-server.log").open("wb")
        server = subprocess.Popen(
            [command, "api-server"], env=variables, cwd=project_root, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(opened, server)
            yield opened
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # it would wait for the browser's open connections
            server.wait(30)
            log.close()
    finally:
        embedded(settings).stop()
        shutil.rmtree(home, ignore_errors=True)


def wait_for(airflow: Airflow, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while airflow.api.health() is None:
        log = airflow.settings.home / "api-server.log"
        assert server.poll() is None and time.monotonic() < until, log.read_text("utf-8", "replace")[-3000:]
        time.sleep(0.3)


def status_of(url: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None) -> int:
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            assert b"OpenAI" not in error.read()
            return error.code


def token_of(airflow: Airflow, user: str, password: str) -> str:
    body = json.dumps({"username": user, "password": password}).encode()
    request = urllib.request.Request(f"{airflow.url}/auth/token", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["access_token"])


@pytest.mark.fault("Q8")
def test_nobody_sees_anything_without_login(airflow: Airflow) -> None:
    for path in PATHS:
        for method in ("GET", "HEAD", "OPTIONS", "POST"):
            assert status_of(f"{airflow.url}/deals/{path}", method) == 401, (method, path)
    assert status_of(f"{airflow.url}/deals//deal/1") == 401
    assert status_of(f"{airflow.url}/deals/deal/1", headers={"host": "evil.example"}) == 401


@pytest.mark.fault("Q9")
def test_a_wrong_token_is_refused_and_both_roles_may_read(airflow: Airflow) -> None:
    url = f"{airflow.url}/deals/api/deals"
    assert status_of(url, headers={"authorization": "Bearer nonsense"}) in (401, 403)
    assert status_of(url, headers={"cookie": "_token=nonsense"}) in (401, 403)
    keys = airflow.keys
    for user, password in ((ADMIN, keys.admin_password), ("viewer", keys.viewer_password)):
        assert status_of(url, headers={"authorization": f"Bearer {token_of(airflow, user, password)}"}) == 200


@pytest.mark.fault("Q9")
def test_a_viewer_may_not_decide_and_an_editor_may(airflow: Airflow) -> None:
    keys = airflow.keys
    body = json.dumps({"action": "split", "deal_id": 1, "mention_id": 1, "reason": "not this deal"}).encode()
    for user, password, expected in (("viewer", keys.viewer_password, 403), (ADMIN, keys.admin_password, 201)):
        headers = {"authorization": f"Bearer {token_of(airflow, user, password)}", "content-type": "application/json"}
        assert status_of(f"{airflow.url}/deals/api/judgements", "POST", headers, body) == expected
    assert status_of(f"{airflow.url}/deals/api/judgements", "POST", {}, body) == 401


def signed_in(page: Page, airflow: Airflow) -> None:
    page.goto(f"{airflow.url}/")
    page.get_by_label(re.compile("username", re.IGNORECASE)).fill(ADMIN)
    page.locator("input[type=password]").fill(airflow.keys.admin_password)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()


def test_a_reader_signs_in_clicks_the_menu_and_reads_a_deal(airflow: Airflow, project_root: Path) -> None:
    found = subprocess.run([project_root / "bin" / "browser"], check=True, capture_output=True, text=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        signed_in(page, airflow)
        page.get_by_role("button", name="Browse").click()
        page.get_by_role("menuitem", name="Deals").click()
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="OpenAI buys compute from Amazon Web Services").click()
        frame.get_by_role("heading", name="OpenAI buys compute from Amazon Web Services").wait_for()
        assert frame.locator("mark", has_text="38").count() >= 3
        frame.get_by_role("link", name="Charts").click()
        frame.get_by_role("heading", name="Who pays whom").wait_for()
        browser.close()
