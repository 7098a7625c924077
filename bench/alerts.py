"""Figures of alerts: time from deal row to message, kills, a storm; and what each receiver shows.

    bench/alerts.py [latency|kills|storm|messages|picture] [--out FOLDER]

Each on a PostgreSQL of its own with the durability of production, against receivers on loopback. Without a name the
first three. `messages` writes what receivers show to files, `picture` what a mail looks like in a browser.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

from alert_database import UNLIMITED, put_deal, queue_alerts, send_alerts  # noqa: E402
from alert_samples import NOW, SOURCES, change, deal  # noqa: E402
from receivers import Receiver, mailbox, receiver  # noqa: E402

from dealwire.alert_model import LastAlert  # noqa: E402
from dealwire.alerts.channels import open_channels  # noqa: E402
from dealwire.alerts.delivery import Outgoing  # noqa: E402
from dealwire.alerts.payload import alert_payload  # noqa: E402
from dealwire.alerts.render import render  # noqa: E402
from dealwire.alerts.rules import Rule  # noqa: E402
from dealwire.deal_model import DealChange, Source  # noqa: E402
from dealwire.store.alerts import health  # noqa: E402
from dealwire.store.database import Connection, connect, transaction  # noqa: E402
from dealwire.store.embedded import Embedded  # noqa: E402
from dealwire.store.migrate import migrate  # noqa: E402


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def database() -> Iterator[tuple[str, Connection]]:
    """A migrated PostgreSQL in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder) / "postgres")
        server.start()
        try:
            url = server.url("dealwire")
            connection = connect(url)
            migrate(connection)
            yield url, connection
            connection.close()
        finally:
            server.stop()


def fresh(deal_id: int) -> DealChange:
    at = now()
    return change(deal(first_reported_at=at, last_reported_at=at, amount=Decimal(deal_id + 1) * 10**9), deal_id=deal_id)


def latency(count: int = 100) -> None:
    """From the commit of a deal's row to the message at its receiver, sending at once."""
    with database() as (_, connection), receiver() as hook, mailbox() as box:
        for name, address, arrived in (("webhook", hook.webhook(), hook.requests), ("mail", box.address, box.raw)):
            times = []
            for deal_id in range(count if name == "webhook" else 10):
                number = deal_id + (1 if name == "webhook" else 10_000)
                with transaction(connection):
                    put_deal(connection, number)
                    queue_alerts(connection, fresh(number), now(), [address])
                channels = open_channels([address], now=now)  # anew, since mail keeps a second between messages
                begun = time.perf_counter()
                send_alerts(connection, channels, now, UNLIMITED)
                times.append((time.perf_counter() - begun) * 1000)
                assert len(arrived) == deal_id + 1
            times.sort()
            print(
                f"{name}: {len(times)} messages, from commit to recorded arrival median "
                f"{statistics.median(times):.0f} ms, 95th percentile {times[int(len(times) * 0.95) - 1]:.0f} ms"
            )


def kills(count: int = 1000, deaths: int = 50) -> None:
    """1,000 alerts, 50 senders that die by kill -9 at any moment, then one that lives."""
    with database() as (url, connection), receiver() as hook:
        queue_many(connection, count, hook)
        chance = random.Random(2025)
        fixed = ["before_begin", "after_begin", "after_send", "after_complete"]
        points = [
            chance.choice([*fixed, *(f"{chance.uniform(0.05, 0.4):.3f}" for _ in range(4))]) for _ in range(deaths)
        ]
        begun = time.perf_counter()
        command = [sys.executable, str(ROOT / "tests/alert_sender.py"), url, json.dumps([hook.webhook()])]
        ended = subprocess.run([*command, json.dumps([*points, "never"])], capture_output=True, text=True, check=True)
        arrived = Counter(request.headers["Idempotency-Key"] for request in hook.requests)
        marked = {r.document["alert_id"] for r in hook.requests if r.document["possible_repeat"]}
        repeated = {key for key, times in arrived.items() if times > 1}
        died = ended.stdout.split().count("killed")
        print(
            f"{count} alerts, {died} senders killed: lost {count - len(arrived)}, "
            f"repeated {sum(arrived.values()) - len(arrived)}, of these unmarked {len(repeated - marked)}, "
            f"marked as possible repeats {len(marked)}, {time.perf_counter() - begun:.0f} s"
        )


def queue_many(connection: Connection, count: int, hook: Receiver) -> None:
    put_deal(connection, 1, count)
    with transaction(connection):
        for deal_id in range(1, count + 1):
            queue_alerts(connection, fresh(deal_id), now(), [hook.webhook()])


def storm(count: int = 1000) -> None:
    """1,000 mega-deals in one transaction."""
    with database() as (_, connection), receiver() as hook:
        begun = time.perf_counter()
        queue_many(connection, count, hook)
        queued = time.perf_counter()
        for _ in range(5):
            send_alerts(connection, open_channels([hook.webhook()], now=now), now)
        held = health(connection)[0].held
        print(
            f"{count} deals at once: queued in {queued - begun:.1f} s, "
            f"{len(hook.requests)} message in {time.perf_counter() - queued:.1f} s, {held} held for the operator"
        )


def messages(out: Path) -> None:
    """The sample alert in each form and language, as files."""
    out.mkdir(parents=True, exist_ok=True)
    for lang in ("en", "fr"):
        payload = alert_payload(change(), "new", Rule("mega-deals", language=lang), None)
        for form in ("text", "markdown", "slack", "html"):
            shown = render(payload, form, lang, page_url="https://dealwire.example/deals", reference="6f1d0a52")
            body = (
                f"<!doctype html><meta charset=utf-8>{shown.body}"
                if form == "html"
                else f"{shown.title}\n\n{shown.body}\n"
            )
            (out / f"alert_{lang}.{form}").write_text(body, "utf-8")
    with mailbox() as box:
        (channel,) = open_channels([box.address], now=lambda: NOW, page_url="https://dealwire.example/deals")
        number = UUID(int=1)
        payload = alert_payload(change(), "new", Rule("mega-deals"), None)
        channel.deliver(Outgoing(number, (number,), (payload,), digest=False, possible_repeat=False))
        (out / "alert.eml").write_bytes(box.raw[0])
    print(f"wrote {len(list(out.iterdir()))} files to {out}")


def picture(out: Path) -> None:
    """The mail of a changed deal as it arrives, shown by Chromium."""
    from playwright.sync_api import sync_playwright

    changed = deal(amount=Decimal("50e9"), amount_usd=Decimal("50e9"), amount_text="$50bn", amount_qualifier="up_to")
    payloads = (alert_payload(change(), "new", Rule("mega-deals"), None),)
    told = LastAlert("mega-deals", "new", payloads[0])
    quote = "OpenAI may now draw up to $50bn of computing from Amazon Web Services."
    newest = Source("Cloud Ledger", "A larger deal", "https://ledger.example/2", "en", NOW, official=False, quote=quote)
    about = change(changed, before=deal(), sources=(*SOURCES, newest))
    payload = alert_payload(about, "value_changed", Rule("mega-deals"), told)
    with mailbox() as box:
        (channel,) = open_channels([box.address], now=lambda: NOW, page_url="https://dealwire.example/deals")
        channel.deliver(Outgoing(UUID(int=1), (UUID(int=1),), (payload,), digest=False, possible_repeat=False))
        mail = message_from_bytes(box.raw[0], policy=policy.default)
    part = mail.get_body(("html",))
    assert part is not None
    heads = "".join(f"<div><b>{name}</b> {html.escape(str(mail[name]))}</div>" for name in ("From", "To", "Subject"))
    frame = "<body style='font:15px sans-serif;margin:24px'><div style='color:#555;margin-bottom:16px'>"
    command = [ROOT / "bin" / "browser"]
    path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 760, "height": 480})
        page.set_content(f"<!doctype html><meta charset=utf-8>{frame}{heads}</div>{part.get_content()}")
        page.screenshot(path=out, full_page=True)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", nargs="?", choices=["latency", "kills", "storm", "messages", "picture"])
    parser.add_argument("--out", type=Path, default=Path("alert_messages"))
    options = parser.parse_args()
    if options.figure == "picture":
        picture(ROOT / "docs/images/alert-mail.png")
        return
    if options.figure == "messages":
        messages(options.out)
        return
    for name, measure in (("latency", latency), ("storm", storm), ("kills", kills)):
        if options.figure in (None, name):
            measure()


if __name__ == "__main__":
    main()
