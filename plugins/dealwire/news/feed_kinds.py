"""What a body that was to be a feed really is, told from its first bytes."""

from __future__ import annotations

import json
import re

_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF media"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x00\x00\x00\x18ftyp", "MP4 video"),
    (b"\x00\x00\x00\x20ftyp", "MP4 video"),
    (b"wOF2", "font"),
)
_PROLOGUE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)*", re.I | re.S
)
_FIRST = re.compile(rb"<([A-Za-z][\w:.-]*)")
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "rdf:rdf", "redirect"})


def kind_of(body: bytes) -> str:
    """`json`, `sitemap`, `xml` for what may be a feed, else the name of what it is (`HTML page`, `PDF`, `OPML` …)."""
    start = body[:65536]
    named = next((name for magic, name in _MAGIC if start.startswith(magic)), None)
    if named:
        return named
    prologue = _PROLOGUE.match(start)
    rest = start[prologue.end() :] if prologue else start
    if rest[:1] in (b"{", b"["):
        return "json"
    first = _FIRST.match(rest)
    root = first[1].decode("ascii", "replace").lower() if first else ""
    if root.rpartition(":")[2] in ("urlset", "sitemapindex"):
        return "sitemap"
    if root == "html" or (root in ("head", "body", "meta", "script", "title") and not _has_feed_root(start)):
        return "HTML page"
    if root in ("opml", "svg", "wml"):
        return root.upper()
    if root.rpartition(":")[2] in _FEED_ROOTS or _has_feed_root(body):
        return "xml"
    return "XML of another kind" if root else "plain text"


def _has_feed_root(body: bytes) -> bool:
    return re.search(rb"<(?:[\w-]+:)?(?:rss|feed|RDF|channel|item|entry)\b", body) is not None


def json_feed(body: bytes) -> dict[str, object] | None:
    """The JSON Feed inside the body, or None."""
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict) and isinstance(data.get("items"), list) and "jsonfeed" in str(data.get("version", "")):
        return data
    return None
