"""The newsroom's server over real sockets: validators, redirects, faults, and the command that starts it."""

import http.client
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from newsroom.server import DEAD_FEED, FAILING_FEED, MOVED_FEED, NewsroomServer, serving

START = date(2026, 11, 24)


@pytest.fixture(scope="module")
def server() -> Iterator[NewsroomServer]:
    with serving(START, drip_seconds=0.3) as running:
        yield running


def get(server: NewsroomServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_a_feed_is_answered_304_to_either_validator(server: NewsroomServer) -> None:
    status, headers, body = get(server, "/cloud-ledger/feed.xml")
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    assert get(server, "/cloud-ledger/feed.xml", If_None_Match=headers["ETag"])[0] == 304
    assert get(server, "/cloud-ledger/feed.xml", If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert get(server, "/cloud-ledger/feed.xml", If_None_Match='"other"')[0] == 200


def test_gzip_is_sent_to_those_who_ask(server: NewsroomServer) -> None:
    plain = get(server, "/rechenwerk/feed.xml")[2]
    _, headers, packed = get(server, "/rechenwerk/feed.xml", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(plain)


def test_redirects_lead_to_the_page(server: NewsroomServer) -> None:
    for path, status in (("/r/cloud-ledger/openai-aws-38bn?utm_source=rss", 302), (MOVED_FEED, 301)):
        answered, headers, _ = get(server, path)
        assert answered == status
        assert get(server, headers["Location"])[0] == 200


def test_the_faults_are_there(server: NewsroomServer) -> None:
    assert get(server, DEAD_FEED)[0] == 404
    assert get(server, FAILING_FEED)[0] == 500
    begin = time.monotonic()
    assert get(server, "/slow-lane/feed.xml")[0] == 200
    assert time.monotonic() - begin >= 0.3


def test_every_link_of_every_feed_ends_at_a_page(server: NewsroomServer) -> None:
    registry = ElementTree.fromstring(get(server, "/feeds.opml")[2])
    assert len(registry.findall(".//outline")) == 17
    for path, answer in server.table.items():
        if answer.location:
            assert server.table[answer.location].status == 200, path


def test_the_command_writes_its_port_and_registry(tmp_path: Path) -> None:
    port_file, opml_file = tmp_path / "port", tmp_path / "feeds.opml"
    command = [sys.executable, "-m", "newsroom.server", "--port-file", port_file, "--opml-file", opml_file]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen([*map(str, command)], env=environment)
    try:
        deadline = time.monotonic() + 20
        while not port_file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        assert f'xmlUrl="{url}/cloud-ledger/feed.xml"' in opml_file.read_text("utf-8")
    finally:
        process.terminate()
        process.wait(10)
