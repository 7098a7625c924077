"""The newest alerts as an Atom feed (RFC 4287), for people who read their news in a feed reader. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from dealwire.alerts.message import deal_link
from dealwire.alerts.render import render

NAMESPACE = "http://www.w3.org/2005/Atom"
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """An alert that was queued at a time."""

    alert_id: UUID
    created_at: datetime
    payload: Mapping[str, Any]


def atom_feed(
    entries: Sequence[AtomEntry], *, title: str, feed_url: str, page_url: str | None, language: str = "en"
) -> str:
    """The feed's XML. An entry's id is its alert's, so a reader shows each once."""
    ET.register_namespace("", NAMESPACE)
    feed = ET.Element(_name("feed"), {"xml:lang": language})
    newest = max((entry.created_at for entry in entries), default=_START)
    _text(feed, "id", feed_url)
    _text(feed, "title", title)
    _text(feed, "updated", _time(newest))
    _text(ET.SubElement(feed, _name("author")), "name", "Dealwire")
    ET.SubElement(feed, _name("link"), {"rel": "self", "href": feed_url, "type": "application/atom+xml"})
    for entry in sorted(entries, key=lambda entry: entry.created_at, reverse=True):
        _entry(feed, entry, page_url)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode")


def _entry(feed: ET.Element, entry: AtomEntry, page_url: str | None) -> None:
    shown = render(entry.payload, "html", page_url=page_url)
    element = ET.SubElement(feed, _name("entry"))
    _text(element, "id", f"urn:uuid:{entry.alert_id}")
    _text(element, "title", shown.title)
    _text(element, "updated", _time(entry.created_at))
    _text(element, "published", _time(entry.created_at))
    ET.SubElement(element, _name("category"), {"term": entry.payload["event"]})
    link = deal_link(page_url, entry.payload["deal"]["deal_id"])
    if link is not None:
        ET.SubElement(element, _name("link"), {"rel": "alternate", "href": link})
    _text(element, "content", shown.body).set("type", "html")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, _name(name))
    element.text = text
    return element


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
