from __future__ import annotations

from pathlib import Path

import pytest

from dealwire.feed_model import Feed
from dealwire.news.registry import RegistryError, parse_opml, read_opml, write_opml

OPML = b"""<?xml version="1.0"?>
<opml version="2.0">
  <body>
    <outline text="Wires">
      <outline text="Inner">
        <outline text="Made-up Wire" xmlUrl="https://wire.example.com/rss" htmlUrl="https://wire.example.com/"
                 language="fr-FR" official="true" expectedEntries="20" publisher="Wire &amp; Co" />
      </outline>
      <outline text="Other" xmlUrl="https://other.example.org/feed" category="press" />
    </outline>
  </body>
</opml>"""


def test_nested_outlines_and_expectations() -> None:
    first, second = parse_opml(OPML, "feeds.opml")
    assert first == Feed(
        url="https://wire.example.com/rss",
        title="Made-up Wire",
        publisher="Wire & Co",
        site_url="https://wire.example.com/",
        language="fr",
        category="Inner",
        official=True,
        expected_entries=20,
    )
    assert (second.publisher, second.category, second.official) == ("example.org", "press", False)


def test_written_and_read_again() -> None:
    feeds = parse_opml(OPML, "feeds.opml")
    assert set(parse_opml(write_opml(feeds).encode(), "again")) == set(feeds)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'<outline text="x" xmlUrl="ftp://a.example/"/>', "feeds.opml:1: xmlUrl="),
        (b'<outline text="x" xmlUrl="https://a.example/" official="perhaps"/>', "official='perhaps'"),
        (b'<outline text="x" xmlUrl="https://a.example/" expectedEntries="-3"/>', "expectedEntries='-3'"),
        (b'<outline xmlUrl="https://a.example/"/>\n<outline xmlUrl="https://a.example/"/>', "feeds.opml:2: .* line 1"),
        (b"<outline", "feeds.opml:1: not well-formed"),
    ],
)
def test_a_wrong_line_is_named(line: bytes, message: str) -> None:
    with pytest.raises(RegistryError, match=message):
        parse_opml(b"<opml><body>" + line + b"</body></opml>", "feeds.opml")


def test_entities_in_a_registry_are_refused() -> None:
    bomb = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;"/></body></opml>'
    with pytest.raises(RegistryError, match="external entity"):
        parse_opml(bomb, "feeds.opml")


def test_a_missing_file_and_another_root(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"none\.opml: No such file"):
        read_opml(tmp_path / "none.opml")
    with pytest.raises(RegistryError, match="root element is <rss>"):
        parse_opml(b"<rss/>", "feeds.opml")
