"""The feeds inside feedparser's own source distribution, and what their comments expect of a parser.

The distribution is downloaded from whatever package index pip uses here, checked by its hash, and kept in the
project's .dealwire folder; nothing of it is committed.
"""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

from dealwire.feed_model import ParsedFeed
from dealwire.news.clean_text import clean_line
from dealwire.news.html_text import plain_line
from dealwire.news.urls import absolute_url

NAME = "feedparser-6.0.14"
SHA256 = "088679b0c4b543ee211a820dd544698c76a402122eae7473c04a43425f283d06"
ROOT = Path(__file__).resolve().parents[2]

_HEADER = re.compile(r"^Header:\s+([A-Za-z-]+):\s*(.+?)\s*$", re.MULTILINE)
_EXPECT = re.compile(r"^Expect:\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """One file, the response headers it comes with, and its expectation as Python source."""

    name: str
    body: bytes
    headers: dict[str, str]
    expectation: str | None


def source_distribution() -> Path:
    """The archive, downloaded on first use; raises if it is not the one with this hash."""
    folder = ROOT / ".dealwire" / "corpora"
    archive = folder / f"{NAME}.tar.gz"
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pips = [Path(sys.executable), ROOT / ".venv-boot" / "bin" / "python"]
        python = next(p for p in pips if subprocess.run([p, "-m", "pip", "-V"], capture_output=True).returncode == 0)
        name = NAME.replace("-", "==")
        options = ["--no-deps", "--no-binary", "feedparser", "-q", "-d", str(folder)]
        subprocess.run([python, "-m", "pip", "download", *options, name], check=True, capture_output=True, timeout=120)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise AssertionError(f"{archive} has the hash {found}, not {SHA256}; delete it and try again")
    return archive


def samples() -> Iterator[Sample]:
    with tarfile.open(source_distribution()) as archive:
        for member in archive:
            if member.isfile() and "/tests/" in member.name and not member.name.endswith(".py"):
                stream = archive.extractfile(member)
                assert stream is not None
                yield sample(member.name.partition("/tests/")[2], stream.read())


def sample(name: str, body: bytes) -> Sample:
    text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")[:4_000]
    headers = {key.lower(): value for key, value in _HEADER.findall(text)}
    expectation = _EXPECT.search(text)
    return Sample(name, body, headers, expectation[1] if expectation else None)


def by_feedparser(one: Sample) -> Any:
    headers = {"content-type": "application/xml", **one.headers}
    return feedparser.parse(BytesIO(one.body), response_headers=headers)


@dataclass(frozen=True)
class Claim:
    """`entries[0]['title'] == 'x'` of an expectation: where, which field, which value."""

    entry: int | None
    field: str
    value: Any


def claims(expectation: str) -> list[Claim]:
    """The claims about title, link, id and dates; other fields are none of ours."""
    try:
        tree = ast.parse(expectation, mode="eval")
    except SyntaxError:
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            path = re.fullmatch(
                r"(?:feed|entries\[(\d+)\])(?:\['(\w+)'\]|\.(\w+))", ast.unparse(node.left).replace('"', "'")
            )
            field = path and (path[2] or path[3])
            if path and field in ("title", "link", "id", "published_parsed", "updated_parsed"):
                try:
                    value = ast.literal_eval(node.comparators[0])
                except ValueError:
                    continue
                found.append(Claim(int(path[1]) if path[1] else None, field, value))
    return found


def met_by_feedparser(claim: Claim, parsed: Any) -> bool:
    try:
        holder = parsed.feed if claim.entry is None else parsed.entries[claim.entry]
        value = dict.get(holder, claim.field)
    except IndexError:
        return False
    return bool((tuple(value) if claim.field.endswith("_parsed") and value is not None else value) == claim.value)


def met_by_us(claim: Claim, parsed: ParsedFeed, base: str | None) -> bool | None:
    """Whether we meet the claim in our terms: plain text, absolute links, UTC. None where we have no such field."""
    if claim.entry is None:
        if claim.field == "title":
            return (parsed.title or "") == plain_line(str(claim.value), 300)
        return (parsed.link or "") == (absolute_url(str(claim.value), base) or "") if claim.field == "link" else None
    if claim.entry >= len(parsed.entries):
        return False
    entry = parsed.entries[claim.entry]
    if claim.field == "title":
        return entry.title == plain_line(str(claim.value), 1_000)
    if claim.field == "link":
        return (entry.link or "") == (absolute_url(str(claim.value), base) or "")
    if claim.field == "id":
        return (entry.id or "") == clean_line(str(claim.value), 2_048)
    if claim.value is None:
        return None
    moment = datetime(*claim.value[:6], tzinfo=UTC)
    return (entry.published_at if claim.field == "published_parsed" else entry.updated_at) == moment


def compare(one: Sample, parsed: ParsedFeed, tally: Counter[str]) -> list[str]:
    """Add this file's claims to the tally; returns what feedparser meets and we do not."""
    if one.expectation is None:
        return []
    reference = by_feedparser(one)
    lost = []
    for claim in claims(one.expectation):
        ours = met_by_us(claim, parsed, one.headers.get("content-location"))
        if ours is None:
            continue
        theirs = met_by_feedparser(claim, reference)
        tally[f"{claim.field} claims"] += 1
        tally[f"{claim.field} feedparser"] += theirs
        tally[f"{claim.field} dealwire"] += ours
        if theirs and not ours:
            lost.append(f"{one.name}: {claim}")
    return lost
