"""Takes the pictures of docs/images from a running page.

docs/images/take_pictures.py http://127.0.0.1:8480 --password "$(jq -r .admin .dealwire/demo/airflow-passwords.json)"
"""

from __future__ import annotations

import argparse
import json
import subprocess
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# file, address, width, height, scheme
PICTURES = (
    ("page.png", "", 1280, 800, "light"),
    ("page-phone.png", "", 390, 844, "light"),
    ("page-deal.png", "?sort=sources", 1280, 900, "light"),
    ("page-charts-dark.png", "charts", 1280, 1100, "dark"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url", help="Airflow's address, or the page's own with --bare")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="")
    parser.add_argument("--bare", action="store_true", help="the page itself, without Airflow around it")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    token = "" if options.bare else log_in(url, options.user, options.password)
    page_url = f"{url}/" if options.bare else f"{url}/deals/"
    browser_path = subprocess.run([ROOT / "bin" / "browser"], check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        for name, address, width, height, scheme in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            if token:
                context.add_cookies([{"name": "_token", "value": token, "url": url}])
            page = context.new_page()
            page.goto(page_url + address)
            if name == "page-deal.png":
                page.locator("tbody a.parties").first.click()
                page.locator("#evidence").wait_for()
            if name == "page-charts-dark.png":
                page.locator("#network").scroll_into_view_if_needed()
                page.evaluate("window.scrollBy(0, 900)")
            page.screenshot(path=ROOT / "docs" / "images" / name)
            context.close()
        browser.close()


def log_in(url: str, user: str, password: str) -> str:
    body = json.dumps({"username": user, "password": password}).encode()
    request = urllib.request.Request(f"{url}/auth/token", body, {"content-type": "application/json"})  # noqa: S310 - the address its user gave
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return str(json.load(answer)["access_token"])


if __name__ == "__main__":
    main()
